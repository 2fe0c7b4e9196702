"""A spider's arguments are text, and those that cannot be used are refused with the reason."""

import pytest

from crawler.registry import site_named
from crawler.spider import NewsSpider
from storage.exceptions import InvalidSpiderArgument


class AlanewsSpider(NewsSpider):
    name = "alanews"
    site = site_named("alanews")
    routes = ()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"since": "2022-02-15", "until": "2022-02-14"}, "--since 2022-02-15 lies after --until 2022-02-14"),
        ({"since": "14/2/2022"}, "--since 14/2/2022 is no day"),
        ({"limit": "0"}, "--limit 0 is no whole number above 0"),
        ({"limit": "-3"}, "--limit -3 is no whole number"),
        ({"urls": "https://altrove.example/"}, "--url https://altrove.example/ is not on"),
        ({"urls": "ftp://alanews.it/"}, "--url ftp://alanews.it/ is not on"),
    ],
)
def test_an_argument_that_cannot_be_used_is_refused(arguments: dict[str, str], message: str) -> None:
    with pytest.raises(InvalidSpiderArgument, match=message):
        AlanewsSpider(**arguments)


def test_arguments_select_days_articles_and_urls() -> None:
    urls = ["https://alanews.it/cronaca/nebbia/", "https://www.alanews.it/cronaca/mercato/"]
    spider = AlanewsSpider(since="2022-02-14", until="2022-02-14", limit="3", urls=" ".join(urls))
    assert spider.window.since == spider.window.until
    assert (spider.selection.limit, spider.urls) == (3, urls)
    assert spider.next_route() == []
    empty = AlanewsSpider()
    assert (empty.window.bounded, empty.selection.limit, empty.urls) == (False, None, [])
