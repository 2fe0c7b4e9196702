"""Three walks: each command of docs/archivist.md, researcher.md and data-engineer.md on the loopback newsstand, in a
shell, and what it leaves behind.
"""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from newsstand.stand import Newsstand

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "tests/fixtures/alanews/breadcrumb-first"
EXAMPLE = "https://alanews.it/cronaca/festa-in-piazza/"
#: What stands on the pages for the reader's own, and what the newsstand has in its place.
OWN = {
    "2026-01-01": "2020-01-01",
    "2026-01-31": "2030-12-31",
    "/var/lib/node_exporter/": "",
    "--crawl 12": "--crawl 1",
    "/srv/warc": "warc-of-a-worker",
    "emeroteca crawl": "emeroteca crawl --delay 0",
    "schedule add alanews": "schedule add alanews --delay 0",
}
#: Programs that run until Ctrl-C.
ENDLESS = ("health --serve", "schedule run", "worker")
#: pywb is no part of the program, and these archives are on the internet.
ELSEWHERE = ("replay", "https://data.example")
#: Exit status 1 says that something needs a look.
REPORTS = ("coverage", "health", "verify other", "rebuild")

Walk = Callable[[str], dict[str, str]]


@pytest.fixture(scope="module")
def stand() -> Iterator[Newsstand]:
    with Newsstand(articles=12, seed=3) as newsstand:
        yield newsstand


@pytest.fixture
def walk(stand: Newsstand, tmp_path: Path, postgres_url: str) -> Walk:
    """Runs each command of the page; standard output by command."""
    program = tmp_path / "bin" / "emeroteca"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m crawler.cli "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("EMEROTECA_")}
    path = f"{program.parent}:{os.environ['PATH']}"
    environment = {**clean, **stand.environment, "PYTHONPATH": str(ROOT), "PATH": path}

    def shell(command: str) -> subprocess.CompletedProcess[str]:
        shell_words = ["bash", "-c", f"exec {command}" if command.startswith("emeroteca") else command]
        words = ["timeout", "--signal=INT", "--kill-after=60", "5", *shell_words]
        words = words if any(name in command for name in ENDLESS) else shell_words
        return subprocess.run(
            words, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=200, check=False
        )

    def run(page: str) -> dict[str, str]:
        said = {}
        for command in commands(page):
            if found := re.fullmatch(r"export (\w+)=(\S+)", command):
                environment[found[1]] = postgres_url if "postgresql" in found[2] else found[2]
                continue
            if any(word in command for word in ELSEWHERE):
                continue
            actual = command.replace(EXAMPLE, article_url(tmp_path) or EXAMPLE)
            for example, own in OWN.items():
                actual = actual.replace(example, own)
            ended = shell(actual)
            allowed = {0, 1} if any(word in command for word in REPORTS) else {0}
            allowed |= {124} if any(word in command for word in ENDLESS) else set()
            assert ended.returncode in allowed, (actual, ended.stdout, ended.stderr)
            assert "Traceback" not in ended.stderr, (actual, ended.stderr)
            said[command] = ended.stdout
            if " worker " in command:  # the end of the section with a corpus on Postgres
                del environment["EMEROTECA_DATABASE_URL"]
        return said

    def prepare(page: str) -> dict[str, str]:
        environment["EMEROTECA_CONTACT"] = "walks@library.example"
        if page != "data-engineer":
            assert shell("emeroteca crawl alanews --delay 0").returncode == 0
            assert shell("emeroteca package --output some.wacz").returncode == 0
            [*_, newest] = sorted((tmp_path / "archive" / "warc").glob("*.warc.gz"))
            (tmp_path / "folder").mkdir()
            for name in ("other.warc.gz", "news-2022-02.warc.gz", "folder/third.warc.gz"):
                shutil.copy(newest, tmp_path / name)
            shutil.copy(PAGE / "page.html", tmp_path)
            shutil.copy(ROOT / "tests/fixtures/flat/sputnik-comments/dump.txt", tmp_path)
        return run(page)

    return prepare


def commands(page: str) -> list[str]:
    """The lines of a page's blocks that are commands, without comments."""
    source = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")
    blocks = "".join(re.findall(r"^```\n(.*?)^```$", source, re.M | re.S))
    lines = (re.sub(r"\s+# .*", "", line) for line in blocks.splitlines())
    return [line for line in lines if line.startswith(("emeroteca ", "export ", "cd "))]


def article_url(folder: Path) -> str | None:
    path = folder / "archive" / "corpus.db"
    if not path.exists():
        return None
    with closing(sqlite3.connect(path)) as rows:
        found = rows.execute("SELECT url FROM corpus WHERE site = 'alanews' ORDER BY url").fetchone()
    return found[0] if found else None


@pytest.mark.slow
def test_the_walk_of_an_archivist(walk: Walk, tmp_path: Path) -> None:
    said = walk("archivist")
    assert "alanews" in said["emeroteca status"]
    assert "alanews" in (tmp_path / "coverage.html").read_text(encoding="utf-8")
    assert "emeroteca_" in (tmp_path / "emeroteca.prom").read_text(encoding="utf-8")
    assert "OK" in next(out for command, out in said.items() if "sha256sum" in command)
    assert EXAMPLE not in (index := said[f"emeroteca index {EXAMPLE}"])
    assert "it,alanews)/" in index
    for name in ("all.wacz", "crawl-12.wacz", "january.wacz"):
        assert (tmp_path / name).stat().st_size
    assert list((tmp_path / "archive" / "warc").glob("*.warc.gz"))


def test_the_walk_of_a_researcher(walk: Walk, tmp_path: Path) -> None:
    said = walk("researcher")
    extracted = [json.loads(out)["headline"] for command, out in said.items() if "emeroteca extract" in command]
    assert len(extracted) == 2
    assert all(extracted)
    with (
        closing(sqlite3.connect(tmp_path / "archive/corpus.db")) as ours,
        closing(sqlite3.connect(tmp_path / "elsewhere/corpus.db")) as theirs,
    ):
        ids = "SELECT article_id, content_hash FROM corpus ORDER BY article_id"
        assert (rows := ours.execute(ids).fetchall()) == theirs.execute(ids).fetchall()
    assert len(rows) >= 12
    assert json.loads((tmp_path / "changes.json").read_text(encoding="utf-8").splitlines()[-1])
    assert "warc" in said[f"emeroteca show {EXAMPLE}"]


def test_the_walk_of_a_data_engineer(walk: Walk, tmp_path: Path, postgres_url: str) -> None:
    walk("data-engineer")
    engine = create_engine(postgres_url)
    with engine.connect() as connection:
        count = connection.scalar(text("SELECT count(*) FROM corpus"))
    engine.dispose()
    assert count >= 12
    assert len((tmp_path / "corpus.csv").read_text(encoding="utf-8").splitlines()) > count
    assert (tmp_path / "corpus.jsonl.zst").stat().st_size
    assert (tmp_path / "corpus.parquet").read_bytes()[:4] == b"PAR1"
    [changes] = tmp_path.glob("changes-*.jsonl")
    assert len(changes.read_text(encoding="utf-8").splitlines()) == count
    assert (tmp_path / "feed.cursor").read_text(encoding="utf-8").strip() in changes.name
