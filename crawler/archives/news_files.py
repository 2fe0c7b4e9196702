"""The WARC files of CC-NEWS: which there are, by month, and what one has of a site.

There is no index of URLs, so each file is read whole. The date in a file's name is that of its capture, and a page may
have been published long before.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from crawler.urls import host_of
from storage.exceptions import DecodingError, RecordError, SourceNotFound, UnreadableList
from storage.warc.digest import same_digest
from storage.warc.http.content_coding import decode
from storage.warc.read.members import Damage, Members
from storage.warc.read.reader import as_capture
from storage.warc.read.record import Headers, records_of
from storage.warc.read.source import open_source
from storage.warc.write.copied_record import CopiedRecord, copy_of

SOURCE: Final = "cc-news"
#: The first month.
BEGAN: Final = date(2016, 8, 1)
#: Bytes of a file, about.
FILE_BYTES: Final = 1_070_000_000
#: Bytes of the list of a month's files, which has a few hundred lines.
_MOST_OF_LIST: Final = 4 * 1024 * 1024
_RECORD_TYPES: Final = frozenset({"response", "revisit"})
_BRACKETS: Final = re.compile(r"^<|>$")


def months_between(since: date | None, until: date) -> list[str]:
    """The months of a span of days, as the folders are named: `2022/02`."""
    first = max(since or BEGAN, BEGAN)
    months = range(first.year * 12 + first.month - 1, until.year * 12 + until.month)
    return [f"{month // 12}/{month % 12 + 1:02}" for month in months]


def files_of_month(data: str, month: str) -> list[str]:
    """The URLs of a month's files; none for a month of which there is no list. Raises UnreadableList."""
    place = f"{data}/crawl-data/CC-NEWS/{month}/warc.paths.gz"
    try:
        with open_source(place) as file:
            content = file.read(_MOST_OF_LIST)
        paths = decode(content, ["gzip"], _MOST_OF_LIST) if content.startswith(b"\x1f\x8b") else content
    except FileNotFoundError:
        return []
    except (OSError, DecodingError, SourceNotFound) as problem:
        raise UnreadableList(f"{place} cannot be read: {problem}") from problem
    return [f"{data}/{path}" for path in paths.decode().split()]


@dataclass(frozen=True, slots=True)
class ScannedFile:
    """What a WARC file has of a site. copies: its captures. damages: what cannot be read. problem: why the file could
    not be read to its end; None where it was."""

    place: str
    copies: Sequence[CopiedRecord] = ()
    damages: Sequence[Damage] = ()
    problem: str | None = None
    outcomes: Mapping[str, str | None] = field(default_factory=dict)


def scan_file(place: str, hosts: Sequence[str]) -> ScannedFile:
    """Read a file, at a path or URL, for the captures of hosts. Raises nothing: errors are in the result."""
    damages: list[Damage] = []
    copies: list[CopiedRecord] = []
    problem = None
    try:
        with open_source(place) as file:
            members = Members(file, 0, damages)
            for member in members:
                for record in records_of(member, members, lambda kind, headers, _: not _is_of(hosts, kind, headers)):
                    origin = {"source": SOURCE, "source-file": place, "source-offset": record.offset}
                    copies.append(copy_of(file, record, origin))
    # Foreign bytes over foreign networks: whatever it is, the file is read again by the next run.
    except Exception as error:
        problem = f"{type(error).__name__}: {error}"
    outcomes = {copy.record.record_id: _wrong_digest(copy) for copy in copies}
    return ScannedFile(place, copies, damages, problem, outcomes)


def _is_of(hosts: Sequence[str], kind: str, headers: Headers) -> bool:
    if kind not in _RECORD_TYPES:
        return False
    url = next((value for name, value in headers if name.lower() == "warc-target-uri"), "")
    return host_of(_BRACKETS.sub("", url)) in hosts


def _wrong_digest(copy: CopiedRecord) -> str | None:
    """The digest of the payload, where the record names another."""
    try:
        capture = as_capture(copy.record, "")
    except RecordError:
        return None
    declared = copy.record.header("WARC-Payload-Digest")
    if capture is None or not declared or not capture.payload_digest or copy.record.record_type != "response":
        return None
    return None if same_digest(declared, capture.payload_digest) else capture.payload_digest


def all_files(data: str, months: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Each month and its files. Raises UnreadableList."""
    for month in months:
        yield month, files_of_month(data, month)
