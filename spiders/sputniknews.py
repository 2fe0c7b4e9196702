"""it.sputniknews.com: Sputnik Italia, closed in 2022, on the platform it shares with other editions and ria.ru."""

from zoneinfo import ZoneInfo

from crawler.extraction.templates.sputnik.urls import parse_sputnik_path
from crawler.site import ArticleUrl, Site

HOST = "it.sputniknews.com"


def parse_url(url: str) -> ArticleUrl | None:
    """The one spelling of an article's URL in any of its eras and variants."""
    found = parse_sputnik_path(url)
    if found is None:
        return None
    return ArticleUrl(
        canonical_url=f"https://{HOST}{found.path}",
        native_id=found.native_id,
        day=found.day,
        section=found.section,
    )


SITE = Site(
    name="sputniknews",
    title="Sputnik Italia",
    hosts=(HOST, "m.it.sputniknews.com"),
    timezone=ZoneInfo("Europe/Rome"),
    language="it",
    parse_url=parse_url,
)
