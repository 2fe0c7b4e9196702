"""Crawler traps: URLs of which a site generates endlessly many. Pure functions; each trap has a name."""

import re
from datetime import date, timedelta
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

MAX_URL_LENGTH: Final = 2000
MAX_PATH_DEPTH: Final = 12
MAX_PARAMETERS: Final = 8
#: No newspaper has put its archive on the web from before.
FIRST_YEAR: Final = 1990

_SESSION = re.compile(
    r"(?:j?sess(?:ion)?_?id|phpsessid|aspsessionid\w*|asp\.net_sessionid|sid|cfid|cftoken|oscsid|zenid)", re.IGNORECASE
)
_SESSION_IN_PATH = re.compile(r";(?:j?sessionid|sid)=[^/?;]*|/\([SXF]\([^)]*\)\)", re.IGNORECASE)
#: One or two segments, three times more in a row.
_REPEATED = re.compile(r"(/[^/]+(?:/[^/]+)?)\1{3,}(?:/|$)")
_DAY = re.compile(r"(?<!\d)(\d{4})[-/]?(\d{2})(?:[-/]?(\d{2}))?(?!\d)")


def trap(url: str) -> str | None:
    """Which trap the URL is: `url-too-long`, `url-too-deep`, `repeating-path`, `too-many-parameters`; None: none."""
    if len(url) > MAX_URL_LENGTH:
        return "url-too-long"
    parts = urlsplit(url)
    if _REPEATED.search(parts.path):
        return "repeating-path"
    if parts.path.strip("/").count("/") >= MAX_PATH_DEPTH:
        return "url-too-deep"
    if len(parse_qsl(parts.query, keep_blank_values=True)) > MAX_PARAMETERS:
        return "too-many-parameters"
    return None


def list_trap(url: str, today: date) -> str | None:
    """The same of a list's URL, and `endless-calendar` for a day that is still to come or before the web."""
    parts = urlsplit(url)
    for year, month, day in _DAY.findall(f"{parts.path}?{parts.query}"):
        asked = _day(int(year), int(month), int(day or 1))
        if asked is not None and not date(FIRST_YEAR, 1, 1) <= asked <= today + timedelta(days=31):
            return "endless-calendar"
    return trap(url)


def without_session(url: str) -> str:
    """The URL without session ids, in its query or its path. Doing it twice changes nothing."""
    parts = urlsplit(url)
    path = _SESSION_IN_PATH.sub("", parts.path)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(name, value) for name, value in pairs if not _SESSION.fullmatch(name)]
    query = parts.query if len(kept) == len(pairs) else urlencode(kept)
    return parts._replace(path=path, query=query).geturl() if (path, query) != (parts.path, parts.query) else url


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
