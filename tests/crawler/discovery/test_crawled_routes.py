"""What a crawl does where its usual routes fail, or say nothing: by the newsstand's log."""

import json
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select, update

from newsstand.faults import Fault, FaultKind
from newsstand.stand import Newsstand
from storage.corpus.db.database import open_database
from storage.corpus.db.tables import ArticleRow, CaptureRow, RevisionRow

Emeroteca = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(autouse=True)
def sound_again(stand: Newsstand) -> Iterator[None]:
    yield
    stand.faults()


def test_pages_of_sections_stand_in_for_lists_that_break(stand: Newsstand, emeroteca: Emeroteca) -> None:
    stand.clock(0)
    stand.faults(
        Fault(FaultKind.STATUS, pattern=r"sitemap", status=404),
        Fault(FaultKind.STATUS, pattern=r"/wp-json/", status=403),
    )
    ended = emeroteca("crawl", "alanews", "--delay", "0", "--json", env=stand.environment)
    assert ended.returncode == 1, ended.stderr
    assert {broken["route"] for broken in json.loads(ended.stdout)["broken_routes"]} == {"sitemap", "wp-json"}
    days = map(json.loads, emeroteca("coverage", "alanews", "--json").stdout.splitlines())
    assert sum(day["extracted"] for day in days if "listing" in day["routes"]) == len(stand.truth("alanews"))


def test_a_list_that_robots_forbids_is_counted_and_breaks_nothing(stand: Newsstand, emeroteca: Emeroteca) -> None:
    newest = max(row["published_date"] for row in stand.truth("sputniknews"))
    words = ("--since", newest, "--until", newest, "--limit", "1", "--delay", "0", "--json")
    ended = emeroteca("crawl", "sputniknews", *words, env=stand.environment)
    assert ended.returncode == 0, ended.stderr
    assert not [row for row in stand.log() if row["target"].startswith("/services/")]


def test_young_articles_are_visited_again_by_their_age(stand: Newsstand, emeroteca: Emeroteca, tmp_path: Path) -> None:
    """The newsstand's articles are of another year, so what the rows say of time is moved to today."""
    stand.clock(0)
    found = emeroteca("crawl", "alanews", "--delay", "0", env=stand.environment)
    assert found.returncode == 0, found.stderr
    due, fresh, old = (row["native_id"] for row in stand.truth("alanews")[:3])
    now = datetime.now(UTC)
    with open_database(f"sqlite:///{tmp_path / 'archive' / 'corpus.db'}") as database, database.writing() as rows:
        for native_id, hours, seen in ((due, 10, 6), (fresh, 10, 1), (old, 31 * 24, 30 * 24)):
            article = select(ArticleRow.id).where(ArticleRow.native_id == native_id).scalar_subquery()
            published, captured = now - timedelta(hours=hours), now - timedelta(hours=seen)
            rows.execute(update(RevisionRow).where(RevisionRow.article == article).values(published_utc=published))
            rows.execute(update(CaptureRow).where(CaptureRow.article == article).values(captured_at=captured))
    before = stand.log()[-1]["number"]
    again = emeroteca("crawl", "alanews", "--delay", "0", "--json", env=stand.environment)
    assert json.loads(again.stdout)["urls"]["again"] == 1, again.stderr
    asked = {row["target"]: row["status"] for row in stand.log(before + 1)}
    url = {row["native_id"]: row["url"].removeprefix("https://alanews.it") for row in stand.truth("alanews")}
    assert asked[url[due]] == 304
    assert not {url[fresh], url[old]} & asked.keys()


@pytest.mark.slow
def test_a_dry_run_of_a_known_site_counts_what_a_crawl_would_request(
    stand: Newsstand, emeroteca: Emeroteca, tmp_path: Path
) -> None:
    """By the lists that the crawl reads and the captures that the collection has; nothing is written to it."""
    stand.clock(0)
    words = ("crawl", "alanews", "--delay", "0")

    def rehearsed(*more: str) -> dict[str, object]:
        before = stand.log()[-1]["number"] if stand.log() else 0
        ended = emeroteca(*words, *more, "--dry-run", "--json", env=stand.environment)
        assert ended.returncode == 0, ended.stderr
        paths = {urlsplit(one["url"]).path for one in stand.truth("alanews")}
        assert not paths & {row["target"] for row in stand.log(before + 1)}
        found: dict[str, object] = json.loads(ended.stdout)
        return found

    assert rehearsed()["requested"] == len(stand.truth("alanews"))
    assert rehearsed("--limit", "3")["requested"] == 3
    assert not (tmp_path / "archive").exists()
    assert emeroteca(*words, "--limit", "4", env=stand.environment).returncode == 0
    stored = (tmp_path / "archive/corpus.db").read_bytes()
    assert rehearsed()["requested"] == len(stand.truth("alanews")) - 4
    assert rehearsed("--url", stand.truth("alanews")[0]["url"])["requested"] == 1
    assert (tmp_path / "archive/corpus.db").read_bytes() == stored
    shown = emeroteca(*words, "--delay", "2", "--dry-run", env=stand.environment).stdout
    assert "lists were read" in shown and "with 2 s between requests" in shown
