"""URLs: parsed as browsers do before they are requested; as names of articles without tracking."""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from ada_url import URL
from w3lib.url import safe_url_string

from storage.exceptions import InvalidUrl

_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|dclid|yclid|msclkid|igshid|mc_[ce]id|ref|ref_src|share-\w+|cmpid|xtor|_ga|wt_mc|amp", re.I
)
#: Host labels that name a way of showing the same site.
_VARIANT_LABELS = frozenset({"www", "m", "amp", "mobile"})

#: An absolute URL that no parser changes: most URLs of lists.
_PLAIN = re.compile(r"https?://[a-z][a-z0-9]*(?:[.-][a-z][a-z0-9]*)+(?:/(?!\.)[\w.~-]*)+", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_USER = re.compile(r"[^/?#]*//[^/?#]*@")


def web_url(text: str, base: str | None = None) -> str:
    """The absolute http(s) URL by the WHATWG standard, spelt so that every other parser reads it alike: the one string
    that is checked and requested. All URLs from lists, redirects and arguments pass here.

    Raises InvalidUrl, also for backslashes, control characters and user information.
    """
    text = text.strip(" \t\n\f\r")
    if _PLAIN.fullmatch(text):
        return text
    if "\\" in text or _CONTROL.search(text):
        raise InvalidUrl("it has a backslash or a control character")
    try:
        url = URL(text, base=base)
    except ValueError:
        raise InvalidUrl("it is no absolute URL with a valid host and port") from None
    if url.protocol not in {"http:", "https:"}:
        raise InvalidUrl(f"its scheme is {url.protocol} and neither http: nor https:")
    if url.username or url.password or _USER.match(text):
        raise InvalidUrl("it has a user name or password")
    return safe_url_string(url.href)


def is_web_url(text: str) -> bool:
    """Whether `web_url` accepts the URL."""
    try:
        return bool(web_url(text))
    except InvalidUrl:
        return False


def port_of(url: str) -> int:
    """The port of a URL from `web_url`."""
    parts = urlsplit(url)
    return {"http": 80, "https": 443}[parts.scheme] if parts.port is None else parts.port


def plain_url(url: str) -> str:
    """The URL without fragment and tracking parameters, host in lower case."""
    parts = urlsplit(url)
    kept = [
        (key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(key)
    ]
    query = parts.query if len(kept) == len(parse_qsl(parts.query, keep_blank_values=True)) else urlencode(kept)
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path or "/", query, ""))


def host_of(url: str) -> str:
    """The host name in lower case, empty where the URL has none or cannot be read."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def same_family(one: str, other: str) -> bool:
    """Whether two URLs stand on the same site, whatever its variants of the host (`www.`, `m.`, `amp.`)."""
    return _bare(host_of(one)) == _bare(host_of(other)) != ""


def _bare(host: str) -> str:
    return ".".join(label for label in host.split(".") if label not in _VARIANT_LABELS)
