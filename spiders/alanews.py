"""alanews.it: a news agency of Rome, on WordPress with the JNews theme."""

import re
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from web_poet import handle_urls

from crawler.discovery.feed import FeedRoute
from crawler.discovery.listing import ListingRoute
from crawler.discovery.sitemap import SitemapRoute
from crawler.discovery.wordpress import WordPressRoute
from crawler.extraction.templates.jnews.page import JNewsPage
from crawler.site import ArticleUrl, Site, day_of
from crawler.spider import NewsSpider

HOST = "alanews.it"

_SEGMENT = r"[^/]+"
#: Since 2026: /YYYY/MM/DD/category[/subcategory]/slug/
_DATED = re.compile(
    rf"/(?P<year>\d{{4}})/(?P<month>\d{{2}})/(?P<day>\d{{2}})/(?P<section>{_SEGMENT})(?:/{_SEGMENT})*/{_SEGMENT}/"
)
#: Before: /category[/subcategory]/slug/
_UNDATED = re.compile(rf"/(?P<section>{_SEGMENT})(?:/{_SEGMENT})?/{_SEGMENT}/")
#: First segments of WordPress's own pages; a year alone belongs to a date archive.
_NO_SECTION = re.compile(r"wp-.*|feed|comments|category|tag|author|page|amp|search|autore|\d+")
#: Sections whose pages list their articles.
SECTIONS = (
    "cronaca", "politica", "economia", "esteri", "sport", "spettacoli", "salute", "tecnologia", "cultura", "ambiente",
    "video",
)  # fmt: skip
#: Endpoints that WordPress and its plug-ins append to a permalink of the same article.
_ENDPOINT = re.compile(r"/(?:amp|autoload)/$")


def parse_url(url: str) -> ArticleUrl | None:
    """The one spelling of a permalink: https, no `www.`, a last slash, no AMP, no query."""
    path = _ENDPOINT.sub("/", re.sub(r"/+", "/", f"{urlsplit(url).path}/"))
    if re.search(r"/(?:page/\d+|feed|embed|trackback)/$", path) or re.search(r"\.\w{2,4}/$", path):
        return None
    dated = _DATED.fullmatch(path)
    found = dated or _UNDATED.fullmatch(path)
    if found is None or _NO_SECTION.fullmatch(found["section"]):
        return None
    day = day_of(dated["year"] + dated["month"] + dated["day"]) if dated else None
    if dated and day is None:
        return None
    return ArticleUrl(canonical_url=f"https://{HOST}{path}", day=day, section=found["section"])


SITE = Site(
    name="alanews",
    title="Alanews",
    hosts=(HOST, f"www.{HOST}"),
    timezone=ZoneInfo("Europe/Rome"),
    language="it",
    parse_url=parse_url,
)


@handle_urls("alanews.it")
class AlanewsPage(JNewsPage):
    """An article of Alanews: the theme's own markup, in both of its templates."""


class AlanewsSpider(NewsSpider):
    """WordPress's own API dates every post; sitemaps and feed go on where a site closes it, the pages of the sections
    where those break."""

    name = SITE.name
    site = SITE
    routes = (
        SitemapRoute(
            starts=(f"https://{HOST}/robots.txt",),
            guesses=(f"https://{HOST}/sitemap_index.xml", f"https://{HOST}/wp-sitemap.xml"),
            ignore=r"(?:page|category|post_tag|post_format|author|users|taxonomies)[^/]*\.xml",
        ),
        WordPressRoute(endpoint=f"https://{HOST}/wp-json/wp/v2/posts"),
        FeedRoute(starts=(f"https://{HOST}/feed/",)),
    )
    fallbacks = (
        ListingRoute(
            starts=tuple(f"https://{HOST}/category/{section}/" for section in SECTIONS),
            links='//*[contains(@class, "jeg_post_title")]/a/@href',
        ),
    )
