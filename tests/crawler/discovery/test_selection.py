from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.route import DiscoveredUrl, Window
from crawler.discovery.selection import Selection, changed
from crawler.registry import site_named
from storage.corpus.write.store import LastCapture

SPUTNIK, ALANEWS = site_named("sputniknews"), site_named("alanews")
YESTERDAY = datetime(2026, 1, 10, 12, tzinfo=UTC)
DATED = "https://it.sputniknews.com/20220214/la-fiera-del-libro-{}.html"
UNDATED = "https://alanews.it/cronaca/la-sagra-di-{}/"


def selection(
    site: object = SPUTNIK,
    window: Window | None = None,
    limit: int | None = None,
    known: Mapping[str, LastCapture] | None = None,
) -> Selection:
    def look_up(keys: Iterable[str]) -> dict[str, LastCapture]:
        return {key: known[key] for key in keys if known and key in known}

    return Selection(site, window or Window(), limit, look_up)  # type: ignore[arg-type]


def seen(lastmod: str | None = None, outcome: str = "article", reason: str | None = None) -> LastCapture:
    return LastCapture(YESTERDAY, outcome, reason, None, lastmod)


def found(url: str, **claims: object) -> DiscoveredUrl:
    return DiscoveredUrl(url=url, route="sitemap", **claims)  # type: ignore[arg-type]


def test_variants_of_one_url_and_of_one_id_are_asked_for_once() -> None:
    chosen = selection()
    variants = [
        DATED.format(15110481),
        DATED.format(15110481) + "?utm_source=rss",
        "http://it.sputniknews.com/20220214/altro-titolo-15110481.html",
        "https://it.sputniknews.com/italia/2022021415110481-la-fiera/",
    ]
    assert [one.url for one in chosen.select(found(url) for url in variants)] == variants[:1]
    assert chosen.select([found(variants[1])]) == []


def test_what_is_no_article_is_counted_not_asked() -> None:
    chosen = selection()
    assert chosen.select([found("https://it.sputniknews.com/20220214/"), found("https://altro.example/x/")]) == []
    assert chosen.counts["not-an-article-url"] == 2


def test_the_day_in_the_url_decides_over_the_window() -> None:
    chosen = selection(window=Window(date(2022, 2, 14), date(2022, 2, 14)))
    inside = found(DATED.format(15110481))
    outside = found("https://it.sputniknews.com/20220215/altra-15110999.html", published=date(2022, 2, 14))
    assert chosen.select([inside, outside]) == [inside]
    assert chosen.counts["outside-window"] == 1


def test_an_instant_is_a_day_in_the_sites_zone() -> None:
    chosen = selection(ALANEWS, window=Window(date(2026, 1, 5), date(2026, 1, 5)))
    late = found(UNDATED.format("maggio"), published=datetime(2026, 1, 4, 23, 30, tzinfo=UTC))
    assert chosen.select([late]) == [late]


def test_an_url_nobody_dates_waits_for_a_route_that_does() -> None:
    chosen = selection(ALANEWS, window=Window(since=date(2026, 1, 5)))
    url = UNDATED.format("giugno")
    assert chosen.select([found(url)]) == []
    dated = found(url, published=date(2026, 1, 6))
    assert chosen.select([dated]) == [dated]
    assert chosen.undated(all_days_known=False) == []


@pytest.mark.parametrize(("all_days_known", "fetched"), [(True, 0), (False, 1)])
def test_what_stays_undated_is_fetched_unless_a_route_knows_every_day(all_days_known: bool, fetched: int) -> None:
    chosen = selection(ALANEWS, window=Window(since=date(2026, 1, 5)))
    chosen.select([found(UNDATED.format("luglio"))])
    assert len(chosen.undated(all_days_known=all_days_known)) == fetched
    assert chosen.undated(all_days_known=False) == []


def test_the_limit_ends_discovery() -> None:
    chosen = selection(limit=2)
    assert len(chosen.select(found(DATED.format(15110000 + n)) for n in range(5))) == 2
    assert chosen.limit_reached
    assert chosen.counts["over-limit"] == 3


def test_known_articles_are_asked_for_again_only_when_a_list_says_they_changed() -> None:
    url = UNDATED.format("agosto")
    chosen = selection(ALANEWS, known={url: seen(lastmod="2026-01-05T10:00:00+01:00")})
    assert chosen.select([found(url)]) == []
    same = found(url, lastmod=datetime(2026, 1, 5, 9, tzinfo=UTC))
    assert chosen.select([same]) == []
    assert chosen.counts["unchanged"] == 1
    chosen = selection(ALANEWS, known={url: seen(lastmod="2026-01-05T10:00:00+01:00")})
    edited = found(url, lastmod=datetime(2026, 1, 5, 9, 1, tzinfo=UTC))
    assert chosen.select([edited]) == [edited]


@pytest.mark.parametrize(
    ("reason", "again"), [("http-error", True), ("truncated", True), ("gone", False), ("no-text", False)]
)
def test_a_refusal_that_says_nothing_lasting_is_tried_again(reason: str, again: bool) -> None:
    url = UNDATED.format("settembre")
    chosen = selection(ALANEWS, known={url: seen(outcome="refused", reason=reason)})
    assert bool(chosen.select([found(url)])) is again


@given(st.integers(946684800, 4102444800), st.integers(-12, 12))
def test_the_same_instant_in_another_zone_is_no_change(epoch: int, hours: int) -> None:
    claimed = datetime.fromtimestamp(epoch, UTC)
    elsewhere = claimed.astimezone(timezone(timedelta(hours=hours)))
    assert not changed(elsewhere, seen(lastmod=claimed.isoformat()))
    assert changed(claimed + timedelta(seconds=1), seen(lastmod=claimed.isoformat()))
