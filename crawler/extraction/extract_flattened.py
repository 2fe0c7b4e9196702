"""From a flattened text dump of a page to its article, by the grammar of the platform that the dump shows.

Corpora and archives hold many pages as text dumps only (trafilatura, Resiliparse, WET ...). What such a dump lost is
named in the article's warnings. Called by `ingest.classify` for WARC conversion records, and by `extract --flat`.

- `url-unknown`, `site-unknown`: the dump does not say where it came from
- `date-unknown`, `time-unknown`: no date; a day without an hour
- `date-after-capture: SOURCE`, `date-before-site: SOURCE`, `date-impossible: SOURCE`, `date-unreadable: SOURCE`: a
  claim that was set aside
- `lede-cut`, `lede-unknown`: only the beginning of the lede, or none
- `paragraphs-glued`: paragraphs were joined without a separator and are split again by rule
- `quotes-missing`: only the articleBody is there, which leaves quote blocks out
- `keywords-unknown`, `keywords-glued`: no tags; tags joined without a separator, split by rule
- `headline-guessed`: several lines could be the headline, or the one that is taken could be something else
- `image-urls-unknown`: the dump has no picture's URL
- `lines-uncertain`: lines of the body that could be noise are kept: two titles in a row, a title before the tags,
  a table's cells (as list items), lines that Sputnik's articleBody lacks
- `lines-left-out`: text behind a box of related posts in a dump without tags; titles in a dump without short lines
- `comments-cut`, `footnote-left-out`: text of the page that is none of the article's (footnotes: Sputnik's)
"""

import re
from datetime import datetime

from crawler.extraction.flattened.lines import Line, is_address, read_lines
from crawler.extraction.platforms import all_platforms, parse_platform_url
from crawler.extraction.refusals import PageRefused, RefusalReason
from crawler.registry import all_sites, site_of
from crawler.site import Site
from storage.article import Article

#: Walls and error pages: short dumps that say so.
_WALLS = (
    (
        RefusalReason.ACCESS_DENIED,
        r"access denied|accesso negato|403 forbidden|forbidden|you don'?t have permission|"
        r"just a moment\.\.\.|checking your browser|attention required|captcha|ddos protection",
    ),
    (
        RefusalReason.ERROR_PAGE,
        r"\b404\b|not found|pagina non trovata|non è stata trovata|error 5\d\d|bad gateway|"
        r"service unavailable|internal server error|errore (?:del server|5\d\d)",
    ),
    (RefusalReason.CONSENT_WALL, r"cookies?\b.*(?:accett|accept|consen)|we value your privacy"),
)
_WALL_LENGTH = 1200


def extract_flattened(text: str, url: str | None = None, captured_at: datetime | None = None) -> Article:
    """The article in a flattened dump of one page of a site on a known platform.

    `url` is the page's where the caller knows it; the dump's own first URL serves otherwise. `captured_at` (aware)
    bounds the dates. Raises PageRefused where no article is in the text.
    """
    url = url if url and is_address(url) else None
    lines = read_lines(text)
    if not lines:
        raise PageRefused(RefusalReason.EMPTY_BODY)
    site = _site_of(lines, url)
    platform = next(platform for platform in all_platforms() if platform.recognises_dump(lines, url))
    draft = platform.read_dump(lines, site.timezone if site and site.has_timezone else None, url)
    try:
        return draft.article(site, url, captured_at, site.article_url if site else parse_platform_url)
    except PageRefused as refusal:
        raise _wall(lines) or refusal from None


def _wall(lines: list[Line]) -> PageRefused | None:
    """The refusal of a dump whose text is that of a wall or an error page."""
    text = "\n".join(line.text for line in lines)
    if len(text) > _WALL_LENGTH:
        return None
    for reason, words in _WALLS:
        if re.search(words, text, re.I):
            return PageRefused(reason)
    return None


def _site_of(lines: list[Line], url: str | None) -> Site | None:
    """The site of `url`, else of the first URL in the lines, else of the name in a copyright line or title."""
    first_urls = (line.text for line in lines if is_address(line.text) and site_of(line.text))
    address = url or next(first_urls, None)
    if address is not None:
        return site_of(address)
    titles = {site.title.casefold() for site in all_sites()}
    marks = [line.text for line in lines if line.text.startswith("©") or re.search(r" - [\w.]+$", line.text)]
    marks += [line.text for line in lines if line.text.casefold() in titles]
    marks += [name for platform in all_platforms() for name in platform.site_names(lines)]
    return next((site for mark in marks for site in all_sites() if _names(mark, site)), None)


def _names(mark: str, site: Site) -> bool:
    names = "|".join(re.escape(name) for name in (site.title, *site.hosts))
    return re.search(rf"(?<![\w.@/])(?:{names})(?!\w)", mark, re.I) is not None
