"""What the writer leaves on the disk, read back record by record."""

import errno
import gzip
import os
import re
import resource
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.exceptions import WriteFailed
from storage.warc.digest import sha1_digest
from storage.warc.http.exchange import Exchange
from storage.warc.read.members import Damage
from storage.warc.read.reader import read_capture, read_captures, read_records
from storage.warc.spool import Spool
from storage.warc.write.conversion import Conversion
from storage.warc.write.writer import QUICK, WarcWriter, host_of_file, this_host

Exchanges = Callable[..., Exchange]
Writers = Callable[..., WarcWriter]
NAME = re.compile(r"test-\d{17}-\d{5}-[A-Za-z0-9-]+-\d+-[0-9a-f]{8}\.warc\.gz")


def test_a_file_begins_with_who_wrote_it_and_how(exchange: Exchanges, open_writer: Writers, tmp_path: Path) -> None:
    with open_writer(
        operator="redazione@paper.example", info={"robots": "obey", "http-header-user-agent": "emeroteca"}
    ) as writer:
        ref = writer.write(exchange())
    [file] = tmp_path.iterdir()
    first = next(read_records(file))
    assert file.name == ref.file == first.header("WARC-Filename")
    assert NAME.fullmatch(file.name)
    assert gzip.decompress(file.read_bytes()).startswith(b"WARC/1.1\r\n")
    assert (first.record_type, first.offset) == ("warcinfo", 0)
    lines = bytes(first.block).decode().splitlines()
    assert lines[0] == "software: emeroteca/test"
    assert lines[1] == "format: WARC File Format 1.1"
    assert lines[3:] == ["operator: redazione@paper.example", "robots: obey", "http-header-user-agent: emeroteca"]


def test_a_capture_is_a_response_its_request_and_its_metadata(
    exchange: Exchanges, open_writer: Writers, tmp_path: Path
) -> None:
    what = exchange(truncated="length")
    with open_writer() as writer:
        ref = writer.write(what, {"route": "sitemap", "via": ["a", "b"], "depth": 1, "lastmod": None})
    info, response, request, metadata = read_records(tmp_path)
    assert [record.record_type for record in (response, request, metadata)] == ["response", "request", "metadata"]
    assert (response.record_id, response.offset, response.length) == (ref.record_id, ref.offset, ref.length)
    assert (response.block, request.block) == (what.response, what.request)
    assert bytes(metadata.block) == b"route: sitemap\r\nvia: a\r\nvia: b\r\ndepth: 1\r\n"
    assert [name for name, _ in metadata.headers] == [
        *("WARC-Type", "WARC-Record-ID", "WARC-Date", "WARC-Target-URI", "WARC-Warcinfo-ID", "WARC-Concurrent-To"),
        *("Content-Type", "WARC-Block-Digest", "Content-Length"),
    ]
    assert request.header("WARC-Concurrent-To") == metadata.header("WARC-Concurrent-To") == ref.record_id
    assert (
        dict(response.headers).items()
        >= {
            "WARC-Target-URI": "https://paper.example/articolo",
            "WARC-Date": "2021-12-04T18:30:00.123456Z",
            "WARC-IP-Address": "192.0.2.7",
            "WARC-Cipher-Suite": "TLS_AES_128_GCM_SHA256",
            "WARC-Truncated": "length",
            "WARC-Warcinfo-ID": info.record_id,
            "WARC-Block-Digest": sha1_digest([what.response]),
            "WARC-Payload-Digest": sha1_digest([b"<html>nebbia</html>"]),
            "Content-Type": "application/http; msgtype=response",
        }.items()
    )
    assert [value for name, value in response.headers if name == "WARC-Protocol"] == ["http/1.1", "tls/1.3"]


def test_the_payload_digest_is_taken_without_chunks_and_with_content_coding(
    exchange: Exchanges, open_writer: Writers, tmp_path: Path
) -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n"
    chunked = head + b"4\r\ncode\r\n1\r\nd\r\n0\r\n\r\n"
    with open_writer() as writer:
        writer.write(exchange(response=chunked))
    response = list(read_records(tmp_path))[1]
    assert response.header("WARC-Payload-Digest") == sha1_digest([b"coded"])
    assert response.block == chunked


def test_a_header_value_cannot_break_out_of_its_line(exchange: Exchanges, open_writer: Writers, tmp_path: Path) -> None:
    with open_writer(info={"robots": "obey\r\nWARC-Type: response"}) as writer:
        writer.write(exchange(), {"note": "uno\n\ndue"})
    records = list(read_records(tmp_path))
    assert len(records) == 4
    assert bytes(records[-1].block) == b"note: uno due\r\n"


def test_no_fact_of_an_exchange_can_forge_a_header_or_a_record(
    exchange: Exchanges, open_writer: Writers, tmp_path: Path
) -> None:
    forged = "\r\nWARC-Truncated: length\r\n\r\nWARC/1.1\r\nWARC-Type: response\r\n\r\n"
    with open_writer() as writer:
        writer.write(
            exchange(
                url=f"https://paper.example/{forged}",
                ip_address=f"192.0.2.7{forged}",
                tls=f"tls/1.3{forged}",
                cipher_suite=f"TLS{forged}",
                resource_type=f"image{forged}",
            )
        )
    records = list(read_records(tmp_path))
    assert [record.record_type for record in records] == ["warcinfo", "response", "request"]
    for record in records[1:]:
        assert record.header("WARC-Truncated") is None
        assert record.header("WARC-IP-Address") == "192.0.2.7 " + " ".join(forged.split())


def test_every_capture_goes_out_in_one_write(exchange: Exchanges, open_writer: Writers) -> None:
    """The kernel counts the write calls of this process."""
    writer = open_writer(sync_every=0)
    writer.write(exchange())
    before = writes()
    for _ in range(5):
        writer.write(exchange(os.urandom(3_000_000)), {"route": "feed"})
    assert writes() - before == 5
    writer.close()


def writes() -> int:
    counters = Path("/proc/self/io")
    if not counters.exists():
        pytest.skip("no /proc/self/io here")
    return int(next(line for line in counters.read_text().splitlines() if line.startswith("syscw")).split()[1])


def test_files_are_open_while_written_and_made_only_for_captures(
    exchange: Exchanges, open_writer: Writers, tmp_path: Path
) -> None:
    writer = open_writer()
    assert not list(tmp_path.iterdir())
    ref = writer.write(exchange())
    assert [file.name for file in tmp_path.iterdir()] == [ref.file + ".open"]
    assert read_capture(tmp_path, ref).status == 200
    writer.close()
    assert [file.name for file in tmp_path.iterdir()] == [ref.file]
    assert read_capture(tmp_path, ref).status == 200


def test_a_full_file_is_sealed_and_the_names_sort_in_order_of_writing(
    exchange: Exchanges, open_writer: Writers, tmp_path: Path
) -> None:
    with open_writer(max_bytes=5000) as writer:
        refs = [writer.write(exchange(os.urandom(1500))) for _ in range(12)]
    files = sorted(file.name for file in tmp_path.iterdir())
    assert len(files) >= 4
    assert list(dict.fromkeys(ref.file for ref in refs)) == files
    assert all(file.stat().st_size <= 5000 for file in tmp_path.iterdir())
    assert [capture.ref for capture in read_captures(tmp_path)] == refs


def test_a_capture_larger_than_a_file_may_be_still_finds_its_place(
    exchange: Exchanges, open_writer: Writers, tmp_path: Path
) -> None:
    with open_writer(max_bytes=1000) as writer:
        refs = [writer.write(exchange(os.urandom(3000))) for _ in range(2)]
    assert [capture.ref for capture in read_captures(tmp_path)] == refs
    assert len(list(tmp_path.iterdir())) == 2


def test_a_spooled_response_is_written_like_one_in_memory(
    exchange: Exchanges, open_writer: Writers, tmp_path: Path
) -> None:
    body = os.urandom(1_000_000)
    spool = Spool(limit=1000)
    spool.write(b"HTTP/1.1 200 OK\r\n\r\n")
    spool.write(body)
    response = spool.octets()
    assert not isinstance(response, bytes)
    with open_writer() as writer:
        ref = writer.write(exchange(response=response))
    assert read_capture(tmp_path, ref).payload == body


def test_a_write_that_fails_half_way_leaves_whole_captures_only(
    exchange: Exchanges, open_writer: Writers, tmp_path: Path
) -> None:
    """A limit on the file's size stands in for a full disk: the kernel writes what fits, then refuses."""
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    writer = open_writer()
    kept = [writer.write(exchange(os.urandom(20_000)))]
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, limits[1]))
        kept.append(writer.write(exchange(os.urandom(20_000))))
        with pytest.raises(WriteFailed, match="cannot write a capture") as failed:
            writer.write(exchange(os.urandom(20_000)))
        assert failed.value.errno == errno.EFBIG
        kept.append(writer.write(exchange(b"poco")))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    kept.append(writer.write(exchange(os.urandom(20_000))))
    writer.close()
    damages: list[Damage] = []
    assert [capture.ref for capture in read_captures(tmp_path, damages)] == kept
    assert not damages


def test_a_folder_that_cannot_be_written_is_a_failed_write(exchange: Exchanges, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    writer = WarcWriter(tmp_path / "file", prefix="test", software="test")
    with pytest.raises(WriteFailed, match="cannot make the folder"):
        writer.write(exchange())


@settings(deadline=None)  # it writes files
@given(st.binary(max_size=400), st.binary(max_size=100))
def test_any_bytes_come_back_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, response: bytes, request_: bytes
) -> None:
    folder = tmp_path_factory.mktemp("any")
    started_at = datetime.now(UTC)
    with WarcWriter(folder, prefix="p", software="s", sync_every=0) as writer:
        writer.write(Exchange("http://a/", "GET", request_, response, started_at))
    _, one, two = read_records(folder)
    assert (one.block, two.block) == (response, request_)
    [capture] = read_captures(folder)
    assert capture.captured_at == started_at
    assert read_capture(folder, capture.ref) == capture


def test_an_old_file_is_sealed_and_the_next_begun(exchange: Exchanges, open_writer: Writers) -> None:
    with open_writer(max_seconds=0.2) as writer:
        first = writer.write(exchange())
        time.sleep(0.25)
        second = writer.write(exchange())
        assert first.file < second.file
        assert (writer.folder / first.file).exists()


def test_a_file_is_a_day_old_at_most(
    exchange: Exchanges, open_writer: Writers, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = []
    with open_writer() as writer:
        for second in (1000.0, 1000.0 + 24 * 3600, 1000.1 + 24 * 3600):
            monkeypatch.setattr("storage.warc.write.writer.monotonic", lambda now=second: now)
            files.append(writer.write(exchange()).file)
    assert files[0] == files[1] < files[2]


def test_what_the_disk_has_to_confirm_or_takes_long_to_compress_is_not_quick(
    exchange: Exchanges, open_writer: Writers
) -> None:
    with open_writer(sync_every=2) as writer:
        assert not writer.is_quick(1)  # a file has to be begun
        writer.write(exchange())
        assert writer.is_quick(QUICK)
        assert not writer.is_quick(QUICK + 1)
        writer.write(exchange())
        assert not writer.is_quick(1)  # two captures are to be confirmed
        writer.sync()
        assert writer.is_quick(1)
    with open_writer(max_bytes=2 * QUICK) as writer:
        writer.write(exchange())
        assert not writer.is_quick(1)  # the next file may have to be begun
    with open_writer(max_bytes=2 * QUICK + 10_000) as writer:
        writer.write(exchange())
        assert writer.is_quick(QUICK)


def test_an_answer_of_304_refers_to_the_capture_that_was_named(
    exchange: Exchanges, open_writer: Writers, tmp_path: Path
) -> None:
    not_modified = b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n"
    with open_writer() as writer:
        ref = writer.write(exchange(b"x" * 1000))
        named = read_capture(tmp_path, ref)
        writer.write(exchange(response=not_modified), None, named)
        writer.write(exchange(b"y" * 1000), None, named)
    first, revisit, other = [one for one in read_records(tmp_path) if one.record_type in ("response", "revisit")]
    assert (first.record_type, revisit.record_type, other.record_type) == ("response", "revisit", "response")
    assert bytes(revisit.block) == not_modified
    assert revisit.header("WARC-Profile") == "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
    assert revisit.header("WARC-Refers-To") == ref.record_id
    assert revisit.header("WARC-Refers-To-Date") == first.header("WARC-Date")
    assert revisit.header("WARC-Payload-Digest") == sha1_digest([b"x" * 1000])
    assert revisit.header("WARC-Truncated") is None


def test_bytes_that_are_no_http_have_their_own_type_and_no_payload(
    exchange: Exchanges, open_writer: Writers, tmp_path: Path
) -> None:
    with open_writer() as writer:
        writer.write(exchange(response=b"\x00\x01 nothing"))
        writer.write(exchange(response=b"HTTP/1.1 200 OK\r\nContent-Type: text/ht"))
        writer.write(exchange(request=b"POST / HTTP/1.1\r\nHost: a\r\n\r\nx"))
    records = list(read_records(tmp_path))
    other, cut, whole = [one for one in records if one.record_type == "response"]
    assert other.header("Content-Type") == "application/octet-stream" and not other.header("WARC-Payload-Digest")
    assert cut.header("Content-Type") == "application/http; msgtype=response" and not cut.header("WARC-Payload-Digest")
    requests = [one.header("WARC-Payload-Digest") for one in records if one.record_type == "request"]
    assert requests == [None, None, sha1_digest([b"x"])]
    assert whole.header("WARC-Payload-Digest")


def test_names_count_from_0_and_never_go_back(
    exchange: Exchanges, open_writer: Writers, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = open_writer()
    names = []
    for day in (20, 10):  # the clock is set back
        moment = datetime(2026, 3, day, 12, 0, 0, 987654, tzinfo=UTC)
        clock = type("Clock", (datetime,), {"now": classmethod(lambda cls, zone, at=moment: at)})
        monkeypatch.setattr("storage.warc.write.writer.datetime", clock)
        names.append(writer.write(exchange()).file)
        writer.close()
    stamps, serials = zip(*(name.split("-")[1:3] for name in names), strict=True)
    assert stamps == ("20260320120000987", "20260320120000987")
    assert serials == ("00000", "00001")
    assert host_of_file(names[0]) == this_host() and host_of_file("CC-NEWS-20260320120000-00001.warc.gz") is None


@pytest.mark.parametrize(("prefix", "begins"), [("Il Faro!", "Il-Faro-"), ("..", "warc-"), ("-a.b_", "a.b-")])
def test_a_prefix_becomes_part_of_a_file_name(
    prefix: str, begins: str, exchange: Exchanges, open_writer: Writers
) -> None:
    with open_writer(prefix=prefix) as writer:
        assert re.match(re.escape(begins) + r"\d{17}-", writer.write(exchange()).file)


@pytest.mark.parametrize(("name", "host"), [("nave-3.porto.example", "nave-3"), ("a_b", "a-b"), ("__", "host")])
def test_the_name_of_the_machine_in_names_of_files(name: str, host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: name)
    assert this_host() == host


def test_the_disk_confirms_captures_every_so_many_and_when_asked(
    exchange: Exchanges, open_writer: Writers, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirmed: list[str] = []

    def fsync(fd: int, real: Callable[[int], None] = os.fsync) -> None:
        confirmed.append(Path(f"/proc/self/fd/{fd}").readlink().suffix)
        real(fd)

    with open_writer(sync_every=2) as writer:
        monkeypatch.setattr(os, "fsync", fsync)
        found = []
        for _ in range(5):
            writer.write(exchange())
            found.append(confirmed.count(".open"))
        writer.sync()
        assert found == [0, 0, 1, 1, 2] and confirmed.count(".open") == 3


def test_a_hundred_captures_are_to_be_confirmed_unless_said_otherwise(
    exchange: Exchanges, open_writer: Writers
) -> None:
    with open_writer() as writer:
        for _ in range(99):
            writer.write(exchange())
        assert writer.is_quick(1)
        writer.write(exchange())
        assert not writer.is_quick(1)


def test_what_is_due_to_be_confirmed_is_not_quick(exchange: Exchanges, open_writer: Writers) -> None:
    for every, due in ((1, [True, True, True]), (2, [False, True, False]), (0, [False, False, False])):
        with open_writer(sync_every=every) as writer:
            found = []
            for _ in range(3):
                writer.write(exchange())
                found.append(not writer.is_quick(1))
            assert found == due
            assert writer.captures == 3


def test_a_file_is_full_at_its_size_and_no_sooner(exchange: Exchanges, open_writer: Writers, tmp_path: Path) -> None:
    bodies = [os.urandom(20_000) for _ in range(2)]
    with open_writer(prefix="a") as writer:
        refs = [writer.write(exchange(body)) for body in bodies]
    size = (tmp_path / refs[0].file).stat().st_size
    # the fields have random ids and times of the same length, whose compression differs by a few bytes
    with open_writer(prefix="b", max_bytes=size + 200) as writer:
        assert len({writer.write(exchange(body)).file for body in bodies}) == 1
    with open_writer(prefix="c", max_bytes=size - 200) as writer:
        assert len({writer.write(exchange(body)).file for body in bodies}) == 2


def test_what_takes_milliseconds_is_a_mebibyte_at_most(exchange: Exchanges, open_writer: Writers) -> None:
    with open_writer() as writer:
        writer.write(exchange())
        assert (writer.is_quick(2**20), writer.is_quick(2**20 + 1)) == (True, False)


def test_captures_in_one_call_go_to_one_file(exchange: Exchanges, open_writer: Writers, tmp_path: Path) -> None:
    with open_writer() as writer:
        refs = writer.write_all([(exchange(b"uno"), None, None), (exchange(b"due"), {"route": "feed"}, None)])
        assert writer.captures == 2
    assert [read_capture(tmp_path, ref).payload for ref in refs] == [b"uno", b"due"]
    responses = [one for one in read_records(tmp_path) if one.record_type == "response"]
    assert [(one.offset, one.length) for one in responses] == [(ref.offset, ref.length) for ref in refs]
    assert [one.record_type for one in read_records(tmp_path)] == [
        *("warcinfo", "response", "request", "response", "request", "metadata")
    ]


def test_a_writer_that_could_not_begin_a_file_leaves_none(exchange: Exchanges, tmp_path: Path) -> None:
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    writer = WarcWriter(tmp_path / "warc", prefix="test", software="test")
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (10, limits[1]))
        with pytest.raises(WriteFailed):
            writer.write(exchange())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert list((tmp_path / "warc").iterdir()) == []
    assert writer.write(exchange()).file
    writer.close()


def test_a_conversion_is_written_with_its_provenance(open_writer: Writers, tmp_path: Path) -> None:
    text = "Il porto è aperto.".encode()
    conversion = Conversion("urn:prova:1", datetime(2024, 2, 1, tzinfo=UTC), text, {"source": "dump"}, "<urn:uuid:7>")
    with open_writer() as writer:
        ref = writer.write_conversion(conversion)
    info, record, metadata = read_records(tmp_path)
    assert (record.record_type, bytes(record.block), record.record_id) == ("conversion", text, ref.record_id)
    assert (record.offset, record.length) == (ref.offset, ref.length)
    assert record.header("Content-Type") == "text/plain; charset=utf-8"
    assert record.header("WARC-Refers-To") == "<urn:uuid:7>" and record.header("WARC-Target-URI") == "urn:prova:1"
    assert record.header("WARC-Warcinfo-ID") == metadata.header("WARC-Warcinfo-ID") == info.record_id
    assert metadata.header("WARC-Concurrent-To") == ref.record_id
    assert bytes(metadata.block) == b"source: dump\r\n"
    assert not metadata.header("WARC-IP-Address")
    assert writer.captures == 1
