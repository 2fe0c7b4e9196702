"""Packages that are bombs, or would have files outside of them read: told, and not obeyed."""

import gzip
import hashlib
import json
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import pytest

from storage.warc.fixity.verifier import Fault, FixityReport, Verifier
from storage.warc.fixity.wacz_index import MOST_WRONG, index_faults
from storage.warc.fixity.wacz_package import DIGEST, PACKAGE, wacz_faults
from storage.warc.read.source import open_archive

#: Of plain bytes: more than any reader may take into memory at once.
BOMB = 520 * 1024 * 1024
SPACE = b" " * (1024 * 1024)
LINE = b'it,a)/ 20220214142100 {"url": "http://a.it/%s", "length": "9", "offset": "0", "filename": "a.warc"}\n'


def package(path: Path, entries: dict[str, bytes], bomb: str = "", of: bytes = SPACE) -> Path:
    """A deflated package. bomb: the name of an entry of 520 MB of these bytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as wacz:
        for name, data in entries.items():
            wacz.writestr(name, data)
        if bomb:
            with wacz.open(bomb, "w") as entry:
                for _ in range(BOMB // len(of)):
                    entry.write(of)
    return path


def checked(path: Path) -> tuple[list[Fault], int]:
    """The faults of a package, and the bytes of memory that it took to find them."""
    tracemalloc.start()
    faults = [*wacz_faults(path), *index_faults(path)]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return faults, peak


@pytest.mark.parametrize(
    ("bomb", "said"),
    [
        (PACKAGE, "'datapackage.json' has more than 67108864 bytes"),
        (DIGEST, "'datapackage-digest.json' has more than 67108864 bytes"),
        ("pages/pages.jsonl", "'pages/pages.jsonl' is a bomb: unpacked it has 545259520 bytes"),
        ("indexes/index.cdx", "'indexes/index.cdx' is a bomb: unpacked it has 545259520 bytes"),
    ],
)
def test_an_entry_that_unpacks_to_much_is_told_and_not_read(tmp_path: Path, bomb: str, said: str) -> None:
    listed = json.dumps({"resources": [{"path": "pages/pages.jsonl", "hash": "sha256:0"}]}).encode()
    entries = {} if bomb == PACKAGE else {PACKAGE: listed}
    faults, peak = checked(package(tmp_path / "a.wacz", entries, bomb))
    assert any(fault.kind == "damaged" and said in fault.detail for fault in faults), faults
    assert peak < 200 * 1024 * 1024


def test_an_archive_in_a_package_that_is_a_bomb_is_not_read(tmp_path: Path) -> None:
    path = package(tmp_path / "a.wacz", {}, "archive/a.warc")
    report = FixityReport()
    with Verifier(report) as verifier:
        verifier.verify_file(path / "archive/a.warc", "a.warc")
    assert [fault.kind for fault in report.faults] == ["damaged"]
    assert "is a bomb" in report.faults[0].detail
    with pytest.raises(zipfile.BadZipFile, match="bomb"), open_archive(path / "archive/a.warc"):
        pass


def test_the_directory_of_a_package_cannot_hide_a_bomb(tmp_path: Path) -> None:
    """It says how large the entry is compressed, and that may be a lie."""
    path = package(tmp_path / "a.wacz", {}, "archive/a.warc")
    data = path.read_bytes()
    with zipfile.ZipFile(path) as wacz:
        compressed = wacz.getinfo("archive/a.warc").compress_size
    at = data.rindex(b"PK\x01\x02") + 20
    assert data[at : at + 4] == compressed.to_bytes(4, "little")
    path.write_bytes(data[:at] + (BOMB // 2).to_bytes(4, "little") + data[at + 4 :])
    with pytest.raises(zipfile.BadZipFile, match="bomb"), open_archive(path / "archive/a.warc"):
        pass


@pytest.mark.parametrize(
    ("part", "said"),
    [(SPACE, "line 1 is none of an index, and what follows it is not read"), (LINE % (b"x" * 100_000), "bomb")],
    ids=["a line without an end", "lines without an end"],
)
def test_a_gzipped_index_that_is_a_bomb_is_told(tmp_path: Path, part: bytes, said: str) -> None:
    stream = zlib.compressobj(1, wbits=31)
    index = b"".join([*(stream.compress(part) for _ in range(BOMB // len(part))), stream.flush()])
    path = package(tmp_path / "a.wacz", {PACKAGE: b'{"resources": []}', "indexes/index.cdx.gz": index})
    faults, peak = checked(path)
    assert any(said in fault.detail for fault in faults), faults[:9]
    assert len(faults) < 9
    assert peak < 50 * 1024 * 1024


def test_an_index_of_other_lines_ends_after_some(tmp_path: Path) -> None:
    entries = {PACKAGE: b'{"resources": []}', "indexes/index.cdx.gz": gzip.compress(b"\n" * 1_000_000)}
    faults, _ = checked(package(tmp_path / "a.wacz", entries))
    told = [fault for fault in faults if "none of an index" in fault.detail]
    assert len(told) == MOST_WRONG
    assert told[-1].detail == f"line {MOST_WRONG} is none of an index, and what follows it is not read"


@pytest.mark.parametrize("name", ["{}", "../{}", "../../../../../../../..{}", "/dev/zero"])
def test_a_line_of_an_index_cannot_have_other_files_read(tmp_path: Path, name: str) -> None:
    """Else the report would tell the author of the package whether a file has certain bytes."""
    secret = tmp_path / "secret"
    secret.write_bytes(b"una parola d'ordine")
    digest = f"sha256:{hashlib.sha256(secret.read_bytes()).hexdigest()}"
    place = {"filename": name.format(secret), "offset": "0", "length": str(BOMB), "recordDigest": digest}
    line = b"it,a)/ 20220214142100 " + json.dumps(place).encode() + b"\n"
    faults, peak = checked(package(tmp_path / "a.wacz", {PACKAGE: b'{"resources": []}', "indexes/index.cdx": line}))
    assert f"the index says it is {digest}" in [fault.detail for fault in faults]
    assert peak < 50 * 1024 * 1024
