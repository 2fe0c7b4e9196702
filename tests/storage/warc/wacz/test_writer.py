"""Packages: what is in them, that it is the same bytes, and that parts of files stand by themselves."""

import gzip
import hashlib
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.warc.fixity.verifier import FixityReport, Verifier
from storage.warc.fixity.wacz_index import index_faults
from storage.warc.fixity.wacz_package import wacz_faults
from storage.warc.http.capture import CaptureRef
from storage.warc.http.exchange import Exchange
from storage.warc.index.cdxj import entries_in
from storage.warc.read.reader import read_captures, read_records
from storage.warc.wacz import writer as wacz_module
from storage.warc.wacz.writer import WaczPage, WaczWriter
from storage.warc.write.writer import WarcWriter

Exchanges = Callable[..., Exchange]
Writers = Callable[..., WarcWriter]
START = datetime(2022, 2, 14, 14, 21, tzinfo=UTC)
PAGES = [WaczPage("1", "https://a.it/0", START, "Neve in città", "La neve è arrivata.")]


@pytest.fixture
def sealed(exchange: Exchanges, open_writer: Writers) -> tuple[Path, list[CaptureRef]]:
    """A file with ten captures, and where they are."""
    with open_writer() as writer:
        refs = [
            writer.write(
                exchange(
                    b"pagina %d" % number, url=f"https://a.it/{number}", started_at=START + timedelta(hours=number)
                ),
                {"route": "feed"},
            )
            for number in range(10)
        ]
    return writer.folder / refs[0].file, refs


def packed(output: Path, path: Path, offsets: list[int] | None = None) -> Path:
    with WaczWriter(output, software="emeroteca/test", title="Prova", description="Una prova") as writer:
        writer.add_file(path, offsets)
        writer.add_pages(PAGES)
    return output


def faults_of(path: Path) -> list[object]:
    report = FixityReport()
    with Verifier(report) as verifier:
        verifier.verify_file(path, path.name)
        verifier.verify_revisits()
    return [*report.faults, *wacz_faults(path.parents[1])]


def test_a_whole_file_goes_in_as_it_is(sealed: tuple[Path, list[CaptureRef]], tmp_path: Path) -> None:
    path, _ = sealed
    package = packed(tmp_path / "a.wacz", path)
    with zipfile.ZipFile(package) as wacz:
        assert wacz.read(f"archive/{path.name}") == path.read_bytes()
        assert gzip.decompress(wacz.read("indexes/index.cdx.gz")).splitlines(keepends=True) == sorted(
            entry.line() for entry in entries_in(path)
        )
        assert {info.date_time for info in wacz.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert wacz.getinfo(f"archive/{path.name}").compress_type == zipfile.ZIP_STORED
        head, page = map(json.loads, wacz.read("pages/pages.jsonl").splitlines())
        described = json.loads(wacz.read("datapackage.json"))
    assert head["format"] == "json-pages-1.0"
    assert page == {
        "id": "1",
        "url": "https://a.it/0",
        "ts": "2022-02-14T14:21:00.000Z",
        "title": "Neve in città",
        "text": "La neve è arrivata.",
    }
    assert (described["wacz_version"], described["created"]) == ("1.1.1", "2022-02-14T23:21:00Z")
    assert faults_of(package / "archive" / path.name) == []


def test_chosen_captures_go_in_byte_for_byte_with_what_belongs_to_them(
    sealed: tuple[Path, list[CaptureRef]], tmp_path: Path
) -> None:
    path, refs = sealed
    package = packed(tmp_path / "a.wacz", path, [refs[number].offset for number in (7, 2)])
    captures = list(read_captures(package))
    assert [capture.url for capture in captures] == ["https://a.it/2", "https://a.it/7"]
    assert [record.record_type for record in read_records(package)] == [
        "warcinfo",
        *["response", "request", "metadata"] * 2,
    ]
    whole = path.read_bytes()
    with zipfile.ZipFile(package) as wacz:
        [name] = [name for name in wacz.namelist() if name.startswith("archive/")]
        part = wacz.read(name)
        lines = gzip.decompress(wacz.read("indexes/index.cdx.gz")).splitlines()
    for capture, ref in zip(captures, (refs[2], refs[7]), strict=True):
        assert capture.ref.length == ref.length
        copied = part[capture.ref.offset : capture.ref.offset + ref.length]
        assert copied == whole[ref.offset : ref.offset + ref.length]
    assert [json.loads(line.split(b" ", 2)[2])["offset"] for line in lines] == [
        str(capture.ref.offset) for capture in captures
    ]
    assert faults_of(package / name) == []


def test_the_same_captures_give_the_same_bytes(sealed: tuple[Path, list[CaptureRef]], tmp_path: Path) -> None:
    path, refs = sealed
    offsets = [refs[3].offset, refs[4].offset]
    first = packed(tmp_path / "a.wacz", path, offsets).read_bytes()
    assert packed(tmp_path / "b.wacz", path, offsets[::-1]).read_bytes() == first


def test_the_index_comes_in_blocks_that_are_found_by_their_first_line(
    sealed: tuple[Path, list[CaptureRef]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wacz_module, "BLOCK", 3)
    path, _ = sealed
    with zipfile.ZipFile(packed(tmp_path / "a.wacz", path)) as wacz:
        blocks = wacz.read("indexes/index.cdx.gz")
        meta, *places = wacz.read("indexes/index.idx").splitlines()
    assert meta.startswith(b"!meta 0 {")
    assert len(places) == 4
    for line in places:
        start, _, said = line.partition(b" {")
        place = json.loads(b"{" + said)
        block = gzip.decompress(blocks[place["offset"] : place["offset"] + place["length"]])
        assert block.startswith(start)


def test_a_failure_leaves_no_half_package(sealed: tuple[Path, list[CaptureRef]], tmp_path: Path) -> None:
    output = tmp_path / "out" / "a.wacz"
    output.parent.mkdir()
    with pytest.raises(KeyboardInterrupt), WaczWriter(output, software="", title="", description="") as writer:
        writer.add_file(sealed[0])
        raise KeyboardInterrupt
    assert list(output.parent.iterdir()) == []


@pytest.mark.parametrize(
    ("member", "kind"),
    [
        ("pages/pages.jsonl", "changed"),
        ("datapackage.json", "package"),
        ("datapackage-digest.json", "package"),
        ("altro.txt", "package"),
    ],
)
def test_a_package_that_was_changed_is_found_out(
    sealed: tuple[Path, list[CaptureRef]], tmp_path: Path, member: str, kind: str
) -> None:
    package = packed(tmp_path / "a.wacz", sealed[0])
    changed = tmp_path / "b.wacz"
    with zipfile.ZipFile(package) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(
                name, data.replace(b"sha256:", b"sha256:0").replace(b"neve", b"nave") if name == member else data
            )
        if member not in old.namelist():
            new.writestr(member, b"aggiunto")
    assert kind in [fault.kind for fault in wacz_faults(changed)]


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        (lambda lines: lines, 0),
        (lambda lines: lines[1:], 1),
        (lambda lines: [lines[0].replace(b'"length": "', b'"length": "1'), *lines[1:]], 2),
        (lambda lines: [lines[0].replace(b'"digest": "sha1:', b'"digest": "sha1:A'), *lines[1:]], 2),
        (lambda lines: [b"no line of an index\n", *lines], 1),
        (
            lambda lines: [
                lines[0].replace(b'{"url"', b'{"recordDigest": "sha256:' + b"0" * 64 + b'", "url"'),
                *lines[1:],
            ],
            1,
        ),
    ],
)
def test_the_index_of_a_package_is_held_against_its_records(
    sealed: tuple[Path, list[CaptureRef]],
    tmp_path: Path,
    change: Callable[[list[bytes]], list[bytes]],
    faults: int,
) -> None:
    changed = tmp_path / "b.wacz"
    with zipfile.ZipFile(packed(tmp_path / "a.wacz", sealed[0])) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "indexes/index.cdx.gz":
                data = gzip.compress(b"".join(change(gzip.decompress(data).splitlines(keepends=True))))
            new.writestr(name, data)
    assert [fault.kind for fault in index_faults(changed)] == ["index"] * faults


def test_a_true_record_digest_is_no_fault(sealed: tuple[Path, list[CaptureRef]], tmp_path: Path) -> None:
    path, refs = sealed
    first = path.read_bytes()[refs[0].offset :][: refs[0].length]
    digest = hashlib.sha256(first).hexdigest().encode()
    mark = b'"offset": "%d"' % refs[0].offset
    changed = tmp_path / "b.wacz"
    with zipfile.ZipFile(packed(tmp_path / "a.wacz", path)) as old, zipfile.ZipFile(changed, "w") as new:
        new.writestr(f"archive/{path.name}", old.read(f"archive/{path.name}"))
        index = gzip.decompress(old.read("indexes/index.cdx.gz"))
        new.writestr("indexes/index.cdx", index.replace(mark, mark + b', "recordDigest": "sha256:' + digest + b'"'))
    assert list(index_faults(changed)) == []


@pytest.mark.parametrize("offset", [b"\xff\xff\xff\x7f", b"\x00\x00\x00\x80"])
def test_an_entry_that_is_listed_outside_of_the_file_is_a_fault(tmp_path: Path, offset: bytes) -> None:
    path = tmp_path / "a.wacz"
    with zipfile.ZipFile(path, "w") as wacz:
        wacz.writestr("datapackage.json", "{}")
    data = path.read_bytes()
    at = data.index(b"PK\x01\x02") + 42  # the offset of its header (APPNOTE 4.3.12)
    path.write_bytes(data[:at] + offset + data[at + 4 :])
    assert any("its header is not where the directory says" in fault.detail for fault in wacz_faults(path))


def test_an_entry_that_is_listed_before_the_file_is_damaged(tmp_path: Path) -> None:
    """In a ZIP64 field, which holds places beyond what a system can seek to."""
    path = tmp_path / "a.wacz"
    with zipfile.ZipFile(path, "w") as wacz:
        wacz.writestr("archive/a.warc", b"WARC/1.0\r\n")
        wacz.writestr("datapackage.json", '{"resources": [{"path": "archive/a.warc", "hash": "sha256:0"}]}')
    data = path.read_bytes()
    at = data.index(b"PK\x01\x02")
    name = at + 46 + len("archive/a.warc")
    extra = b"\x01\x00\x08\x00" + b"\xff" * 8  # APPNOTE 4.5.3
    entry = data[at : at + 30] + len(extra).to_bytes(2, "little") + data[at + 32 : at + 42] + b"\xff\xff\xff\xff"
    changed = data[:at] + entry + data[at + 46 : name] + extra + data[name:]
    end = changed.index(b"PK\x05\x06")
    size = int.from_bytes(changed[end + 12 : end + 16], "little") + len(extra)
    path.write_bytes(changed[: end + 12] + size.to_bytes(4, "little") + changed[end + 16 :])
    assert {"package", "damaged"} <= {fault.kind for fault in wacz_faults(path)}
