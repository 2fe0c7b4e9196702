"""URLs as names of articles: without tracking, compared across a site's own hosts."""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|dclid|yclid|msclkid|igshid|mc_[ce]id|ref|ref_src|share-\w+|cmpid|xtor|_ga|wt_mc|amp", re.I
)
#: Host labels that name a way of showing the same site.
_VARIANT_LABELS = frozenset({"www", "m", "amp", "mobile"})


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
