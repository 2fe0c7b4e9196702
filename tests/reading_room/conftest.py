"""The reading room as `emeroteca serve` runs it, a process on loopback, over a collection on each kind of database."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine

from storage.article import Article, Block, BlockType, Image
from storage.corpus.db.database import Database, open_database
from storage.corpus.write.capture_result import CaptureResult, Outcome
from storage.corpus.write.store import Store
from storage.corpus.write.targets import Target, TargetKind
from storage.corpus.write.withholding import withhold
from tests.conftest import postgres_database

#: Texts that would do something if they were not shown as text.
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> {{7*7}} \u202egnirts\u2066 & </p></article>"


def emeroteca(*words: str) -> subprocess.CompletedProcess[str]:
    """Run a command; its environment has no setting of Emeroteca."""
    return subprocess.run(
        [sys.executable, "-m", "crawler.cli", *words],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("EMEROTECA_")}


def capture(offset: int, headline: str, body: str, **facts: Any) -> CaptureResult:
    """An article that is in the database only: its WARC file is at no known place."""
    url = f"https://prova.example/{facts.pop('name', offset)}"
    blocks = facts.pop("blocks", (Block(type=BlockType.PARAGRAPH, text=body),))
    captured_at = facts.pop("captured_at", datetime(2026, 3, 1, 12, offset % 60, tzinfo=UTC))
    article = Article(
        url=url, canonical_url=url, language="it", headline=headline, blocks=blocks,
        **({"site": "prova", "published_date": date(2026, 3, 1)} | facts),
    )  # fmt: skip
    return CaptureResult(
        file="prova.warc.gz", offset=offset, length=1, record_id=f"<urn:uuid:{offset}>", url=url,
        captured_at=captured_at, outcome=Outcome.ARTICLE, site=article.site, article=article,
    )  # fmt: skip


def hostile_article() -> CaptureResult:
    blocks = tuple(
        Block(type=kind, text=HOSTILE, items=(HOSTILE,), cite=HOSTILE, level=2, url="javascript:alert(3)")
        for kind in BlockType
    )
    return capture(
        1, f"Ostile {HOSTILE}", "", name="javascript", blocks=blocks, description=HOSTILE, section=HOSTILE,
        authors=(HOSTILE,), keywords=(HOSTILE,), warnings=("prova-ostile",), published_date=date(2021, 5, 3),
        images=(Image(url="javascript:alert(4)", caption=HOSTILE, credit=HOSTILE),),
    )  # fmt: skip


def added_articles() -> list[CaptureResult]:
    """What the corpus has beside the demo: hostile texts, and articles with known words."""
    return [
        hostile_article(),
        capture(9, "Riservato", "Una biblioteca segreta che nessuno deve trovare.", name="riservato", site="riserva"),
        capture(2, "La biblioteca riapre", "La biblioteca del porto riapre domani con nuove sale.", section="Città"),
        capture(3, "Le biblioteche e il mare", "Due biblioteche guardano il mare: la biblioteca nuova e la vecchia."),
    ]


def add(database: Database) -> None:
    """Save the added articles, and withhold one."""
    Store(database).save(added_articles())
    withhold(database, Target(TargetKind.URL, "https://prova.example/riservato"), reason="prova")


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The collection of a demo, with an article of hostile texts."""
    folder = tmp_path_factory.mktemp("library") / "home"
    ended = emeroteca("--home", str(folder), "demo", "--articles", "20")
    assert ended.returncode == 0, ended.stderr
    with open_database(f"sqlite:///{folder / 'corpus.db'}") as database:
        add(database)
    return folder


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, home: Path) -> Iterator[str]:
    """The corpus of the collection, on SQLite and on Postgres."""
    if request.param == "sqlite":
        yield f"sqlite:///{home / 'corpus.db'}"
        return
    admin: Engine = request.getfixturevalue("admin")
    with postgres_database(admin) as url:
        ended = emeroteca("--home", str(home), "--database", url, "rebuild")
        assert ended.returncode == 0, ended.stderr
        with open_database(url) as database:
            add(database)
        yield url


@contextmanager
def serving(*words: str) -> Iterator[str]:
    """The URL of `emeroteca ... serve ...` while the block lasts."""
    server = subprocess.Popen(
        [sys.executable, "-m", "crawler.cli", *words], env=environment(), stderr=subprocess.PIPE, text=True
    )
    assert server.stderr is not None
    try:
        line = server.stderr.readline()
        found = re.search(r"http://\S+/", line)
        assert found, line + server.stderr.read()
        yield found[0]
    finally:
        server.terminate()
        said = server.communicate(timeout=30)[1]
        assert "Traceback" not in said, said


@pytest.fixture(scope="session")
def served(home: Path, database_url: str) -> Iterator[str]:
    """The URL of the reading room, without its last slash."""
    with serving("--home", str(home), "--database", database_url, "serve", "--port", "0") as url:
        yield url.rstrip("/")


@pytest.fixture
def visitor(served: str) -> Iterator[httpx.Client]:
    """A client of the reading room."""
    with httpx.Client(base_url=served, trust_env=False, timeout=30) as client:
        yield client
