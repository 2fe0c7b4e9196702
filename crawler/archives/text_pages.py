"""Texts of pages out of files: flattened dumps, WET files, JSON lines; read by `crawler.archives.text_import`."""

import gzip
import json
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from pathlib import Path
from typing import IO, Any, cast

from storage.exceptions import SourceNotFound
from storage.warc.dates import parse_warc_date
from storage.warc.read.record import records_in
from storage.warc.read.source import open_source

#: Bytes of a file's beginning by which its format is known.
_BEGINNING = 4096
_GZIP = b"\x1f\x8b"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class TextPage:
    """The text of a page, and what its file says of it.

    url: None where the file does not say. captured_at: aware; None where unknown. place: where in the file it is.
    stated: further facts, as warc-fields of the provenance. refers_to: id of the record that it was made of.
    """

    text: str
    url: str | None
    captured_at: datetime | None
    place: str
    stated: dict[str, str] = field(default_factory=dict)
    refers_to: str | None = None


@dataclass(frozen=True, slots=True)
class UnreadableText:
    """A part of a file that holds no text of a page, and why."""

    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class JsonFields:
    """Names of the fields of JSON lines; those of URL and date may be missing."""

    text: str = "text"
    url: str = "url"
    date: str = "date"


def read_text_pages(path: Path, names: JsonFields) -> Iterator[TextPage | UnreadableText]:
    """The pages of one file, whose format is known by its beginning: WARC or WET, JSON lines, else one flattened page;
    each plain or gzip. Raises SourceNotFound.
    """
    try:
        beginning = _beginning(path)
        if beginning.startswith(b"WARC/"):
            yield from _conversions(path)
        elif beginning.lstrip().startswith(b"{"):
            with closing(_opened(path)) as file:
                yield from _json_lines(file, names)
        else:
            with closing(_opened(path)) as file:
                yield _flattened(file.read())
    except (OSError, EOFError) as error:
        raise SourceNotFound(f"{path} cannot be read: {error}") from error


def _opened(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        is_gzip = file.read(len(_GZIP)) == _GZIP
    return cast("IO[bytes]", gzip.open(path)) if is_gzip else path.open("rb")


def _beginning(path: Path) -> bytes:
    with closing(_opened(path)) as file:
        return file.read(_BEGINNING).removeprefix(b"\xef\xbb\xbf")


def _flattened(content: bytes) -> TextPage | UnreadableText:
    text, stated = _decoded(content)
    if not text.strip():
        return UnreadableText("", "it is empty")
    return TextPage(text, None, None, "", stated)


def _decoded(content: bytes) -> tuple[str, dict[str, str]]:
    """The text, and the encoding where it is not UTF-8."""
    try:
        return content.decode("utf-8-sig"), {}
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace"), {"source-encoding": "windows-1252"}


def _json_lines(file: IO[bytes], names: JsonFields) -> Iterator[TextPage | UnreadableText]:
    for number, line in enumerate(file, 1):
        if not line.strip():
            continue
        place = f"line {number}"
        try:
            values = json.loads(line.decode("utf-8-sig"))
        except (ValueError, RecursionError) as error:
            yield UnreadableText(place, f"no JSON: {error}")
            continue
        text = values.get(names.text) if isinstance(values, dict) else None
        if isinstance(text, str) and text.strip():
            yield _from_json(text, values, names, place)
        else:
            yield UnreadableText(place, f"no text in the field {names.text!r}: --text-field names another")


def _from_json(text: str, values: dict[str, Any], names: JsonFields, place: str) -> TextPage:
    url, date = values.get(names.url), values.get(names.date)
    text = text.encode("utf-8", "replace").decode()  # JSON may escape lone surrogates, which no file can hold
    stated = {} if date is None else {"source-date": str(date)}
    return TextPage(text, url if isinstance(url, str) and url else None, moment_of(date), place, stated)


def moment_of(date: object) -> datetime | None:
    """The instant that a date names, the end of the day where it names only that; None for anything else."""
    if not isinstance(date, str):
        return None
    if _DAY.fullmatch(date):
        try:
            return datetime.combine(datetime.fromisoformat(date), time(23, 59, 59), UTC)
        except ValueError:
            return None
    return parse_warc_date(date) if date[10:11] in ("T", " ") else None


def _conversions(path: Path) -> Iterator[TextPage | UnreadableText]:
    with open_source(str(path)) as file:
        for record in records_in(file):
            if record.record_type != "conversion":
                continue
            url = record.target_uri.strip("<>")
            stated = {"source-record-id": record.record_id, "source-date": record.header("WARC-Date") or ""}
            text, encoding = _decoded(bytes(record.block))
            place = f"record {record.record_id}"
            if not url or not text.strip():
                yield UnreadableText(place, "a conversion record without URL or text")
                continue
            captured_at = parse_warc_date(record.header("WARC-Date"))
            yield TextPage(text, url, captured_at, place, stated | encoding, record.header("WARC-Refers-To"))
