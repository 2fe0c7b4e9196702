"""The fidelity matrix: each awkward response, over each way it can come, compared byte for byte with its record."""

import gzip
import os
import subprocess
import sys
import zlib
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import brotli
import pytest
import zstandard

from storage.exceptions import DecodingError
from storage.warc.http.capture import CaptureRef
from storage.warc.read.reader import read_capture, read_records

PAGE = ("<html><body><p>La lampara del porto resta accesa tutta la notte.</p></body></html>" * 20).encode()


@dataclass(frozen=True)
class Case:
    """served: what follows the 1xx heads. truncated: what the record must say. content: what it must decode to."""

    served: bytes
    before: bytes = b""
    pieces: tuple[bytes | float, ...] = ()
    ending: str = "keep"
    truncated: str | None = None
    content: bytes | None = None
    fails: bool = False
    chunked: bool = False
    request: dict[str, Any] = field(default_factory=dict)


def ok(*headers: bytes, body: bytes = PAGE, status: bytes = b"200 OK", length: bool = True) -> bytes:
    lines = [b"HTTP/1.1 " + status, b"Content-Type: text/html", *headers]
    if length:
        lines.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join([*lines, b"", body])


def coded(coding: bytes, body: bytes) -> bytes:
    return ok(b"Content-Encoding: " + coding, body=body)


def chunks(body: bytes, extension: bytes = b"", trailer: bytes = b"") -> bytes:
    parts = [body[at : at + 300] for at in range(0, len(body), 300)]
    framed = b"".join(b"%x%s\r\n%s\r\n" % (len(part), extension, part) for part in parts)
    return framed + b"0\r\n" + trailer + b"\r\n"


def chunked(body: bytes, *headers: bytes) -> bytes:
    return ok(b"Transfer-Encoding: chunked", *headers, body=body, length=False)


def raw_deflate(body: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(body) + stream.flush()


CORRUPT = gzip.compress(PAGE, mtime=0)[:60] + b"\0\0\0\0" + gzip.compress(PAGE, mtime=0)[64:]
BIG = bytes(range(256)) * 12288

CASES = {
    "plain": Case(ok(), content=PAGE),
    "header-order-and-case": Case(
        ok(b"x-b: 2", b"X-A: 1", b"x-B: 3", b"SERVER: a", b"Set-Cookie: a=1", b"Set-Cookie: b=2")
    ),
    "odd-spacing": Case(ok(b"X-None:v", b"X-Many:   v  ", b"X-Tab:\tv", b"X-Empty:")),
    "space-before-colon": Case(ok(b"X-Before : v"), content=PAGE, fails=True),
    "folded": Case(ok(b"X-Folded: one", b"  two", b"\tthree")),
    "no-colon": Case(ok(b"this line has no colon", b"X-After: 1")),
    "lf-only": Case(
        ok(b"X-A: 1", body=b"").replace(b"\r\n", b"\n").replace(b": 0", b": %d" % len(PAGE)) + PAGE, content=PAGE
    ),
    "latin-1": Case(ok("X-Titolo: perché".encode("latin-1"))),
    "utf-8": Case(ok("X-Titolo: perché".encode())),
    "no-reason": Case(ok(status=b"200")),
    "gzip": Case(coded(b"gzip", gzip.compress(PAGE)), content=PAGE),
    "gzip-members": Case(coded(b"gzip", gzip.compress(PAGE) + gzip.compress(PAGE)), content=PAGE * 2),
    "gzip-corrupt": Case(coded(b"gzip", CORRUPT)),
    "br": Case(coded(b"br", brotli.compress(PAGE)), content=PAGE),
    "zstd": Case(coded(b"zstd", zstandard.compress(PAGE)), content=PAGE),
    "deflate-zlib": Case(coded(b"deflate", zlib.compress(PAGE)), content=PAGE),
    "deflate-raw": Case(coded(b"deflate", raw_deflate(PAGE)), content=PAGE),
    "coded-twice": Case(coded(b"gzip, br", brotli.compress(gzip.compress(PAGE))), content=PAGE),
    "chunked": Case(chunked(chunks(PAGE)), content=PAGE, chunked=True),
    "chunked-extensions": Case(chunked(chunks(PAGE, b";name=value")), content=PAGE, chunked=True),
    "chunked-trailer": Case(chunked(chunks(PAGE, trailer=b"X-Sum: 1\r\n")), content=PAGE, chunked=True),
    "chunked-gzip": Case(chunked(chunks(gzip.compress(PAGE)), b"Content-Encoding: gzip"), content=PAGE, chunked=True),
    "chunked-cut": Case(chunked(chunks(PAGE)[:700]), ending="close", truncated="disconnect", fails=True, chunked=True),
    "chunked-not": Case(chunked(PAGE), ending="close", truncated="unspecified", content=PAGE, fails=True, chunked=True),
    "length-cut": Case(ok()[:-100], ending="close", truncated="disconnect", fails=True),
    "no-length": Case(ok(length=False), ending="close", content=PAGE),
    "no-length-reset": Case(ok(length=False), pieces=(0.3,), ending="reset", truncated="disconnect", content=PAGE),
    "surplus": Case(ok() + b"<!-- surplus -->"),
    "http-1.0": Case(ok(length=False).replace(b"HTTP/1.1", b"HTTP/1.0"), ending="close", content=PAGE),
    "http-2-status-line": Case(ok(status=b"200").replace(b"HTTP/1.1", b"HTTP/2"), content=PAGE, fails=True),
    "early-hints": Case(ok(), before=b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n", content=PAGE),
    "continues": Case(ok(), before=b"HTTP/1.1 100 Continue\r\n\r\n" * 2, content=PAGE),
    "204": Case(ok(status=b"204 No Content", body=b"", length=False), content=b""),
    "301": Case(ok(b"Location: /plain", status=b"301 Moved Permanently", body=b"moved"), content=b"moved"),
    "304": Case(ok(b'ETag: "1"', status=b"304 Not Modified", body=b"", length=False), content=b""),
    "404": Case(ok(status=b"404 Not Found"), content=PAGE),
    "500": Case(ok(status=b"500 Internal Server Error"), content=PAGE),
    "empty": Case(ok(body=b""), content=b""),
    "head": Case(ok()[: -len(PAGE)], request={"method": "HEAD"}, content=b""),
    "post": Case(ok(), request={"method": "POST", "body": "pagina=2&ordine=data"}, content=PAGE),
    "slow-pieces": Case(
        ok(),
        pieces=(*(piece for at in range(0, 900, 90) for piece in (ok()[at : at + 90], 0.01)), ok()[900:]),
        content=PAGE,
    ),
    "big": Case(ok(body=BIG), content=BIG),
    "timeout-in-body": Case(
        ok()[:-50], ending="hang", truncated="time", fails=True, request={"meta": {"download_timeout": 0.8}}
    ),
    "timeout-in-head": Case(
        b"HTTP/1.1 200 OK\r\nX-Slow: ",
        ending="hang",
        truncated="time",
        fails=True,
        request={"meta": {"download_timeout": 0.8}},
    ),
    "too-long": Case(
        ok(length=False),
        ending="hang",
        truncated="length",
        fails=True,
        request={"meta": {"download_maxsize": 1000, "download_timeout": 3}},
    ),
    "too-long-announced": Case(
        ok(body=PAGE[:1500]).replace(b": 1500", b": 9999"),
        ending="hang",
        truncated="length",
        fails=True,
        request={"meta": {"download_maxsize": 1000, "download_timeout": 3}},
    ),
    "lengths-disagree": Case(
        ok(b"Content-Length: 7"), ending="close", truncated="unspecified", content=PAGE, fails=True
    ),
    "head-cut": Case(ok()[:40], ending="close", truncated="disconnect", fails=True),
    "garbage": Case(b"\x16\x03\x01 no HTTP here\r\n\r\n\xff\xfe", truncated="unspecified", fails=True),
}
WAYS = ("http", "https", "http-proxy", "https-proxy")
GONE = "instant-close"
DOCS = Path(__file__).parents[3] / "docs" / "fidelity.md"
TABLE = """# Fidelity

**{exact} of {all}** exact: {cases} awkward answers, each over four ways, each record compared byte for byte with
what the server wrote to the socket.

Made by `make fidelity`; `make test` runs the same matrix and fails where a record differs or this table is another.
`http-proxy` is a request in absolute form to a proxy, `https-proxy` a CONNECT tunnel. A response is what follows 1xx
heads, which are left out: indexers would read status 103 (decision 020). `instant-close` sends no byte: there is no
record, and the failure has its reason. What each case serves stands in `tests/crawler/capture/test_fidelity.py`.

| {heads} |
| {rule} |
{rows}
"""


@dataclass
class Run:
    folder: Path
    outcomes: dict[str, Any]
    closing: dict[str, Any]
    records: dict[str, list[Any]]
    requests: dict[str, list[bytes]]
    errors: str


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, serve: Any, answer: Any, crawl: Any) -> Run:
    """One crawl of every case over every way."""
    folder = tmp_path_factory.mktemp("matrix")
    answers = {
        f"/{way}/{name}": answer(
            (case.before + case.served, *case.pieces)
            if not any(isinstance(piece, bytes) for piece in case.pieces)
            else case.pieces,
            case.ending,
        )
        for way in WAYS
        for name, case in CASES.items()
    }
    answers |= {f"/{way}/{GONE}": answer((), "close") for way in WAYS}
    server = serve(answers)
    requests = [
        wish(server, way, name, case.request) for way in WAYS for name, case in {**CASES, GONE: Case(b"")}.items()
    ]
    outcomes, closing, errors = crawl(folder, requests, {"CAPTURE_SPOOL_BYTES": 1_000_000})
    records: dict[str, list[Any]] = {}
    for record in read_records(folder):
        path = "/" + (record.header("WARC-Target-URI") or "").partition("://")[2].partition("/")[2]
        records.setdefault(path, []).append(record)
    return Run(folder, outcomes, closing, records, server.requests, errors)


def wish(server: Any, way: str, name: str, request: dict[str, Any]) -> dict[str, Any]:
    scheme = way.partition("-")[0]
    meta = dict(request.get("meta", {}))
    host = f"127.0.0.1:{getattr(server, scheme)}"
    if way.endswith("proxy"):
        meta["proxy"] = f"http://user:secret@127.0.0.1:{server.http}"
        host = "paper.example"
    return {**request, "name": f"{way}/{name}", "url": f"{scheme}://{host}/{way}/{name}", "meta": meta}


def record_of(run: Run, way: str, name: str, kind: str) -> Any:
    found = [record for record in run.records.get(f"/{way}/{name}", []) if record.record_type == kind]
    assert len(found) == 1, f"{len(found)} {kind} records"
    return found[0]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", CASES)
def test_the_record_holds_what_the_server_sent(run: Run, way: str, name: str) -> None:
    case = CASES[name]
    record = record_of(run, way, name, "response")
    assert bytes(record.block) == case.served
    assert record.header("WARC-Truncated") == case.truncated


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", CASES)
def test_the_request_record_holds_what_the_server_got(run: Run, way: str, name: str) -> None:
    record = record_of(run, way, name, "request")
    got = run.requests[f"/{way}/{name}"]
    lines = got[0].split(b"\r\n")
    kept = b"\r\n".join(line for line in lines if not line.startswith(b"Proxy-Authorization"))
    assert len(got) == 1
    assert bytes(record.block) == kept
    assert record.header("WARC-Concurrent-To") == record_of(run, way, name, "response").record_id


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", CASES)
def test_scrapy_s_response_leads_to_the_capture(run: Run, way: str, name: str) -> None:
    case, outcome = CASES[name], run.outcomes[f"{way}/{name}"]
    assert ("failure" in outcome) == case.fails, outcome
    capture = read_capture(run.folder, CaptureRef(*outcome["capture"]))
    assert capture.ref.record_id == record_of(run, way, name, "response").record_id
    if case.content is not None:
        assert capture.content() == case.content


def test_corrupt_coding_is_told_with_what_could_be_decoded(run: Run) -> None:
    capture = read_capture(run.folder, CaptureRef(*run.outcomes["http/gzip-corrupt"]["capture"]))
    with pytest.raises(DecodingError) as refused:
        capture.content()
    assert refused.value.prefix.startswith(b"<html>")


@pytest.mark.parametrize("way", WAYS)
def test_no_byte_of_response_means_no_record(run: Run, way: str) -> None:
    assert f"/{way}/{GONE}" not in run.records
    assert run.outcomes[f"{way}/{GONE}"]["capture"] is None
    assert [reason for reason, url in run.closing["failed"] if url.endswith(f"/{way}/{GONE}")] == ["disconnected"]


def table(run: Run) -> str:
    """docs/fidelity.md: each case over each way, and whether record and socket agree byte for byte."""
    exact = {
        (name, way): [bytes(record.block) for record in run.records.get(f"/{way}/{name}", []) if is_response(record)]
        == ([case.served] if name != GONE else [])
        for way in WAYS
        for name, case in {**CASES, GONE: Case(b"")}.items()
    }
    names = [*CASES, GONE]
    rows = [" | ".join([name, *("yes" if exact[name, way] else "**no**" for way in WAYS)]) for name in names]
    return TABLE.format(
        exact=sum(exact.values()),
        all=len(exact),
        cases=len(names),
        heads=" | ".join(["case", *WAYS]),
        rule=" | ".join(["---"] * (len(WAYS) + 1)),
        rows="\n".join(f"| {row} |" for row in rows),
    )


def is_response(record: Any) -> bool:
    return record.record_type == "response"


def test_the_table_in_the_docs_is_complete_and_true(run: Run) -> None:
    """`make fidelity` writes it: the same run, with EMEROTECA_FIDELITY=write."""
    made = table(run)
    if os.environ.get("EMEROTECA_FIDELITY") == "write":
        DOCS.write_text(made)
    assert "**no**" not in made
    assert DOCS.read_text() == made, "run `make fidelity` and commit docs/fidelity.md"


def test_every_capture_is_announced_once(run: Run) -> None:
    announced = [record_id for record_id, _, _ in run.closing["captured"]]
    assert len(announced) == len(CASES) * len(WAYS)
    assert len(set(announced)) == len(announced)
    assert run.closing["reason"] == "finished"


@pytest.mark.parametrize("name", ["plain", "204", "garbage"])
def test_tls_and_peer_are_recorded(run: Run, name: str) -> None:
    direct = record_of(run, "https", name, "response")
    protocols = [value for field_, value in direct.headers if field_ == "WARC-Protocol"]
    assert protocols[-1] == "tls/1.3"
    assert direct.header("WARC-Cipher-Suite").startswith("TLS_")
    assert direct.header("WARC-IP-Address") == "127.0.0.1"
    assert record_of(run, "http", name, "response").header("WARC-Cipher-Suite") is None
    tunnelled = record_of(run, "https-proxy", name, "response")
    assert tunnelled.header("WARC-Cipher-Suite") == direct.header("WARC-Cipher-Suite")


@pytest.mark.parametrize("way", ["http-proxy", "https-proxy"])
def test_a_proxy_is_named_and_its_address_is_not_taken_for_the_server_s(run: Run, way: str) -> None:
    assert record_of(run, way, "plain", "response").header("WARC-IP-Address") is None
    metadata = bytes(record_of(run, way, "plain", "metadata").block)
    assert b"proxy: 127.0.0.1:" in metadata
    assert b"secret" not in metadata


def test_the_proxy_s_password_is_in_no_record(run: Run) -> None:
    for records in run.records.values():
        for record in records:
            assert b"Proxy-Authorization" not in bytes(record.block)


@pytest.mark.parametrize("way", ["https", "https-proxy"])
def test_an_untrusted_certificate_is_noted(run: Run, way: str) -> None:
    metadata = bytes(record_of(run, way, "plain", "metadata").block).decode()
    assert "certificate-error: self-signed certificate" in metadata
    assert "http/plain" not in run.records or not [r for r in run.records["/http/plain"] if r.record_type == "metadata"]


def test_warcio_accepts_the_file(run: Run) -> None:
    """All but chunked records: warcio digests the framed bytes, the standard the payload.

    warcio 1.8.1 breaks off at any br body where brotli can be imported, so it is run where it cannot.
    """
    [file] = run.folder.iterdir()
    without_brotli = "import sys; sys.modules['brotli'] = None; from warcio.cli import main; main()"
    command = [sys.executable, "-c", without_brotli, "check", "-v", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    wrong = {line.split()[3] for line, after in _pairs(done.stdout) if "failed" in after}
    chunked_cases = [name for name, case in CASES.items() if case.chunked]
    assert wrong <= {record_of(run, way, name, "response").record_id for way in WAYS for name in chunked_cases}
    assert done.stdout.count("digest pass") > len(CASES) * len(WAYS)
    assert "exception" not in done.stdout


def _pairs(output: str) -> list[tuple[str, str]]:
    lines = output.splitlines()
    return [(line, after) for line, after in pairwise(lines) if "WARC-Record-ID" in line]
