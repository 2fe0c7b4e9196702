"""The URL grammar of the Sputnik platform, all eras.

g2 (2021 on)    /YYYYMMDD/slug-ID.html, /YYYYMMDD/ID.html
g1 (2015-2021)  /section/YYYYMMDDID/, /section/YYYYMMDDID-slug/
g0 (2014-2016)  /section/YYYYMMDD/ID/slug.html, /section/YYYYMMDD/ID/

Variants of one article: http and https, the mobile host, `/amp/` in front, `-print` before `.html`, a query for
tracking or sharing, a missing last slash.
"""

import re
from urllib.parse import urlsplit

from crawler.site import ArticleUrl, day_of
from crawler.urls import host_of

_DAY = r"(?P<day>\d{8})"
_ERAS = (
    re.compile(rf"/{_DAY}/(?:(?P<slug>.+)-)?(?P<id>\d{{4,}})\.html"),
    re.compile(rf"/(?P<section>[^/]+)/{_DAY}(?P<id>\d{{4,}})(?:-(?P<slug>[^/]*))?/"),
    re.compile(rf"/(?P<section>[^/]+)/{_DAY}/(?P<id>\d+)(?:/(?P<slug>[^/]+)\.html|/)"),
)
#: First path segments that look like a section of g1 or g0 and are none.
_NO_SECTION = frozenset({"services", "search", "cms", "export", "archive", "img"})


def parse_article_url(url: str, host: str | None = None) -> ArticleUrl | None:
    """An article's URL on any host of the platform, in parts; None for any other URL.

    The canonical URL is on `host`, by default the URL's own.
    """
    path = _plain_path(url)
    for era in _ERAS:
        found = era.fullmatch(path)
        if found is None:
            continue
        parts = found.groupdict()
        day = day_of(parts["day"])
        section = parts.get("section")
        if day is None or section in _NO_SECTION:
            return None
        canonical_url = f"https://{host or host_of(url)}{path}"
        return ArticleUrl(canonical_url=canonical_url, native_id=parts["id"], day=day, section=section)
    return None


def _plain_path(url: str) -> str:
    path = re.sub(r"/{2,}", "/", urlsplit(url).path or "/")
    path = path.removeprefix("/amp") if path.startswith("/amp/") else path
    if path.endswith("/amp/") or path.endswith("/amp"):
        path = path[: path.rindex("/amp")] or "/"
    if ".html" in path:
        return path.rstrip("/").replace("-print.html", ".html")
    return path if path.endswith("/") else f"{path}/"
