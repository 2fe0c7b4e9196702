"""verify, index, package: what an archivist does with a collection, after two crawls of a newsstand."""

import gzip
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from crawler.cli.main import emeroteca
from newsstand.stand import Newsstand
from storage.exceptions import CommandError
from storage.warc.fixity.wacz_package import wacz_faults
from storage.warc.index.cdxj import CdxjEntry
from storage.warc.read.reader import read_captures

Run = Callable[..., tuple[int, str, str]]
SETTINGS = {"EMEROTECA_WARC_BYTES": 60_000, "DOWNLOAD_DELAY": 0, "EMEROTECA_CONTACT": "tests@emeroteca.example"}


def crawl(home: Path, stand: Newsstand) -> None:
    """In a process of its own, since a reactor runs once."""
    words = ["-m", "scrapy", "crawl", "alanews", "-s", f"EMEROTECA_HOME={home}"]
    for name, value in SETTINGS.items():
        words += ["-s", f"{name}={value}"]
    ended = subprocess.run(
        [sys.executable, *words],
        env={**os.environ, **stand.environment},
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr


@pytest.fixture
def run(home: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """run(*words) -> exit status, standard output, standard error (or the problem) of a command on the collection."""

    def call(*words: str) -> tuple[int, str, str]:
        try:
            status = emeroteca.main(["--home", str(home), *words], standalone_mode=False)
        except CommandError as problem:
            return 3, "", str(problem)
        return status, *capsys.readouterr()

    return call


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection: alanews, crawled twice and again after the newsroom went on; small WARC files."""
    home = tmp_path_factory.mktemp("crawled") / "archive"
    with Newsstand(articles=12, seed=3) as stand:
        for step in (0, 0, 1):
            stand.clock(step)
            crawl(home, stand)
    return home


@pytest.fixture
def home(crawled: Path, tmp_path: Path) -> Path:
    """A copy of the collection, to be broken."""
    return Path(shutil.copytree(crawled, tmp_path / "archive"))


def test_a_crawl_leaves_sealed_files_on_manifest_index_and_rows(home: Path, run: Run) -> None:
    assert len(list((home / "warc").glob("*.warc.gz"))) > 2
    assert not list((home / "warc").glob("*.open"))
    status, said, told = run("verify", "--json")
    assert status == 0, said
    report = json.loads(said)
    assert report["faults"] == []
    captures = list(read_captures(home / "warc"))
    assert report["captures"] == len(captures)
    assert "0 give other rows" in told


@pytest.mark.parametrize(
    ("tampering", "said"),
    [
        ("UPDATE revisions SET section = 'Altrove'", "section"),
        ("UPDATE revisions SET headline = 'Un altro titolo'", "headline"),
        ("UPDATE captures SET outcome = 'refused', reason = 'no-text' WHERE outcome = 'article'", "no-text"),
    ],
)
def test_rows_that_are_not_what_their_captures_give_are_found(home: Path, run: Run, tampering: str, said: str) -> None:
    with closing(sqlite3.connect(home / "corpus.db")) as connection, connection:
        connection.execute(tampering)
    status, out, _ = run("verify", "--json")
    assert status == 1
    faults = json.loads(out)["faults"]
    assert faults
    assert all(said in json.dumps(fault) for fault in faults)


def test_rows_lead_to_files_elsewhere_and_to_where_these_have_moved(home: Path, run: Run, tmp_path: Path) -> None:
    elsewhere, moved = tmp_path / "elsewhere", tmp_path / "moved"
    shutil.move(home, elsewhere)
    home.mkdir()
    assert run("rebuild", str(elsewhere / "warc"))[0] == 0
    captures = list(read_captures(elsewhere / "warc"))
    files = {capture.ref.file for capture in captures}
    status, _, told = run("verify")
    assert status == 0, told
    assert f"{len(captures)} captures read again, 0 give other rows" in told
    article = json.loads(run("export")[1].splitlines()[0])

    def record(*words: str) -> tuple[int, bytes, str]:
        command = [sys.executable, "-m", "crawler.cli", "--home", str(home), "show", article["url"], "--record", *words]
        shown = subprocess.run(command, capture_output=True, check=False)
        return shown.returncode, shown.stdout, shown.stderr.decode()

    shown = record()
    assert article["warc_record_id"].encode() in gzip.decompress(shown[1])
    # the files move: what cannot be looked at is a fault
    shutil.move(elsewhere / "warc", moved)
    status, said, told = run("verify", "--json")
    faults = json.loads(said)["faults"]
    assert (status, {fault["kind"] for fault in faults}) == (1, {"not found"})
    assert {fault["file"] for fault in faults} == files
    assert f"nor at {elsewhere / 'warc'}" in faults[0]["detail"]
    assert f"{len(captures)} captures not read again" in told
    status, _, told = record()
    assert (status, str(elsewhere) in told, "--warc PATH" in told) == (3, True, True)
    with pytest.raises(click.UsageError, match="there is no file"):
        run("verify", "--warc", str(tmp_path / "nothing"))
    (tmp_path / "empty").mkdir()
    assert run("verify", "--warc", str(tmp_path / "empty"))[0] == 3
    # one command names the new place, the others know it
    assert record("--warc", str(moved)) == record() == shown
    status, _, told = run("verify")
    assert status == 0, told
    # a file that is not what was read is a fault
    changed = sorted(moved.glob("*.warc.gz"))[0]
    changed.write_bytes(changed.read_bytes() + bytes(20))
    status, said, _ = run("verify")
    assert (status, f"{changed.name}: changed" in said) == (1, True)


def test_a_rebuild_without_path_reads_outdated_files_elsewhere(home: Path, run: Run, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    shutil.move(home, elsewhere)
    home.mkdir()
    assert run("rebuild", str(elsewhere / "warc"))[0] == 0
    assert "0 files" in run("rebuild")[2]
    _execute(home, "UPDATE captures SET extractor = 'emeroteca 0.0.1, trafilatura 2.0.0'")
    captures = list(read_captures(elsewhere / "warc"))
    waiting = [json.loads(line)["outdated"] for line in run("status", "--json")[1].splitlines()]
    assert sum(waiting) == len(captures)
    assert f"{len(captures)} captures" in run("rebuild")[2]
    assert not any(json.loads(line)["outdated"] for line in run("status", "--json")[1].splitlines())
    _execute(home, "UPDATE captures SET extractor = 'emeroteca 0.0.1, trafilatura 2.0.0'")
    shutil.rmtree(elsewhere)
    status, _, told = run("rebuild")
    assert (status, "not found" in told, "--warc PATH" in told) == (1, True, True)


def test_what_is_empty_or_misspelt_is_told(home: Path, run: Run, tmp_path: Path) -> None:
    for command in (["export"], ["search", "biblioteca"]):
        with pytest.raises(click.BadParameter, match=r"'nope' is no site of this corpus: alanews, sputniknews"):
            run(*command, "--site", "nope")
    assert run("export", "--site", "sputniknews")[0] == 0
    status, found, told = run("search", "parolamaivista")
    assert (status, found) == (0, "")
    assert "no article found for 'parolamaivista'" in told
    _execute(home, "DELETE FROM captures WHERE outcome = 'article'")
    calendar = tmp_path / "coverage.html"
    status, _, told = run("coverage", "--html", str(calendar))
    assert status == 1
    assert f"{calendar} is written" in told and "alanews" in calendar.read_text(encoding="utf-8")
    assert "URLs are missing: emeroteca crawl alanews --since 20" in told


def broken_file(home: Path) -> str:
    warc = sorted((home / "warc").glob("*.warc.gz"))[1]
    data = bytearray(warc.read_bytes())
    data[len(data) // 2] ^= 0xFF
    warc.write_bytes(data)
    return warc.name


def lost_file(home: Path) -> str:
    warc = sorted((home / "warc").glob("*.warc.gz"))[1]
    warc.unlink()
    return warc.name


def lost_manifest(home: Path) -> str:
    (home / "warc" / "manifest-sha256.txt").unlink()
    return "not on the manifest"


def lost_index(home: Path) -> str:
    shutil.rmtree(home / "index")
    return "emeroteca index"


def lost_line(home: Path) -> str:
    index = sorted((home / "index").glob("*.cdxj"))[0]
    index.write_bytes(index.read_bytes().partition(b"\n")[2])
    return "it has no line for the record"


def lost_row(home: Path) -> str:
    _execute(home, "DELETE FROM captures WHERE outcome = 'discovery'")
    return "no row for the record"


def wrong_row(home: Path) -> str:
    _execute(home, "UPDATE captures SET payload_digest = 'sha1:x' WHERE outcome = 'discovery'")
    return "payload digest: the row says sha1:x"


def _execute(home: Path, statement: str) -> None:
    with sqlite3.connect(home / "corpus.db") as database:
        database.execute(statement)
    database.close()


@pytest.mark.parametrize(
    "damage",
    [broken_file, lost_file, lost_manifest, lost_index, lost_line, lost_row, wrong_row],
    ids=lambda f: f.__name__,
)
def test_what_is_wrong_is_said_with_its_place(home: Path, run: Run, damage: Callable[[Path], str]) -> None:
    expected = damage(home)
    status, said, _ = run("verify")
    assert status == 1
    assert expected in said


def test_a_lost_index_is_made_again_and_finds_captures(home: Path, run: Run) -> None:
    shutil.rmtree(home / "index")
    assert run("index")[0] == 0
    assert run("verify")[0] == 0
    first, *_ = [
        CdxjEntry.parse(line.encode()) for line in run("index", "http://alanews.it/robots.txt")[1].splitlines()
    ]
    assert (first.url, first.fields["status"]) == ("https://alanews.it/robots.txt", "200")
    assert run("index", "http://alanews.it/mai-vista")[0] == 3


def test_another_crawl_takes_in_what_it_finds(home: Path, run: Run) -> None:
    with Newsstand(articles=12, seed=3) as stand:
        shutil.rmtree(home / "index")
        (home / "warc" / "manifest-sha256.txt").unlink()
        crawl(home, stand)
    assert run("verify")[0] == 0


def test_a_package_of_one_crawl_stands_by_itself(home: Path, run: Run, tmp_path: Path) -> None:
    output = tmp_path / "due.wacz"
    assert run("package", "--crawl", "2", "--output", str(output))[0] == 0
    assert list(wacz_faults(output)) == []
    assert run("verify", str(output))[0] == 0
    kinds = {capture.record_type for capture in read_captures(output)}
    assert kinds == {"response", "revisit"}
    every = {capture.ref.record_id for capture in read_captures(home / "warc")}
    assert {capture.ref.record_id for capture in read_captures(output)} < every


def test_a_package_of_everything_is_the_same_bytes_each_time(home: Path, run: Run, tmp_path: Path) -> None:
    for name in ("a.wacz", "b.wacz"):
        assert run("package", "--output", str(tmp_path / name))[0] == 0
    assert (tmp_path / "a.wacz").read_bytes() == (tmp_path / "b.wacz").read_bytes()
    assert len(list(read_captures(tmp_path / "a.wacz"))) == len(list(read_captures(home / "warc")))


@pytest.mark.parametrize("words", [("--site", "nessuno"), ("--since", "2001-01-01", "--until", "2001-01-02")])
def test_a_package_of_nothing_is_none(home: Path, run: Run, tmp_path: Path, words: tuple[str, ...]) -> None:
    status, _, told = run("package", *words, "--output", str(tmp_path / "a.wacz"))
    assert status == 3
    assert "no captures" in told
    assert not (tmp_path / "a.wacz").exists()


def test_hits_show_emphasis_on_a_terminal_only(home: Path) -> None:
    with closing(sqlite3.connect(home / "corpus.db")) as rows:
        word = max(rows.execute("SELECT headline FROM corpus").fetchone()[0].split(), key=len)
    words = ["--home", str(home), "search", "--", word]
    for color, mark in ((True, "\x1b[1m"), (False, word)):
        shown = CliRunner().invoke(emeroteca, words, color=color).stdout
        assert mark in shown
        assert "**" not in shown
        assert ("\x1b" in shown) == color
