"""A file that is gzipped as a whole: its records share one offset, and every one of them has its row."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.cli.main import emeroteca
from crawler.ingest.messages import Problem
from crawler.ingest.report import IngestReport
from storage.corpus.db.database import Database
from storage.warc.http.capture import CaptureRef
from storage.warc.read.reader import CAPTURE_RECORD_TYPES, read_capture, read_records, record_bytes

Rebuilt = Callable[..., tuple[IngestReport, bytes, list[Problem]]]
#: What says where a record stands.
PLACE = ("warc_file", "warc_offset")


@pytest.fixture
def whole(crawled: Path, tmp_path: Path) -> Path:
    """The records of both files of the crawl in one gzip member, in a collection."""
    plain = b"".join(gzip.decompress(file.read_bytes()) for file in sorted(crawled.glob("*.warc.gz")))
    path = tmp_path / "home" / "warc" / "whole.warc.gz"
    path.parent.mkdir(parents=True)
    path.write_bytes(gzip.compress(plain))
    return path


def without_places(export: bytes) -> list[dict[str, object]]:
    records = [json.loads(line) for line in export.splitlines()]
    return [{name: value for name, value in one.items() if name not in PLACE} for one in records]


def test_every_record_has_its_row_and_is_done_once(
    whole: Path, crawled: Path, rebuilt: Rebuilt, database: Database
) -> None:
    url = database.engine.url.set(drivername=database.dialect).render_as_string(hide_password=False)
    _, expected, _ = rebuilt(crawled, home="apart")
    report, export, told = rebuilt(whole, database=url)
    assert without_places(export) == without_places(expected)
    assert [one.reason for one in told] == ["gone"]  # a refusal, as it was apart
    again, same, _ = rebuilt(whole, database=url)
    assert same == export
    assert (again.captures, again.passed["done"]) == (0, report.captures)


def test_each_is_found_by_its_id_and_shown_as_it_stands(
    whole: Path, rebuilt: Rebuilt, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    _, export, _ = rebuilt(whole)
    plain = gzip.decompress(whole.read_bytes())
    for record in read_records(whole):
        ref = CaptureRef(whole.name, record.offset, record.length, record.record_id)
        written = b"".join(record_bytes(whole.parent, ref))
        assert written == plain[record.span[0] : record.span[1]]
        assert written.startswith(b"WARC/1.1\r\n")
        if record.record_type in CAPTURE_RECORD_TYPES:
            assert read_capture(whole, ref).ref == ref
    home = str(whole.parents[1])
    for line in export.splitlines():
        article = json.loads(line)
        capfdbinary.readouterr()
        assert (
            emeroteca.main(["--home", home, "show", article["canonical_url"], "--record"], standalone_mode=False) == 0
        )
        shown = capfdbinary.readouterr().out
        assert article["warc_record_id"].encode() in shown.partition(b"\r\n\r\n")[0]
        assert shown in plain
    assert emeroteca.main(["--home", home, "verify", "--rows", "all", "--json"], standalone_mode=False) in (0, 1)
    faults = json.loads(capfdbinary.readouterr().out)["faults"]
    assert [fault for fault in faults if fault["kind"] in ("row", "other rows")] == []
