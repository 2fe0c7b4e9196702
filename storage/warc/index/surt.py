"""SURT, the sort-friendly key of a URL in CDXJ indexes: `http://www.A.it/B?y&x` is `it,a)/b?x&y`.

The rules are those of the Wayback Machine's indexes: scheme, login, fragment, default port, a leading `www1.` and
known session ids are removed; escapes are normalised; everything is lower case; the query is sorted. Different URLs
may have one key, so a key finds captures and never replaces a URL. Called by the CDXJ index.
"""

import re
import socket
from contextlib import suppress
from urllib.parse import quote_from_bytes, unquote_to_bytes

#: What is never escaped: printable ASCII without `#` and `%`.
_SAFE = bytes(set(range(0x21, 0x7F)) - set(b"#%"))
_PARTS = re.compile(
    rb"(?:(?P<scheme>[a-z][a-z0-9+.-]*):)?(?://(?P<place>[^/?#]*))?(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?", re.I | re.S
)
_PORTS = {b"http": 80, b"https": 443}
#: Digits of a host that is a number; Python refuses to read thousands.
_LONGEST_NUMBER = 100
_NUMERIC_HOST = re.compile(rb"\d+(?:\.\d+){0,3}")
_PATH_SESSIONS = re.compile(rb"(.*/)(?:\((?:[a-z]\([0-9a-z]{24}\))+\)|\([0-9a-z]{24}\))/([^?]+\.aspx.*)", re.S)
#: A session id, and the end of the query or what follows it; each kind is taken out once, its last occurrence.
_QUERY_SESSIONS = tuple(
    re.compile(rb"(.*)(?:" + kind + rb")(?:&(.*))?", re.I | re.S)
    for kind in (
        rb"jsessionid=[0-9a-z]{32}",
        rb"phpsessid=[0-9a-z]{32}",
        rb"sid=[0-9a-z]{32}",
        rb"aspsessionid[a-z]{8}=[a-z]{24}",
        rb"cfid=[^&]+&cftoken=[^&]+",
    )
)


def surt(url: str) -> str:
    """The key of a URL; text that is no URL is returned unchanged. Never fails."""
    data = re.sub(rb"[\r\n\t]", b"", _encoded(url).strip())
    if not data:
        return "-"
    if data.startswith((b"filedesc", b"warcinfo")):
        return data.decode("utf-8", "replace")
    if not re.match(rb"[a-z][a-z0-9+.-]*:", data, re.I):
        data = b"http://" + data
    found = _PARTS.match(re.sub(rb"^(?:https?://)+(?=https?://)", b"", data))
    assert found is not None  # every part may be empty
    scheme, place, path = found["scheme"].lower(), found["place"], found["path"]
    if scheme.startswith(b"http") and not place:
        place, _, path = path.lstrip(b"/").partition(b"/")
        path = b"/" + path
    query = _query(found["query"] or b"")
    key = _path(path, is_web=bool(place)) + (b"?" + query if query else b"")
    if not place:
        return (scheme + b":" + key).decode("ascii")
    return (_place(scheme, place) + b")" + key).decode("ascii")


def _place(scheme: bytes, place: bytes) -> bytes:
    """Host and port, the host's labels in reverse order."""
    place = place.rpartition(b"@")[2]
    bracketed, _, rest = place[1:].partition(b"]") if place.startswith(b"[") else (b"", b"", b"")
    host, _, digits = (bracketed, b"", rest[1:]) if bracketed else place.partition(b":")
    host = _host(host)
    if scheme != b"dns":
        host = re.sub(rb"^www\d*\.", b"", host)
    port = int(digits) if digits.isdigit() and len(digits) < 6 else 0
    key = b",".join(reversed(host.split(b".")))
    return key + b":%d" % port if port and port != _PORTS.get(scheme) else key


def _encoded(url: str) -> bytes:
    """Bytes that are no UTF-8, which surrogates stand for, as they are; of other lone surrogates U+FFFD."""
    try:
        return url.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return re.sub("[\ud800-\udfff]", "\ufffd", url).encode()


def _host(host: bytes) -> bytes:
    host = _unescape(host.lower())
    if not host.isascii():
        with suppress(UnicodeError):
            host = host.decode("utf-8", "ignore").encode("idna")
    host = host.replace(b"..", b".").strip(b".").lower()
    if _NUMERIC_HOST.fullmatch(host):
        host = _dotted(host)
    return _escape(host)


def _dotted(host: bytes) -> bytes:
    """An IPv4 address in four decimal numbers, however it was written."""
    if host.isdigit() and len(host) <= _LONGEST_NUMBER:
        return socket.inet_ntoa((int(host) & 0xFFFFFFFF).to_bytes(4, "big")).encode()
    try:
        return socket.inet_ntoa(socket.inet_aton(host.decode())).encode()
    except OSError:
        return host


def _path(path: bytes, *, is_web: bool) -> bytes:
    path = _unescape(path)
    if is_web:
        path = _without_dots(path)
    path = _escape(path).lower()
    if found := _PATH_SESSIONS.fullmatch(path):
        path = found[1] + found[2]
    return path[:-1] if path.endswith(b"/") and len(path) > 1 else path


def _without_dots(path: bytes) -> bytes:
    kept: list[bytes] = []
    for step in path.split(b"/")[1:]:
        if step == b"..":
            kept = kept[:-1] if kept else [step]
        elif step != b".":
            kept.append(step)
    folders = b"".join(step + b"/" for step in kept[:-1] if step)
    return b"/" + folders + (kept[-1] if kept else b"")


def _query(query: bytes) -> bytes:
    query = _escape(_unescape(query))
    for session in _QUERY_SESSIONS:
        if found := session.fullmatch(query):
            query = found[1] + (found[2] or b"")
    if len(query) < 2:
        return query.lower()
    pairs = sorted(tuple(pair.split(b"=", 1)) for pair in query.lower().split(b"&"))
    return b"&".join(b"=".join(pair) for pair in pairs)


def _unescape(data: bytes) -> bytes:
    while (plain := unquote_to_bytes(data)) != data:
        data = plain
    return data


def _escape(data: bytes) -> bytes:
    return quote_from_bytes(data, safe=_SAFE).encode("ascii")
