"""The definition of a site of which only its address is known, and the URLs in the indexes of archives."""

from collections.abc import Iterable
from typing import Final

from crawler.sites.site_file import SiteFile
from crawler.survey.findings import Findings
from crawler.survey.scope import site_name
from crawler.survey.url_patterns import learn
from crawler.urls import plain_url, web_url
from storage.exceptions import InvalidUrl, SurveyFailed

#: URLs that are looked at.
MOST: Final = 200_000


def described_by(start: str, urls: Iterable[str]) -> SiteFile:
    """The site file of an address, by URLs of its pages. Raises SurveyFailed where none look like articles."""
    found = Findings(start)
    found.named.append(start)
    found.take(_page_urls(urls), found.seen.listed)
    rules = learn(found.seen)
    if rules is None:
        raise SurveyFailed(
            f"the archive's index has {len(found.seen.listed)} pages of {start}, and no URLs that look like articles: "
            f"describe the site in HOME/sites/{site_name(start)}.toml (docs/sites.md), and import again"
        )
    return found.described(rules)


def _page_urls(urls: Iterable[str]) -> Iterable[str]:
    for url, _ in zip(urls, range(MOST), strict=False):
        try:
            address = web_url(url)
        except InvalidUrl:
            continue
        yield plain_url(address)  # archives keep each spelling that somebody asked for
