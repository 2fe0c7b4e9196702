"""Which markup Sputnik served on a day."""

from datetime import UTC, datetime

import pytest

from crawler.extraction.pages.page import Page
from crawler.extraction.templates.sputnik.markup import G1, G2, Markup, markup_of


@pytest.mark.parametrize(("day", "holds"), [(datetime(2021, 4, 10, 23, tzinfo=UTC), False), (None, True)])
def test_the_later_markup_begins_with_its_first_day(day: datetime | None, holds: bool) -> None:
    assert G2.holds(day) is holds
    assert G2.holds(datetime(2021, 4, 11, tzinfo=UTC))
    assert G1.holds(datetime(2021, 4, 10, 23, tzinfo=UTC))
    assert G1.holds(datetime(2021, 12, 31, 23, tzinfo=UTC)) and not G1.holds(datetime(2022, 1, 1, tzinfo=UTC))


BOTH = '<div class="b-article__text">uno</div><div class="article__body">due</div>'


@pytest.mark.parametrize(
    ("html", "day", "markup"),
    [
        (BOTH, datetime(2019, 5, 1, tzinfo=UTC), G1),
        # on a day of both the later one
        (BOTH, datetime(2021, 5, 1, tzinfo=UTC), G2),
        (BOTH, datetime(2023, 5, 1, tzinfo=UTC), G2),
        (BOTH, None, G2),
        ('<div class="b-article__text">uno</div>', datetime(2023, 5, 1, tzinfo=UTC), G1),
        ("<p>uno</p>", None, None),
    ],
)
def test_the_markup_of_a_page(html: str, day: datetime | None, markup: Markup | None) -> None:
    assert markup_of(Page(url="https://faro.example/", html=html, captured_at=day)) is markup


LEAD = '<div class="article__announce"><iframe src="https://v.example/1"></iframe></div>'
TITLE = '<h1 class="article__title">La banda</h1>'
NAMED = '<div itemscope><div itemprop="headline">La banda</div></div>'
EARLIER_TITLE = '<h1 class="b-article__header-title">La banda</h1>'


@pytest.mark.parametrize(
    ("html", "markup"),
    [
        # a block under another name
        ('<div class="corpo"><div class="article__block">uno</div></div>', G2),
        # a player, whose page says that it has no text
        (LEAD + TITLE + NAMED, G2),
        (TITLE + NAMED, None),
        (LEAD + NAMED, None),
        (LEAD + TITLE, None),
        (LEAD.replace("iframe", "span") + TITLE + NAMED, None),
        # the earlier body by its property, below that markup's headline
        (f'{EARLIER_TITLE}<div itemprop="articleBody">uno</div>', G1),
        ('<div itemprop="articleBody">uno</div>', None),
        (f'{EARLIER_TITLE}<div itemprop="corpo">uno</div>', None),
        (f'{TITLE}<div itemprop="articleBody">uno</div>', None),
    ],
)
def test_what_makes_a_page_of_a_markup(html: str, markup: Markup | None) -> None:
    assert markup_of(Page(url="https://faro.example/", html=f"<html><body>{html}</body></html>")) is markup
