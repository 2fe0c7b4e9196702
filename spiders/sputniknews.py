"""it.sputniknews.com: Sputnik Italia, closed in 2022, on the platform it shares with other editions and ria.ru."""

from datetime import date
from zoneinfo import ZoneInfo

from web_poet import handle_urls

from crawler.discovery.day_archive import DayArchiveRoute
from crawler.discovery.feed import FeedRoute
from crawler.discovery.sitemap import SitemapRoute
from crawler.extraction.templates.sputnik.page import SputnikPage
from crawler.extraction.templates.sputnik.urls import parse_article_url
from crawler.site import ArticleUrl, Site
from crawler.spider import NewsSpider

HOST = "it.sputniknews.com"


def parse_url(url: str) -> ArticleUrl | None:
    """The one spelling of an article's URL in any of its eras and variants."""
    return parse_article_url(url, HOST)


SITE = Site(
    name="sputniknews",
    title="Sputnik Italia",
    hosts=(HOST, "m.it.sputniknews.com"),
    timezone=ZoneInfo("Europe/Rome"),
    language="it",
    parse_url=parse_url,
    since=date(2014, 1, 1),
)


@handle_urls(["it.sputniknews.com", "m.it.sputniknews.com"])
class SputnikItaliaPage(SputnikPage):
    """An article of Sputnik Italia, of any era: the platform's own markup."""


class SputnikItaliaSpider(NewsSpider):
    """Its sitemaps know every article since 2014, a range of days each; the feed knows the newest hundred."""

    name = SITE.name
    site = SITE
    routes = (
        SitemapRoute(starts=(f"https://{HOST}/sitemap_article_index.xml",)),
        FeedRoute(starts=(f"https://{HOST}/export/rss2/archive/index.xml",)),
        DayArchiveRoute(
            url=f"https://{HOST}/{{day}}/",
            links='//*[contains(@class, "list__")]//a/@href | //a[contains(@class, "list__")]/@href',
            more='//*[contains(@class, "list-more")]/@data-url',
            timezone=SITE.timezone,
        ),
    )
