"""Reads captures from WARC files of any writer: the top of four layers (source, members, records, captures).

Formats: WARC/0.17 to 1.1 and ARC; gzip per record or whole, zstd with or without a dictionary, uncompressed; files,
folders, WACZ. Damaged stretches are skipped, and added to a list of the caller's. Called by `crawler.ingest`,
`crawler.crawl.worker`, `crawler.ingest.extraction_worker` and the commands.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from storage.exceptions import CaptureMissing
from storage.warc.dates import parse_warc_date
from storage.warc.digest import canonical_digest, sha1_digest
from storage.warc.http.capture import Capture, CaptureRef
from storage.warc.http.message import parse_response, payload_parts, text
from storage.warc.open_file import OPEN_SUFFIX
from storage.warc.read.members import PIECE, Damage, Members
from storage.warc.read.record import Record, records_in
from storage.warc.read.source import Source, archive_files, open_archive, open_source
from storage.warc.spool import pieces

CAPTURE_RECORD_TYPES = ("response", "revisit", "resource")


def read_records(path: Path, damages: list[Damage] | None = None) -> Iterator[Record]:
    """Every whole record of a file, a folder or a WACZ, in order. `damages` is added to. Raises FileNotFoundError."""
    for _, record in _records(path, damages):
        yield record


def read_captures(path: Path, damages: list[Damage] | None = None) -> Iterator[Capture]:
    """The captures of a file, a folder or a WACZ: response, revisit and resource records, in order.

    A record without a URL or a date is no capture and goes to `damages`. Raises FileNotFoundError.
    """
    yield from _captures(_records(path, damages), damages)


def captures_of(source: Source, damages: list[Damage] | None = None) -> Iterator[Capture]:
    """The same of one source, which may be remote. Raises OSError."""
    with open_source(source.place) as file:
        yield from _captures(((source.name, record) for record in records_in(file, damages=damages)), damages)


def _captures(records: Iterable[tuple[str, Record]], damages: list[Damage] | None) -> Iterator[Capture]:
    for file, record in records:
        if record.record_type not in CAPTURE_RECORD_TYPES:
            continue
        capture = as_capture(record, file)
        if capture is not None:
            yield capture
        elif damages is not None:
            damages.append(Damage(record.offset, why_no_capture(record)))


def read_capture(place: Path | str, ref: CaptureRef) -> Capture:
    """The capture that a reference names; place: as `read_record` has it. Raises CaptureMissing."""
    capture = as_capture(read_record(place, ref), ref.file)
    if capture is None:
        raise CaptureMissing(f"the record {ref.record_id} at offset {ref.offset} of {ref.file} is no capture")
    return capture


def read_record(place: Path | str, ref: CaptureRef) -> Record:
    """The record that a reference names; place: the folder of its file, or the file, also by the place of a `Source`.
    Raises CaptureMissing.
    """
    path = _file_at(place, ref)
    try:
        with open_source(path) as file:
            record = next((one for one in records_in(file, ref.offset) if one.record_id == ref.record_id), None)
    except (FileNotFoundError, KeyError) as error:
        raise CaptureMissing(f"there is no file {path}") from error
    if record is None:
        raise CaptureMissing(f"no record {ref.record_id} at offset {ref.offset} of {path}")
    return record


def record_bytes(place: Path | str, ref: CaptureRef) -> Iterator[bytes]:
    """The bytes of the record that a reference names: as in its file, or decompressed where its member holds other
    records too. place: as `read_record` has it. Raises CaptureMissing.
    """
    start, end = read_record(place, ref).span if not ref.length else (0, ref.length)
    with open_source(_file_at(place, ref)) as file:
        if ref.length:
            file.seek(ref.offset)
            yield file.read(ref.length)
            return
        member, at = next(iter(Members(file, ref.offset))), 0
        while at < end and (piece := member.read(PIECE)):
            yield piece[max(start - at, 0) : end - at]
            at += len(piece)


def _file_at(place: Path | str, ref: CaptureRef) -> str:
    return str(place / ref.file if isinstance(place, Path) and place.is_dir() else place)


def _records(path: Path, damages: list[Damage] | None) -> Iterator[tuple[str, Record]]:
    for file in archive_files(path):
        name = _name_of(file, path)
        with open_archive(file) as stream:
            for record in records_in(stream, damages=damages):
                yield name, record


def _name_of(file: Path, asked: Path) -> str:
    """The bare name; of a file in a WACZ, from the WACZ's own name on; of one deeper in a folder, from there on."""
    base = asked if asked.is_dir() else asked.parent
    return file.relative_to(base).as_posix().removesuffix(OPEN_SUFFIX)


def why_no_capture(record: Record) -> str:
    """What a record lacks of which `as_capture` makes no capture."""
    if not record.target_uri:
        return "no URL"
    date = record.header("WARC-Date")
    return "no date" if not date else f"no date: {date[:40]!r}"


def as_capture(record: Record, file: str) -> Capture | None:
    """A response, revisit or resource record as a capture; None where it has no URL or no date."""
    url = record.target_uri
    captured_at = parse_warc_date(record.header("WARC-Date"))
    if not url or captured_at is None:
        return None
    is_resource = record.record_type == "resource"
    head = parse_response(record.block) if not is_resource else None
    parts = payload_parts(record.block, head) if head else pieces(record.block)
    headers = tuple((text(name), text(value)) for name, value in head.fields) if head else ()
    is_revisit, declared = record.record_type == "revisit", record.header("WARC-Payload-Digest")
    return Capture(
        ref=CaptureRef(file, record.offset, record.length, record.record_id),
        url=url,
        captured_at=captured_at,
        status=head.status if head else None,
        reason=head.reason if head else "",
        headers=headers,
        content_type=head.first(b"content-type") if head else record.header("Content-Type") if is_resource else None,
        payload=b"".join(parts),
        payload_digest=(declared if is_revisit else None) or sha1_digest(parts),
        truncated=record.header("WARC-Truncated"),
        record_type=record.record_type,
        ip_address=record.header("WARC-IP-Address"),
        refers_to=record.header("WARC-Refers-To"),
        resource_type=record.header("WARC-Resource-Type"),
        declared_digest=declared if not is_revisit and (canonical_digest(declared) or "sha1:")[:5] != "sha1:" else None,
    )
