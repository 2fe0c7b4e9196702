"""Captures that cannot be read for want of memory: they are left to the next run, and the others go on."""

from datetime import UTC, datetime
from pathlib import Path

from crawler.extraction.extract import Extraction
from crawler.ingest.capture_filter import CaptureFilter
from crawler.ingest.classify import Extractor
from crawler.ingest.extraction_worker import ExtractionWorker
from crawler.ingest.messages import RangeTask
from crawler.ingest.report import IngestReport
from storage.warc.http.capture import Capture
from storage.warc.http.exchange import Exchange
from storage.warc.read.range_reader import KnownRecords
from storage.warc.read.source import find_sources
from storage.warc.write.writer import WarcWriter

URLS = [f"https://alanews.it/cronaca/il-mercato-{number}/" for number in range(3)]
PAGE = Path(__file__).parents[2] / "fixtures" / "alanews" / "breadcrumb-first" / "page.html"


def test_a_capture_for_which_memory_was_short_is_left_to_the_next_run(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path, prefix="prova", software="prova")
    response = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE.read_bytes()
    at = datetime(2022, 2, 14, 12, tzinfo=UTC)
    refs = [writer.write(Exchange(url, "GET", b"GET / HTTP/1.1\r\n\r\n", response, at)) for url in URLS]
    writer.close()

    def reads(capture: Capture) -> Extraction:
        if capture.url == URLS[1]:
            raise MemoryError
        return Extractor()(capture)

    worker = ExtractionWorker(tmp_path, CaptureFilter(), Extractor(), reads)
    [source] = find_sources([str(tmp_path / refs[0].file)])
    parts = list(worker.run(RangeTask(source, 0, None, True, KnownRecords({}, frozenset()))))
    report = IngestReport()
    problems = [problem for part in parts for problem in report.add(part) if problem.reason == "cannot be read"]
    assert [(problem.offset, problem.url) for problem in problems] == [(refs[1].offset, URLS[1])]
    assert [result.url for part in parts for result in part.results] == [URLS[0], URLS[2]]
    assert report.is_incomplete and report.needs_a_look
