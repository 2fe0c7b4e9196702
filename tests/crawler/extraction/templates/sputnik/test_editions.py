"""The platform's editions as data, and the markup that holds on a day."""

from datetime import UTC, datetime

import pytest

from crawler.extraction.pages.page import Page
from crawler.extraction.templates.sputnik.editions import edition_on, editions
from crawler.extraction.templates.sputnik.markup import G1, G2, markup_of

BOTH = '<div class="b-article__text">uno</div><div class="article__body">due</div>'


@pytest.mark.parametrize(
    ("host", "name", "language", "zone"),
    [
        ("mundo.sputniknews.com", "es", "es", "UTC"),
        ("noticiaslatam.lat", "es", "es", "UTC"),
        ("sputnikglobe.com", "en", "en", "UTC"),
        ("m.tr.sputniknews.com", "tr", "tr", "Europe/Istanbul"),
        ("WWW.Sputniknews.CN", "cn", "zh", "Asia/Shanghai"),
        ("ria.ru", "ria", "ru", "Europe/Moscow"),
    ],
)
def test_a_host_names_its_edition(host: str, name: str, language: str, zone: str) -> None:
    edition = edition_on(host)
    assert edition is not None
    assert (edition.name, edition.language, edition.timezone.key) == (name, language, zone)


def test_hosts_and_names_are_told_apart_and_the_italian_site_is_not_here() -> None:
    hosts = [host for edition in editions() for host in edition.hosts]
    assert len(hosts) == len(set(hosts))
    assert len({edition.name for edition in editions()}) == len(editions())
    assert edition_on("it.sputniknews.com") is None


@pytest.mark.parametrize(("day", "name"), [(datetime(2019, 5, 1, tzinfo=UTC), G1), (None, G2)])
def test_the_day_of_capture_chooses_between_markups_that_both_fit(day: datetime | None, name: object) -> None:
    assert markup_of(Page(url="https://x.example/", html=BOTH, captured_at=day)) is name


def test_marks_count_where_no_span_holds() -> None:
    late = Page(url="https://x.example/", html='<div class="b-article__text">uno</div>', captured_at=datetime.now(UTC))
    assert markup_of(late) is G1
