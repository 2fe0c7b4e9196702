"""A site of which only an address is known, as a `Site`."""

from zoneinfo import ZoneInfo

from crawler.site import Site
from crawler.survey.scope import hosts_of, site_name
from crawler.urls import port_of


def undescribed_site(url: str) -> Site:
    """The site of an address, of which nothing else is known: no URL is one of an article."""
    return Site(
        name=site_name(url),
        title=site_name(url),
        hosts=hosts_of([url]),
        timezone=ZoneInfo("UTC"),
        language="",
        parse_url=_no_article,
        ports=frozenset({80, 443, port_of(url)}),
        has_timezone=False,
        has_grammar=False,
    )


def _no_article(url: str) -> None:
    """The grammar of a site that is not known yet."""
    return
