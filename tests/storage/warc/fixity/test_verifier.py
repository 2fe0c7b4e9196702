"""Whatever is changed in a file, a record, an index or a manifest is found and named."""

import gzip
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.warc.digest import canonical_digest, digest_matches, same_digest, sha1_digest
from storage.warc.fixity.verifier import Fault, FixityReport, Verifier, manifest_faults
from storage.warc.http.exchange import Exchange
from storage.warc.index.file_registry import WarcFileRegistry
from storage.warc.write.writer import WarcWriter

Exchanges = Callable[..., Exchange]
Writers = Callable[..., WarcWriter]
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nneve\r\n0\r\n\r\n"


@pytest.fixture
def sealed(exchange: Exchanges, open_writer: Writers) -> Path:
    """A file with three captures, one of them chunked."""
    with open_writer() as writer:
        for body in (b"pioggia" * 99, b"sole" * 99):
            writer.write(exchange(body, url=f"https://a.it/{body[:4].decode()}"), {"route": "feed"})
        ref = writer.write(exchange(url="https://a.it/neve", response=CHUNKED))
    return writer.folder / ref.file


def faults_of(*files: Path, sha256: str | None = None) -> list[Fault]:
    report = FixityReport()
    with Verifier(report) as verifier:
        for file in files:
            verifier.verify_file(file, file.name, sha256)
        verifier.verify_revisits()
    return report.faults


def record(kind: str, block: bytes, number: int = 1, **extra: str) -> bytes:
    headers = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:uuid:00000000-0000-4000-8000-{number:012}>",
        "WARC-Target-URI": f"http://a.it/{number}",
        "WARC-Date": "2022-02-14T14:21:00Z",
        **{name.replace("_", "-"): value for name, value in extra.items()},
        "Content-Length": str(len(block)),
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return b"WARC/1.1\r\n" + lines.encode() + b"\r\n" + block + b"\r\n\r\n"


def test_our_own_files_have_no_fault(sealed: Path) -> None:
    report = FixityReport()
    with Verifier(report) as verifier:
        verifier.verify_file(sealed, sealed.name)
        verifier.verify_revisits()
    assert report == FixityReport(files=1, bytes=sealed.stat().st_size, records=9, captures=3)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(data=st.data())
def test_no_changed_byte_goes_unnoticed(sealed: Path, data: st.DataObject) -> None:
    whole = sealed.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    changed = sealed.with_name("changed.warc.gz")
    changed.write_bytes(whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :])
    kinds = {fault.kind for fault in faults_of(changed, sha256=_sha256(sealed))}
    assert "changed" in kinds
    if not _is_unchecked(whole, changed.read_bytes(), at):
        assert kinds - {"changed"}


def _sha256(path: Path) -> str:
    return WarcFileRegistry(path.parent, path.parent / "index").register(path).sha256


def _is_unchecked(whole: bytes, changed: bytes, at: int) -> bool:
    """gzip has no checksum over its own header: time, flags, system (RFC 1952, 2.3); nor over the padding bits behind
    the compressed data, which change nothing. Of these the checksums of sealed records tell."""
    start = whole.rfind(b"\x1f\x8b\x08", 0, at + 1)
    return 0 <= at - start < 10 or _plain(changed) == _plain(whole)


def _plain(data: bytes) -> bytes:
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error):
        return b""


@pytest.mark.parametrize(
    ("tail", "kinds"), [(b"", []), (b"\0" * 100, []), (b"rumore", ["damaged"]), (b"\x1f\x8b\x08\0", ["damaged"])]
)
def test_what_follows_the_last_record_is_noticed(sealed: Path, tail: bytes, kinds: list[str]) -> None:
    sealed.write_bytes(sealed.read_bytes() + tail)
    assert [fault.kind for fault in faults_of(sealed)] == kinds


def test_noise_between_members_is_noticed(tmp_path: Path) -> None:
    members = [gzip.compress(record("resource", b"x", number)) for number in range(2)]
    (tmp_path / "a.warc.gz").write_bytes(members[0] + b"rumore" + members[1])
    [fault] = faults_of(tmp_path / "a.warc.gz")
    assert (fault.offset, fault.kind) == (len(members[0]), "damaged")


@pytest.mark.parametrize(
    ("extra", "kinds"),
    [
        ({"WARC_Block_Digest": sha1_digest([CHUNKED])}, []),
        ({"WARC_Block_Digest": sha1_digest([b"altro"])}, ["block digest"]),
        ({"WARC_Block_Digest": "sha1:non e' un digest"}, ["block digest"]),
        ({"WARC_Block_Digest": "whirlpool:00"}, []),
        ({"WARC_Payload_Digest": sha1_digest([b"neve"])}, []),
        ({"WARC_Payload_Digest": sha1_digest([CHUNKED[CHUNKED.find(b"4\r\n") :]])}, []),
        ({"WARC_Payload_Digest": sha1_digest([b"pioggia"])}, ["payload digest"]),
    ],
)
def test_digests_are_checked(tmp_path: Path, extra: dict[str, str], kinds: list[str]) -> None:
    (tmp_path / "a.warc").write_bytes(record("response", CHUNKED, **extra))
    assert [fault.kind for fault in faults_of(tmp_path / "a.warc")] == kinds


@pytest.mark.parametrize(
    ("url", "date", "digest", "kinds"),
    [
        ("http://a.it/1", "2022-02-14T14:21:00Z", sha1_digest([b"neve"]), []),
        ("http://a.it/1", "2022-02-14T14:21:00Z", sha1_digest([b"altra"]), ["revisit"]),
        ("http://a.it/1", "2022-02-15T14:21:00Z", sha1_digest([b"neve"]), ["revisit"]),
        ("http://a.it/9", "2022-02-14T14:21:00Z", sha1_digest([b"neve"]), ["revisit"]),
    ],
)
def test_revisits_lead_to_their_payload(tmp_path: Path, url: str, date: str, digest: str, kinds: list[str]) -> None:
    original = record("response", CHUNKED, 1, WARC_Payload_Digest=sha1_digest([b"neve"]))
    named = {"WARC_Payload_Digest": digest, "WARC_Refers_To_Target_URI": url, "WARC_Refers_To_Date": date}
    (tmp_path / "a.warc").write_bytes(record("revisit", b"", 2, **named))
    (tmp_path / "b.warc").write_bytes(original)
    assert [fault.kind for fault in faults_of(tmp_path / "a.warc", tmp_path / "b.warc")] == kinds


def test_an_index_has_the_lines_of_its_records_and_no_others(sealed: Path) -> None:
    registry = WarcFileRegistry(sealed.parent, sealed.parent / "index")
    registry.register(sealed)
    lines = list(registry.index.lines())
    registry.index.replace(
        [b'a)/ 20220214142100 {"filename": "%s", "offset": "7"}\n' % sealed.name.encode(), *lines[1:]]
    )
    report = FixityReport()
    with Verifier(report) as verifier:
        verifier.verify_file(sealed, sealed.name)
        verifier.verify_revisits()
        verifier.verify_index(registry.index, {sealed.name})
    assert [fault.kind for fault in report.faults] == ["index", "index"]
    assert "no record gives" in report.faults[0].detail
    assert "no line for" in report.faults[1].detail


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        (lambda lines: [lines[0], lines[1][:80] + b"\xff\xfe\n", lines[2]], "line 2 is none"),
        (lambda lines: [lines[0], b"it,a)/sole 20220214142100 [1]\n", lines[2]], "line 2 is none"),
        (lambda lines: [lines[0], lines[1], lines[2][:60]], "line 3 is none"),
        (lambda lines: [lines[0], lines[2], lines[1]], "line 3 is not in order"),
    ],
    ids=["noise", "no object", "cut off", "order"],
)
def test_a_spoilt_line_of_the_index_is_named(
    sealed: Path, tmp_path: Path, spoilt: Callable[[list[bytes]], list[bytes]], said: str
) -> None:
    registry = WarcFileRegistry(sealed.parent, tmp_path / "index")
    registry.register(sealed)
    [path] = registry.index.files()
    path.write_bytes(b"".join(spoilt(path.read_bytes().splitlines(keepends=True))))
    report = FixityReport()
    with Verifier(report) as verifier:
        verifier.verify_file(sealed, sealed.name)
        verifier.verify_revisits()
        verifier.verify_index(registry.index, {sealed.name})
    assert (path.name, "index") == (report.faults[0].file, report.faults[0].kind)
    assert said in report.faults[0].detail
    missing = [fault for fault in report.faults[1:] if "no line for" in fault.detail]
    assert len(missing) == (0 if "order" in said else 1)


def test_files_and_manifest_must_match() -> None:
    faults = list(manifest_faults({"a": "", "b": ""}, ["b", "c"]))
    assert [(fault.file, fault.kind) for fault in faults] == [("a", "missing"), ("c", "not on the manifest")]


@pytest.mark.parametrize(
    "spelling",
    [
        "sha1:BZQ2OAHTLE5IUXXCEVZ6IQBBFVGVKNYO",
        "SHA-1:bzq2oahtle5iuxxcevz6iqbbfvgvknyo",
        "sha1:0e61a700f3593a8a5ee22573e440212d4d55370e",
        "BZQ2OAHTLE5IUXXCEVZ6IQBBFVGVKNYO",
        "sha1:DmGnAPNZOope4iVz5EAhLU1VNw4=",
    ],
)
def test_a_digest_is_known_in_every_spelling(spelling: str) -> None:
    assert canonical_digest(spelling) == "sha1:BZQ2OAHTLE5IUXXCEVZ6IQBBFVGVKNYO"
    assert same_digest(spelling, spelling.upper() if "=" not in spelling else spelling)


@given(st.binary(max_size=50))
def test_a_digest_of_ours_agrees_with_its_bytes(data: bytes) -> None:
    assert digest_matches(sha1_digest([data]), [data]) is True
    assert digest_matches(sha1_digest([data]), [data + b"x"]) is False
