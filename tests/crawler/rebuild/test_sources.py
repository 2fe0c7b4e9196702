"""Archives come from S3, from web servers with and without ranges, and as text: the rows are those of the files."""

import gzip
import json
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import fsspec
import pytest

from crawler.ingest.messages import Problem
from crawler.ingest.report import IngestReport
from storage.exceptions import SourceNotFound

Rebuilt = Callable[..., tuple[IngestReport, bytes, list[Problem]]]

FLAT = Path(__file__).resolve().parents[2] / "fixtures" / "flat" / "sputnik-comments"


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """An S3 server with the bucket `emeroteca`, as a file system; programs find it by the environment."""
    log = tmp_path_factory.mktemp("s3") / "log"
    with log.open("wb") as out, pytest.MonkeyPatch.context() as environment:
        process = subprocess.Popen([sys.executable, "-m", "moto.server", "-p", "0"], stdout=out, stderr=out)
        try:
            until, found = time.monotonic() + 120, None
            while (found := re.search(r"Running on (http://127\.0\.0\.1:\d+)", log.read_text())) is None:
                assert time.monotonic() < until, log.read_text()
                time.sleep(0.05)
            environment.setenv("AWS_ENDPOINT_URL", found[1])
            environment.setenv("AWS_ACCESS_KEY_ID", "prova")
            environment.setenv("AWS_SECRET_ACCESS_KEY", "prova")
            environment.setenv("AWS_DEFAULT_REGION", "us-east-1")
            system = fsspec.filesystem("s3")
            system.mkdir("emeroteca")
            yield system
        finally:
            process.terminate()
            process.wait(timeout=60)


@pytest.fixture
def bucket(s3: Any, crawled: Path, tmp_path: Path) -> str:
    """Its files, as they are under `2022/` and in a WACZ."""
    files = sorted(crawled.glob("*.warc.gz"))
    with zipfile.ZipFile(tmp_path / "a.wacz", "w") as wacz:
        for file in files:
            s3.pipe(f"emeroteca/2022/{file.name}", file.read_bytes())
            wacz.write(file, f"archive/{file.name}")
    s3.pipe("emeroteca/2022/notes.txt", b"no archive")
    s3.pipe("emeroteca/wacz/a.wacz", (tmp_path / "a.wacz").read_bytes())
    return "s3://emeroteca"


def test_a_bucket_gives_what_its_files_give(bucket: str, crawled: Path, rebuilt: Rebuilt) -> None:
    report, expected, _ = rebuilt(crawled, home="here")
    for number, path in enumerate(("2022", "2022/*.warc.gz")):
        there, rows, _ = rebuilt(f"{bucket}/{path}", home=f"s3-{number}", jobs=number + 1)
        assert (there.taken, rows) == (report.taken, expected)
    rows = rebuilt(f"{bucket}/wacz/a.wacz", home="wacz")[1]
    assert rows.replace(b"a.wacz/archive/", b"") == expected


def test_what_a_bucket_does_not_have_is_told(bucket: str, rebuilt: Rebuilt) -> None:
    with pytest.raises(SourceNotFound, match=r"s3://emeroteca/2023/nothing\.warc\.gz cannot be read"):
        rebuilt(f"{bucket}/2023/nothing.warc.gz")


class Quiet(SimpleHTTPRequestHandler):
    """Knows no ranges."""

    def log_message(self, format: str, *args: object) -> None:
        pass


class Ranged(Quiet):
    """Gives the range it is asked for, and counts."""

    ranges = 0

    def do_GET(self) -> None:
        data = Path(self.translate_path(self.path)).read_bytes()
        found = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", "bytes=0-"))
        assert found is not None
        first, last = int(found[1]), min(int(found[2] or len(data) - 1), len(data) - 1)
        self.send_response(206)
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Range", f"bytes {first}-{last}/{len(data)}")
        self.send_header("Content-Length", str(last - first + 1))
        self.end_headers()
        self.wfile.write(data[first : last + 1])
        Ranged.ranges += "Range" in self.headers


@pytest.mark.parametrize("handler", [Quiet, Ranged])
def test_a_web_server_gives_what_its_files_give(handler: type[Quiet], crawled: Path, rebuilt: Rebuilt) -> None:
    expected = rebuilt(crawled, home="here")[1]
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(crawled))) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            urls = [f"http://127.0.0.1:{server.server_port}/{file.name}" for file in sorted(crawled.glob("*.warc.gz"))]
            assert rebuilt(*urls, home="web", jobs=2)[1] == expected
            with pytest.raises(SourceNotFound, match="cannot be read"):
                rebuilt(f"http://127.0.0.1:{server.server_port}/nothing.warc.gz", home="nothing")
        finally:
            server.shutdown()
            thread.join()
    assert handler is Quiet or Ranged.ranges > 2


def test_a_wet_file_gives_articles_by_their_text(tmp_path: Path, rebuilt: Rebuilt) -> None:
    truth = json.loads((FLAT / "article.json").read_text(encoding="utf-8"))
    text = (FLAT / "dump.txt").read_bytes()
    info = b"Software-Info: somebody's\r\n"
    data = [
        conversion(1, "warcinfo", "", info),
        conversion(2, "conversion", truth["canonical_url"] or truth["url"], text),
        conversion(3, "conversion", "https://altrove.example/pagina/", text),
    ]
    path = tmp_path / "CC-MAIN-20220214-00000.warc.wet.gz"
    path.write_bytes(b"".join(map(gzip.compress, data)))
    report, rows, _ = rebuilt(path)
    assert (report.taken, report.passed) == ({"article": 1}, {"unknown site": 1, "warcinfo record": 1})
    row = json.loads(rows)
    assert (row["headline"], row["fidelity"]) == (truth["headline"], "text")
    assert row["body"] == truth["body"]


def conversion(number: int, kind: str, url: str, block: bytes) -> bytes:
    """A record of a WET file."""
    target = f"WARC-Target-URI: {url}\r\n" if url else ""
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\n{target}WARC-Date: 2022-03-01T12:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012}>\r\n"
        f"Content-Type: text/plain\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"
