"""Bytes to text: the one place where the character set of a page is decided.

In this order, as the WHATWG encoding standard has it, with one departure:

1. a byte order mark,
2. the HTTP charset, else the charset that the page declares of itself (`meta`, XML declaration),
3. but bytes that are valid UTF-8 and not plain ASCII are UTF-8 whatever the label says (a label is wrong far more
   often than a text of another charset happens to be valid UTF-8),
4. no label, or one that the bytes contradict: windows-1252.
"""

import codecs
import re

from w3lib.encoding import read_bom, resolve_encoding

from crawler.extraction.refusals import PageRefused, RefusalReason

FALLBACK = "cp1252"
#: Charsets that write other scripts with ASCII bytes, so that "valid UTF-8" says nothing.
_SEVEN_BIT = frozenset({"iso2022_jp", "iso2022_kr", "hz", "utf_7", "utf_16", "utf_16_le", "utf_16_be"})
#: Python's codecs that are no charset of a page: of host names, of source code, of this machine.
_NO_CHARSETS = frozenset({"punycode", "idna", "unicode-escape", "raw-unicode-escape", "undefined", "charmap"})
#: Share of bad sequences among the non-ASCII bytes above which a text that says UTF-8 is not.
_MOSTLY_BAD = 0.2
_HTTP_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
_DECLARED_CHARSET = re.compile(r"<(?:meta[^>]+charset|\?xml[^>]+encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
#: Bytes of UTF-8 that a text may have: all but control characters, white space and escape among the former.
_TEXT_BYTES = bytes({*range(256)} - {*range(0x20)} | {*b"\t\n\v\f\r\x1b"})
#: Characters that are looked at to tell a text from other data.
_BEGINNING = 20_000


def decode(body: bytes, content_type: str | None = None) -> tuple[str, tuple[str, ...]]:
    """The text of a page and the warnings that its charset earned. Raises PageRefused(UNDECODABLE)."""
    bom_encoding, bom = read_bom(body)
    if bom_encoding and bom:
        return body[len(bom) :].decode(bom_encoding, "replace").replace("\0", ""), ()
    label = _label(body, content_type)
    encoding = resolve_encoding(label) if label else _bomless_utf16(body)
    text, warnings = _decode_labelled(body, label, encoding)
    start = text[:_BEGINNING]
    if len(start.encode("utf-8", "ignore").translate(None, _TEXT_BYTES)) > len(start) // 10:
        raise PageRefused(RefusalReason.UNDECODABLE, label or "no charset, binary bytes")
    return text.replace("\0", ""), warnings


def _label(body: bytes, content_type: str | None) -> str | None:
    """The charset as server or page spell it."""
    from_http = _HTTP_CHARSET.search(content_type or "")
    declared = from_http or _DECLARED_CHARSET.search(body[:4096].decode("latin-1"))
    return declared[1].lower() if declared else None


def _bomless_utf16(body: bytes) -> str | None:
    start = body[:200]
    if len(start) < 4 or start.count(0) < len(start) // 3:
        return None
    return "utf-16-le" if start[1] == 0 else "utf-16-be"


def _decode_labelled(body: bytes, label: str | None, encoding: str | None) -> tuple[str, tuple[str, ...]]:
    name = _codec_name(encoding)
    if name not in _SEVEN_BIT and (text := _as_utf8(body)) is not None:
        mislabelled = name not in (None, "utf-8", "ascii") and not body.isascii()
        return text, (f"charset-mislabelled: {label}",) if mislabelled else ()
    if name == "utf-8":
        return _broken_utf8(body)
    if name is None:
        warning = f"charset-unknown: {label}" if label else "charset-guessed: windows-1252"
        return body.decode(FALLBACK, "replace"), (warning,)
    text = body.decode(name, "replace")
    return text, ("charset-repaired",) if name != FALLBACK and "\ufffd" in text else ()


def _codec_name(encoding: str | None) -> str | None:
    try:
        codec = codecs.lookup(encoding or "")
    except LookupError:
        return None
    name = codec.name
    if not codec._is_text_encoding or name.replace("_", "-") in _NO_CHARSETS:
        return None
    return name.replace("-", "_") if name.startswith(("utf-16", "utf-7")) else name


def _as_utf8(body: bytes) -> str | None:
    """The text if the bytes are valid UTF-8, but for a character that their end cuts in two."""
    try:
        return codecs.getincrementaldecoder("utf-8")("strict").decode(body)
    except UnicodeDecodeError:
        return None


def _broken_utf8(body: bytes) -> tuple[str, tuple[str, ...]]:
    """Bytes that say UTF-8 and are not: a few bad sequences are replaced, many mean another charset."""
    text = body.decode("utf-8", "replace")
    foreign = sum(1 for char in text if char > "\x7f")
    if text.count("\ufffd") > _MOSTLY_BAD * foreign and text.count("\ufffd") > 3:
        return body.decode(FALLBACK, "replace"), ("charset-mislabelled: utf-8",)
    return text, ("charset-repaired",)
