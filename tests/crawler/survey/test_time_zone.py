"""The time zone of a site follows from the offsets that it writes; a likely one is no more than that."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from crawler.extraction.pages.page import Page
from crawler.survey.time_zone import find_zone, moments_of

WINTER, SUMMER = datetime(2024, 1, 9, 12, tzinfo=UTC), datetime(2024, 7, 9, 12, tzinfo=UTC)


def times(*offsets: float) -> list[datetime]:
    """Three times of each offset in hours, of winter and of summer in turn."""
    seasons = [WINTER, SUMMER] * len(offsets)
    return [
        season.replace(tzinfo=timezone(timedelta(hours=offset)), minute=minute)
        for season, offset in zip(seasons, offsets, strict=False)
        for minute in range(3)
    ]


@pytest.mark.parametrize(
    ("url", "language", "region", "offsets", "zone", "is_doubtful"),
    [
        ("https://paper.it/", "it", None, (1, 2), "Europe/Rome", False),
        ("https://paper.se/", None, None, (1,), "Europe/Stockholm", False),
        ("https://paper.com/", "it", "IT", (1,), "Europe/Rome", False),
        ("https://paper.com/", "it", None, (1, 2), "Europe/Rome", False),
        ("https://paper.com/", "it", None, (1,), "Europe/Rome", True),  # Lagos writes the same
        ("https://paper.com/", "pt", "BR", (-3, -3), "America/Belem", False),
        ("https://paper.in/", "en", None, (5.5, 5.5), "Asia/Kolkata", False),
        ("https://paper.it/", "it", None, (0, 0), "Europe/Rome", True),
        ("https://paper.it/", "it", None, (), "Europe/Rome", True),
        ("https://paper.us/", "en", None, (0,), None, True),  # a country of many zones
        ("https://paper.it/", "it", None, (-5, -4), None, True),
        ("https://paper.co.uk/", "en", None, (0, 1), "Europe/London", False),
        ("https://paper.example/", "en", None, (2, 2), None, True),
    ],
)
def test_the_zone_of_a_site(
    url: str, language: str | None, region: str | None, offsets: tuple[float, ...], zone: str | None, is_doubtful: bool
) -> None:
    found = find_zone(times(*offsets), url, language, region)
    assert (found.zone, found.is_doubtful) == (zone, is_doubtful), found.why


def test_the_times_of_a_page() -> None:
    html = """<html><head><meta property="article:published_time" content="2024-01-09T10:00:00+01:00">
    <script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2024-01-09T10:00:00+01:00",
    "dateModified": "2024-01-10"}</script></head><body><time datetime="2024-07-09T10:00:00+02:00">today</time>
    <time datetime="2024-07-09T10:00">yesterday</time><time datetime="nonsense">then</time></body></html>"""
    offsets = [moment.utcoffset() for moment in moments_of(Page(url="https://paper.it/", html=html))]
    assert offsets == [timedelta(hours=1), timedelta(hours=1), timedelta(hours=2)]
