"""The fuzzer of archives: generated WARC, ARC, WACZ and CDXJ files, most of them damaged, through the functions that
`rebuild`, `import`, `index` and `verify` read them with.

Held: nothing is raised but the errors that are promised; each record that no damage touches is read with its bytes,
before and behind the damage; of a file without damage everything is read, found again by its place, and verified; no
record is passed that its digest contradicts; each damage names a place in the file; each change of a file is found by
the checksums of its records.
"""

import gzip
import os
import random
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import lz4.frame
import zstandard

from bench.fuzz.bounds import Fuzzer
from crawler.ingest.capture_filter import CaptureFilter
from crawler.ingest.classify import Extractor
from crawler.ingest.extraction_worker import ExtractionWorker
from crawler.ingest.messages import RangeTask
from crawler.operations.verify_collection import verify_paths
from storage.exceptions import DecodingError, RecordError
from storage.warc.digest import sha1_digest
from storage.warc.fixity.verifier import FixityReport, Verifier, digest_faults
from storage.warc.index.cdxj import CdxjEntry, entries_in
from storage.warc.index.cdxj_store import CdxjStore
from storage.warc.index.checksums import Checksums
from storage.warc.index.manifest import Manifest
from storage.warc.open_file import OPEN_SUFFIX
from storage.warc.read.members import Damage
from storage.warc.read.range_reader import KnownRecords, RangeReader
from storage.warc.read.reader import read_capture, read_captures, record_bytes
from storage.warc.read.record import records_in
from storage.warc.read.recovery import recover
from storage.warc.read.source import Source, archive_files, find_sources, open_archive
from storage.warc.wacz.writer import WaczPage, WaczWriter

#: A folder in memory, where there is one: each input is written, and the program syncs what it writes.
_MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
#: A place behind any file.
_END = 10**18
#: Share of archives without any damage.
_WHOLE = 0.1
_DATE = "2021-03-06T04:03:53Z"
_TYPES = ("response",) * 6 + ("request", "revisit", "metadata", "resource", "warcinfo", "conversion")
_ARC_LINE = "{url} 192.0.2.7 20210306040353 {type} {length}\n"
_WORDS = ("la", "neve", "cade", "piano", "sul", "ponte", "e", "nessuno", "WARC/1.0", "http://paper.example/", "12")


@dataclass(slots=True)
class Entry:
    """A record of an archive: its bytes in there, uncompressed, and the number under which it is known. is_hit: by a
    damage.
    """

    number: int
    data: bytes
    block: bytes
    is_hit: bool = False

    @property
    def url(self) -> str:
        return f"http://paper.example/{self.number}"


@dataclass(slots=True)
class Archive:
    """A file: its name, bytes before and after it was damaged, and its records. is_read_in_part: its records are
    compressed together, so that a damage of the file can hit all of them.
    """

    name: str
    whole: bytes
    data: bytes
    entries: list[Entry] = field(default_factory=list)
    is_read_in_part: bool = False
    is_lying: bool = False

    @property
    def is_damaged(self) -> bool:
        return self.is_lying or self.data != self.whole


def archive(number: int) -> Archive:
    """The archive with this number."""
    chance = random.Random(f"archive {number}")
    kind = chance.choices((_warc, _arc, _wacz, _cdxj), (14, 3, 3, 2))[0]
    return kind(chance)


def _warc(chance: random.Random, *, is_whole: bool = False) -> Archive:
    style = _Style.of(chance)
    entries = [style.entry(number, chance) for number in range(chance.randint(1, 9))]
    is_whole = is_whole or chance.random() < _WHOLE
    is_lying = not is_whole and chance.random() < 0.4
    if is_lying:
        for one in chance.sample(entries, chance.choice((1, 1, 2)) if len(entries) > 1 else 1):
            one.data, one.is_hit = chance.choice(LIES)(one, chance), True
    pack = chance.choice(tuple(PACKED))
    suffix, is_alone, compress = PACKED[pack]
    parts = [one.data for one in entries]
    if is_alone:
        parts = [compress(part) for part in parts]
        before = b""
    elif pack == "dictionary":
        before, parts = _with_dictionary(parts)
    else:
        before, parts = b"", [compress(b"".join(parts))]
    found = Archive(f"a{suffix}", b"", b"", entries, is_read_in_part=len(parts) != len(entries), is_lying=is_lying)
    return _damaged(found, before, parts, chance, is_whole=is_whole or (is_lying and chance.random() < 0.7))


def _arc(chance: random.Random) -> Archive:
    info = b"1 0 Test\nURL IP-address Archive-date Content-type Archive-length\n"
    head = _ARC_LINE.format(url="filedesc://a.arc", type="text/plain", length=len(info)).encode() + info + b"\n"
    entries = []
    for number in range(chance.randint(1, 8)):
        block = _http(chance)
        line = _ARC_LINE.format(url=f"http://paper.example/{number}", type="text/html", length=len(block))
        entries.append(Entry(number, line.encode() + block + b"\n", block))
    is_whole = chance.random() < _WHOLE
    compress = chance.choice((None, None, gzip.compress))
    parts = [one.data for one in entries]
    if compress is None:
        # a line of an ARC record is found at the beginning of a line alone
        found = Archive("a.arc", b"", b"", entries)
        return _damaged(found, head, parts, chance, is_whole=is_whole, edge=1)
    parts = [compress(part) for part in parts]
    return _damaged(Archive("a.arc.gz", b"", b"", entries), compress(head), parts, chance, is_whole=is_whole)


def _damaged(
    found: Archive, before: bytes, parts: list[bytes], chance: random.Random, *, is_whole: bool, edge: int = 0
) -> Archive:
    """The archive of these parts, with damages of the file; edge: bytes before a part that belong to it too."""
    found.whole = found.data = before + b"".join(parts)
    if is_whole:
        return found
    spans, at = [], len(before)
    for part in parts:
        spans.append((at - edge, at + len(part)))
        at += len(part)
    top, hits = len(found.data), []
    for place in sorted((chance.randint(0, len(found.data)) for _ in range(chance.choice((1, 1, 2, 5)))), reverse=True):
        found.data, begin, end = chance.choice(DAMAGES)(found.data, place, top, chance)
        top = begin
        hits.append((begin, end))
    if found.is_read_in_part:
        for one in found.entries:
            one.is_hit = found.data != found.whole
        return found
    for one, (first, last) in zip(found.entries, spans, strict=True):
        one.is_hit |= any(begin < last and (end > first or (begin == end and begin > first)) for begin, end in hits)
        one.is_hit |= edge > 0 and any(begin == end and first <= begin < last for begin, end in hits)
        one.is_hit |= found.name.endswith(".zst") and any(begin < len(before) for begin, _ in hits)  # the dictionary
    return found


@dataclass(frozen=True, slots=True)
class _Style:
    """How a writer writes records."""

    version: bytes
    newline: bytes
    has_digests: bool
    has_brackets: bool
    order: int

    @classmethod
    def of(cls, chance: random.Random) -> "_Style":
        return cls(
            chance.choice((b"WARC/1.0", b"WARC/1.1", b"WARC/0.18", b"WARC/0.17")),
            chance.choice((b"\r\n", b"\r\n", b"\r\n", b"\n")),
            chance.random() < 0.7,
            chance.random() < 0.2,
            chance.randint(0, 1000),
        )

    def entry(self, number: int, chance: random.Random) -> Entry:
        """A record of any type, with the digest of its block where the style has those."""
        kind = chance.choice(_TYPES)
        block = _http(chance) if kind in ("response", "revisit", "request") else _body(chance)
        url = f"http://paper.example/{number}"
        fields = [
            ("WARC-Type", kind),
            ("WARC-Record-ID", f"<urn:uuid:00000000-0000-4000-8000-{number:012}>"),
            ("WARC-Target-URI", f"<{url}>" if self.has_brackets else url),
            ("WARC-Date", _DATE),
            ("Content-Type", "application/http; msgtype=response"),
            ("Content-Length", str(len(block))),
        ]
        if self.has_digests:
            fields.append(("WARC-Block-Digest", sha1_digest([block])))
        if chance.random() < 0.1:
            fields.append(("X-Note", chance.choice(("a" * 9000, "città", "due\r\n righe", ""))))
        random.Random(self.order).shuffle(fields)
        lines = b"".join(f"{name}: {value}".encode() + self.newline for name, value in fields)
        data = self.version + self.newline + lines + self.newline + block + 2 * self.newline
        return Entry(number, data, block)


def _body(chance: random.Random) -> bytes:
    size = chance.choice((0, 1, 30, 300, 3000, 40_000))
    text = " ".join(chance.choices(_WORDS, k=size // 5)).encode()
    kind = chance.randint(0, 3)
    return chance.randbytes(size) if kind == 0 else text if kind < 3 else gzip.compress(text)


def _http(chance: random.Random) -> bytes:
    head = [chance.choice((b"HTTP/1.1 200 OK", b"HTTP/1.0 404 Not Found", b"HTTP/2 200", b"HTTP/1.1 xyz", b""))]
    head += chance.sample(
        (
            *(b"Content-Type: text/html; charset=utf-8", b"Transfer-Encoding: chunked", b"Content-Encoding: gzip"),
            *(
                b"Content-Length: 12",
                b"Content-Encoding: br, zstd",
                b"Set-Cookie: a=\xff\x00b",
                b"no colon",
                b": no name",
            ),
        ),
        chance.randint(0, 4),
    )
    body = _body(chance)
    if b"Transfer-Encoding: chunked" in head and chance.random() < 0.7:
        body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    return chance.choice((b"\r\n", b"\r\n", b"\n")).join([*head, b"", body])


def _with_dictionary(parts: list[bytes]) -> tuple[bytes, list[bytes]]:
    words = zstandard.ZstdCompressionDict(b"".join(parts)[:100_000] * 2, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    compressor = zstandard.ZstdCompressor(dict_data=words, write_checksum=True)
    data = zstandard.compress(words.as_bytes())
    before = b"\x5d\x2a\x4d\x18" + len(data).to_bytes(4, "little") + data
    return before, [compressor.compress(part) for part in parts]


def _lz4(data: bytes) -> bytes:
    return lz4.frame.compress(data, content_checksum=True)


def _zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(write_checksum=True).compress(data)


#: Suffix, whether each record is compressed alone, and how. Checksums make each change of a compressed record known.
PACKED: dict[str, tuple[str, bool, Callable[[bytes], bytes]]] = {
    "plain": (".warc", True, bytes),
    "gzip": (".warc.gz", True, gzip.compress),
    "gzip as a whole": (".warc.gz", False, gzip.compress),
    "zstd": (".warc.zst", True, _zstd),
    "zstd as a whole": (".warc.zst", False, _zstd),
    "dictionary": (".warc.zst", False, _zstd),
    "lz4": (".warc.lz4", True, _lz4),
    "lz4 as a whole": (".warc.lz4", False, _lz4),
}

Lie = Callable[[Entry, random.Random], bytes]


def _wrong_length(one: Entry, chance: random.Random) -> bytes:
    size = len(one.block)
    other: object = chance.choice(
        (
            *(
                size + 1,
                size + 7,
                size + 40,
                size * 3 + 100,
                10**9,
                10**19,
                10**400,
                0,
                max(size - 1, 0),
                size // 2,
                -1,
            ),
            *("", "abc", "²", f"{size} {size}", f"0x{size:x}"),
        )
    )
    return one.data.replace(f"Content-Length: {size}".encode(), f"Content-Length: {other}".encode(), 1)


def _without_a_field(one: Entry, chance: random.Random) -> bytes:
    name = chance.choice((b"Content-Length", b"WARC-Date", b"WARC-Type", b"WARC-Target-URI", b"WARC-Record-ID"))
    return one.data.replace(name + b":", chance.choice((b"X" + name + b":", name, b"", name + b" :")), 1)


def _odd_value(one: Entry, chance: random.Random) -> bytes:
    values = (b"", b"\xff\xfe", b"a" * 100_000, b"\0", b"9999-99-99T99:99:99Z", b"0000", b"\x1b[2J", b"sha256:x", b"1")
    name = chance.choice((b"WARC-Date: ", b"WARC-Type: ", b"WARC-Target-URI: ", b"WARC-Block-Digest: ", b"WARC/"))
    return one.data.replace(name, name + chance.choice(values), 1)


def _many_lines(one: Entry, chance: random.Random) -> bytes:
    head, newline, rest = one.data.partition(b"\n")
    return head + newline + b"X-A: b\r\n" * chance.choice((10, 100_000)) + rest


def _bomb(one: Entry, chance: random.Random) -> bytes:
    """A block of megabytes of one byte, of which compression makes a few."""
    size = chance.choice((1_000_000, 20_000_000))
    return one.data.replace(b"Content-Length: %d" % len(one.block), b"Content-Length: %d" % size, 1).replace(
        one.block, b"\0" * size, 1
    )


LIES: tuple[Lie, ...] = (_wrong_length, _wrong_length, _wrong_length, _without_a_field, _odd_value, _many_lines, _bomb)

Damaging = Callable[[bytes, int, int, random.Random], tuple[bytes, int, int]]
"""Data, place, where an earlier damage begins -> data, and the bytes of it that were hit."""


def _flip(data: bytes, at: int, top: int, chance: random.Random) -> tuple[bytes, int, int]:
    if at >= top:
        return data, at, at
    return data[:at] + bytes([data[at] ^ 1 << chance.randint(0, 7)]) + data[at + 1 :], at, at + 1


def _overwrite(data: bytes, at: int, top: int, chance: random.Random) -> tuple[bytes, int, int]:
    end = min(at + chance.choice((1, 4, 60, 2000)), top)
    size = max(end - at, 0)
    new = chance.choice((b"\0" * size, b"\xff" * size, b"\n" * size, chance.randbytes(size)))
    return data[:at] + new + data[at + size :], at, at + size


def _delete(data: bytes, at: int, top: int, chance: random.Random) -> tuple[bytes, int, int]:
    end = max(min(at + chance.choice((1, 4, 60, 700, 5000)), top), at)
    return data[:at] + data[end:], at, end


def _cut_off(data: bytes, at: int, top: int, chance: random.Random) -> tuple[bytes, int, int]:
    return data[:at], at, _END


def _insert(data: bytes, at: int, top: int, chance: random.Random) -> tuple[bytes, int, int]:
    begin = chance.randint(0, len(data))
    new = chance.choice(
        (
            *(chance.randbytes(chance.choice((1, 50, 5000))), b"\n", b"\r\n" * 9, b"\0" * 3000, b"WARC/1.0\r\n"),
            *(
                b"\x1f\x8b\x08" * 50,
                b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03",
                b"\x28\xb5\x2f\xfd",
                b"\x04\x22\x4d\x18",
            ),
            *(data[begin : begin + chance.choice((20, 400, 5000))], gzip.compress(b"WARC/1.0\r\n"), b"http://a/ x\n"),
        )
    )
    return data[:at] + new + data[at:], at, at


DAMAGES: tuple[Damaging, ...] = (_flip, _flip, _overwrite, _delete, _insert, _cut_off)


def _wacz(chance: random.Random) -> Archive:
    """A package of our writer, or of another; damaged as a file, or with odd entries."""
    inner = _warc(chance, is_whole=chance.random() < 0.6)
    with tempfile.TemporaryDirectory(dir=_MEMORY) as folder:
        file, path = Path(folder) / "data.warc.gz", Path(folder) / "a.wacz"
        file = file.with_name(f"data{inner.name[1:]}")
        file.write_bytes(inner.data)
        if chance.random() < 0.5 and not inner.is_damaged:
            with WaczWriter(path, software="x", title="x", description="x") as wacz:
                wacz.add_file(file)
                wacz.add_pages([WaczPage("1", "http://paper.example/1", datetime(2021, 3, 6, tzinfo=UTC), "t", "x")])
        else:
            _package(path, file, chance)
        found = Archive("a.wacz", path.read_bytes(), path.read_bytes(), inner.entries, is_lying=inner.is_damaged)
    if chance.random() < 0.7:
        place = chance.randint(0, len(found.data))
        found.data, _, _ = chance.choice(DAMAGES)(found.data, place, len(found.data), chance)
        for one in found.entries:
            one.is_hit = True
    return found


def _package(path: Path, file: Path, chance: random.Random) -> None:
    stored, deflated = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED
    names = (
        "../out.warc.gz",
        "/etc/x.warc",
        "archive/a\\b.warc",
        "archive/\x1b[2J.warc",
        "archive/" + "x" * 300 + ".warc",
    )
    odd: dict[str, bytes] = {
        "indexes/index.cdx.gz": chance.choice(
            (gzip.compress(b"x" * 1000), b"\x1f\x8b", gzip.compress(b"\0" * 30_000_000))
        ),
        "indexes/index.cdx": b'it,a)/ 20210306040353 {"filename": "a.warc", "offset": "%d"}\n'
        % chance.randint(0, 10**18),
        "datapackage.json": chance.choice((b"{}", b"[" * 5000, b'{"resources": [{"path": 1, "hash": 2}]}', b"\xff")),
        "datapackage-digest.json": chance.choice((b"null", b'{"hash": "md5:0"}', b"")),
        "pages/pages.jsonl": b'{"url": 7}\nnull\n\xff\n',
        chance.choice(names): b"WARC/1.0\r\n",
    }
    with zipfile.ZipFile(path, "w") as wacz:
        wacz.write(file, f"archive/{file.name}", chance.choice((stored, deflated)))
        for name in chance.sample(sorted(odd), chance.randint(0, len(odd))):
            wacz.writestr(zipfile.ZipInfo(name), odd[name], deflated)


def _cdxj(chance: random.Random) -> Archive:
    """Lines of an index, in order, most of them damaged."""
    lines = []
    for number in range(chance.randint(1, 60)):
        place = {"url": f"http://paper.example/{number}", "offset": str(number), "length": "9", "filename": "a.warc"}
        lines.append(CdxjEntry(f"example,paper)/{number}", "20210306040353", place).line())
    data = b"".join(sorted(lines))
    odd = (
        *(b"\n", b"\xff\xfe\n", b"a b c\n", b"a 2021 {}\n", b'a 9 {"filename": "x", "offset": "%s"}\n' % (b"9" * 5000)),
        *(
            b'a 99999999999999 {"filename": "x"}\n',
            b'a 1 {"filename": 1, "offset": -1}\n',
            b'b 2 {"filename": ["x"]}\n',
        ),
        *(
            b'a 3 {"filename": "\\ud800"}\n',
            b"x" * 300_000,
            b'a 1 {"filename": "x", "offset": 1e400}\n',
            b"[" * 100_000,
        ),
    )
    found = Archive("a.cdxj", data, data)
    if chance.random() < _WHOLE:
        return found
    for _ in range(chance.randint(0, 3)):
        cut = chance.choice([0, *(at + 1 for at, byte in enumerate(found.data) if byte == 10)])
        found.data = found.data[:cut] + chance.choice(odd) + found.data[cut:]
    for _ in range(chance.randint(0, 3)):
        place = chance.randint(0, len(found.data))
        found.data, _, _ = chance.choice(DAMAGES)(found.data, place, len(found.data), chance)
    return found


def check(made: Archive) -> str:
    """Read an archive in all ways. Raises for anything that does not hold."""
    with tempfile.TemporaryDirectory(prefix="emeroteca-fuzz-", dir=_MEMORY) as name:
        folder = Path(name)
        path = folder / made.name
        path.write_bytes(made.data)
        if made.name.endswith(".cdxj"):
            _check_index(folder, made)
        elif made.name.endswith(".wacz"):
            _check_package(path, made)
        else:
            _check_records(path, made)
            _check_ranges(path, made)
            _check_rows(path)
            _check_fixity(path, made)
            _check_recovery(path)
    kind = made.name.partition(".")[2]
    return f"{kind}, damaged" if made.is_damaged else f"{kind}, whole"


def _hold(holds: object, what: str) -> None:
    if not holds:
        raise AssertionError(what)


def _check_records(path: Path, made: Archive) -> None:
    damages: list[Damage] = []
    with open_archive(path) as file:
        found = list(records_in(file, damages=damages))
    blocks: dict[str, list[bytes]] = {}
    for record in found:
        blocks.setdefault(record.target_uri.strip("<>"), []).append(bytes(record.block))
    for one in made.entries:
        if not one.is_hit:
            _hold(one.block in blocks.get(one.url, ()), f"the record {one.number}, which is whole, is not read")
    _check_damages(damages, made)
    if not made.is_damaged:
        _hold(not damages, f"a whole file has damages: {damages[:3]}")
        count = len(found) - made.name.startswith("a.arc")
        _hold(count == len(made.entries), f"{count} records of {len(made.entries)} are read")
    captures = list(read_captures(path, damages))
    places = Counter((record.offset, record.record_id) for record in found)
    for capture in captures:
        with suppress(DecodingError):
            capture.content()
        if made.is_damaged and places[capture.ref.offset, capture.ref.record_id] > 1:
            continue  # the records of one member are known by their ids
        again = read_capture(path.parent, capture.ref)
        _hold(again == capture, f"the capture at {capture.ref.offset} is another when it is read by its place")
        size = sum(map(len, record_bytes(path.parent, capture.ref)))
        _hold(size == capture.ref.length or not capture.ref.length, "a record has other bytes than its length says")


def _check_damages(damages: Iterable[Damage], made: Archive) -> None:
    for damage in damages:
        _hold(0 <= damage.offset <= len(made.data), f"a damage is at {damage.offset}, outside of the file")
        _hold(damage.reason and damage.reason.isprintable(), f"a damage says {damage.reason!r}")


def _check_ranges(path: Path, made: Archive) -> None:
    """What is read in ranges is what is read at once."""
    step = max(len(made.data) // 3, 1)
    with open_archive(path) as file:
        at_once = [(record.offset, record.record_id) for record in records_in(file)]
        in_ranges: list[tuple[int, str]] = []
        for start in (0, step, 2 * step):
            end = start + step if start < 2 * step else None
            reader = RangeReader(file, start, end, lambda *_: None, KnownRecords())
            in_ranges += [(record.offset, record.record_id) for record in reader]
            _check_damages(reader.damages, made)
    if not made.is_damaged and made.name == "a.warc.gz":
        _hold(set(at_once) <= set(in_ranges), "records are missing from ranges")


def _check_rows(path: Path) -> None:
    """The worker of rebuilds and imports gives results and named problems."""
    [source] = find_sources([str(path)])
    worker = ExtractionWorker(path.parent / "warc", CaptureFilter(), Extractor())
    for is_ours in (False, True):
        for part in worker.run(RangeTask(source, 0, None, is_ours, KnownRecords())):
            unread = [problem for problem in part.problems if problem.reason == "cannot be read"]
            _hold(not unread, f"a task ended with {unread[:1]}")


def _check_fixity(path: Path, made: Archive) -> None:
    report = FixityReport()
    with Verifier(report) as verifier:
        verifier.verify_file(path, path.name)
        verifier.verify_revisits()
    with open_archive(path) as file:
        wrong = {record.offset for record in records_in(file) if any(digest_faults(record))}
    named = {fault.offset for fault in report.faults}
    _hold(wrong <= named, f"records of other digests are not named: {sorted(wrong - named)[:3]}")
    if not made.is_damaged:
        others = [str(fault) for fault in report.faults if fault.kind != "revisit"]
        _hold(not others, f"a whole file has faults: {others[:3]}")
    for entry in entries_in(path):
        _hold(CdxjEntry.parse(entry.line()) == entry, "a line of the index is read as another entry")
        _hold(entry.captured_at.tzinfo is UTC, "an entry of the index has no time")
    checksums = Checksums(path.parent)
    path.write_bytes(made.whole)
    checksums.write(path.name)
    path.write_bytes(made.data)
    changes = list(checksums.changes(path, path.name))
    _hold(bool(changes) == (made.data != made.whole), f"the checksums of its records say {changes[:2]}")


def _check_recovery(path: Path) -> None:
    """After recovery the file ends with a whole capture, or is gone."""
    path.rename(path.with_name(path.name + OPEN_SUFFIX))
    for report in recover(path.parent):
        if report.path is not None:
            _hold(report.captures and list(read_captures(report.path)), "a recovered file has no captures")


def _check_package(path: Path, made: Archive) -> None:
    report = verify_paths([path])
    _hold(report.faults or made.is_damaged or made.data == made.whole, "a changed package has no fault")
    sources: list[Source] = list(find_sources([str(path)]))
    worker = ExtractionWorker(path.parent / "warc", CaptureFilter(), Extractor())
    for source in sources:
        _hold(".." not in source.name.split("/"), "an entry leads out of the package")
        for part in worker.run(RangeTask(source, 0, None, True, KnownRecords())):
            unread = [one for one in part.problems if one.reason == "cannot be read" and "BadZipFile" not in one.detail]
            _hold(not unread, f"a task ended with {unread[:1]}")
    try:
        files = archive_files(path)
        urls: dict[str, list[bytes]] = {}
        for file in files:
            with open_archive(file) as stream:
                for record in records_in(stream):
                    urls.setdefault(record.target_uri.strip("<>"), []).append(bytes(record.block))
    except (zipfile.BadZipFile, KeyError):
        urls = {}
        _hold(made.data != made.whole, "a whole package is not read")
    for one in made.entries:
        if not one.is_hit:
            _hold(one.block in urls.get(one.url, ()), f"the record {one.number}, which is whole, is not read")


def _check_index(folder: Path, made: Archive) -> None:
    store = CdxjStore(folder)
    for line in store.lines():
        entry = CdxjEntry.of_record(line)
        if entry is not None:
            _hold(entry.captured_at.tzinfo is UTC, "an entry of the index has no time")
            _hold(0 <= entry.offset < 10**18 and 0 <= entry.length < 10**18, "an entry has no place")
            entry.line()
    for number in (0, 7, 59):
        for entry in store.lookup(f"http://paper.example/{number}"):
            _hold(entry.key, "an entry has no key")
    report = FixityReport()
    with Verifier(report) as verifier:
        verifier.verify_revisits()
        verifier.verify_index(store, {"a.warc"})
    if made.data != made.whole:
        _hold(report.faults, "a changed index has no fault")
    for odd in (made.data, b"\n".join(made.data.split(b" "))):
        (folder / "manifest-sha256.txt").write_bytes(odd)
        Manifest(folder).digests()
        (folder / "checksums").mkdir(exist_ok=True)
        (folder / "checksums" / "a.warc.crc32").write_bytes(odd)
        (folder / "a.warc").write_bytes(b"WARC/1.0\r\n")
        with suppress(RecordError):
            list(Checksums(folder).changes(folder / "a.warc", "a.warc"))


ARCHIVES = Fuzzer("archives", archive, check, 5.0, 300 * 1024, lambda made: (made.name, made.data))
