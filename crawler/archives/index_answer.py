"""Answers of the CDX servers of web archives, and the lines in them.

Two forms: the Wayback Machine's JSON, an array of rows with the names of the fields in the first, and behind an empty
row the key to go on with; and lines with a JSON object each (pywb, Common Crawl). Pure; the spiders of this package
fetch.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final

from crawler.site import Site
from crawler.urls import web_url
from storage.corpus.write.archive_ledger import IndexLine, LineOutcome
from storage.corpus.write.identity import digest_key
from storage.exceptions import InvalidUrl, UnreadableList
from storage.warc.digest import canonical_digest

#: The fields that are asked of the Wayback Machine. A resume key is made of the first two of each row, whatever they
#: are, so that the key is of use in this order alone.
FIELDS: Final = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
#: Types of pages, and of lines that do not say: a revisit has that of its record, the Wayback Machine writes `unk`.
PAGE_TYPES: Final = frozenset({None, "text/html", "application/xhtml+xml", "warc/revisit", "unk"})
#: Names of the same field, in the order of preference.
_NAMES: Final = {
    "url": ("original", "url"),
    "mimetype": ("mimetype", "mime"),
    "status": ("statuscode", "status"),
    "digest": ("digest",),
    "length": ("length",),
    "offset": ("offset",),
    "file": ("filename",),
}
_EXCLUDED: Final = (b"AccessControlException", b"Blocked Site", b"has been excluded")


@dataclass(frozen=True, slots=True)
class IndexAnswer:
    """lines: of the answer, in order. unreadable: rows that are none. resume_key: to go on with, None at the end.
    last_key: the last row's SURT key and time, by which the order of two answers shows."""

    lines: list[IndexLine] = field(default_factory=list)
    unreadable: int = 0
    resume_key: str | None = None
    first_key: tuple[str, str] | None = None
    last_key: tuple[str, str] | None = None

    @property
    def rows(self) -> int:
        return len(self.lines) + self.unreadable


def is_exclusion(body: bytes) -> bool:
    """Whether an answer of an archive says that it does not show the page or site."""
    return any(sign in body[:100_000] for sign in _EXCLUDED)


def read_answer(body: bytes) -> IndexAnswer:
    """The lines of an answer. Raises UnreadableList where it is empty, cut off or of another form."""
    text = body.strip()
    if text.startswith(b"["):
        return _of_array(_json(text))
    if text.startswith(b"{"):
        return _of_rows([_json(line) for line in text.splitlines() if line.strip()])
    raise UnreadableList(
        "the answer is empty" if not text else f"no CDX answer: {text[:80].decode('utf-8', 'replace')}"
    )


def _json(text: bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableList(f"the answer is cut off, or no JSON: {error}") from None


def _of_array(rows: object) -> IndexAnswer:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise UnreadableList("the answer is no array of rows")
    resume_key = None
    if len(rows) >= 2 and rows[-2] == [] and len(rows[-1]) == 1:
        resume_key, rows = str(rows[-1][0]), rows[:-2]
    names = [str(name) for name in rows[0]] if rows else []
    return replace(_of_rows([dict(zip(names, row, strict=False)) for row in rows[1:]]), resume_key=resume_key)


def _of_rows(rows: Sequence[object]) -> IndexAnswer:
    known = [row for row in rows if isinstance(row, dict)]
    lines = [line for row in known if (line := _line(row)) is not None]
    keys = [(str(row.get("urlkey", "")), str(row.get("timestamp", ""))) for row in known]
    return IndexAnswer(
        lines,
        unreadable=len(rows) - len(lines),
        first_key=keys[0] if keys else None,
        last_key=keys[-1] if keys else None,
    )


def _line(row: Mapping[str, object]) -> IndexLine | None:
    """The line of a row; None where it has no URL or no time."""
    found = {field: next((row[name] for name in names if row.get(name)), None) for field, names in _NAMES.items()}
    url, captured_at = found["url"], moment_of(str(row.get("timestamp", "")))
    if not isinstance(url, str) or captured_at is None:
        return None
    mimetype = found["mimetype"]
    return IndexLine(
        url=url,
        captured_at=captured_at,
        digest=(canonical_digest(str(found["digest"] or "")) or "").removeprefix("sha1:"),
        mimetype=None if mimetype in (None, "-") else str(mimetype),
        status=_number(found["status"]),
        length=_number(found["length"]),
        offset=_number(found["offset"]),
        file=str(found["file"]) if found["file"] else None,
    )


def moment_of(timestamp: str) -> datetime | None:
    """The instant of a CDX timestamp of 14 digits, UTC; None for another text."""
    if len(timestamp) != 14 or not timestamp.isascii() or not timestamp.isdigit():
        return None
    try:
        return datetime.strptime(timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _number(value: object) -> int | None:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def of_site(lines: Sequence[IndexLine], site: Site) -> Iterator[IndexLine]:
    """The lines with the article that each is of, or with the reason why it is not to be requested."""
    for line in lines:
        try:
            article = site.article_url(web_url(line.url))
        except InvalidUrl:
            article = None
        if article is None:
            yield replace(line, outcome=line.outcome or LineOutcome.NO_ARTICLE)
            continue
        line = replace(line, article=digest_key(article.native_id or article.canonical_url))
        if line.outcome is not None:
            yield line
        elif line.status not in (None, 200):
            yield replace(line, outcome=LineOutcome.NO_PAGE, detail=f"status {line.status}")
        elif line.mimetype not in PAGE_TYPES:
            yield replace(line, outcome=LineOutcome.NO_PAGE, detail=line.mimetype)
        else:
            yield line
