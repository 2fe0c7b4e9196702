"""Recovers from interrupted crawls: open WARC files, captures without results; called by crawler.crawl.session."""

import logging
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from crawler.ingest.capture_filter import CaptureFilter
from crawler.ingest.classify import Extractor
from crawler.ingest.file_registration import register_files, unregistered_files
from crawler.ingest.local_executor import LocalExecutor
from crawler.ingest.messages import RangeTask
from crawler.ingest.pipeline import ResultWriter, known_records, run_tasks
from crawler.ingest.report import IngestReport
from crawler.takedown.erase import finish_erasure, keys_erased
from storage.collection import Collection
from storage.corpus.read.captures import captures_in_file
from storage.corpus.write.store import Store
from storage.warc.read.payload_index import PayloadIndex
from storage.warc.read.recovery import recover
from storage.warc.read.source import find_sources

logger = logging.getLogger(__name__)


def recover_interrupted_crawls(collection: Collection, store: Store, extractor: Extractor) -> None:
    """Finish an erasure that was killed, seal the WARC files that killed crawls left open, and register the
    unregistered ones, their captures ingested.

    Raises CorpusError, WriteFailed.
    """
    if finish_erasure(collection, store.database, extractor):
        logger.warning("an interrupted erasure is finished")
    for recovered in recover(collection.warc):
        logger.warning("an interrupted run left a WARC file open: %s", recovered)
    files = unregistered_files(collection.registry(), store)
    report = ingest_missing_captures(collection, store, files, extractor)
    if report.captures:
        logger.warning("%d captures of an interrupted run have got their rows", report.captures)
    if report.is_incomplete:
        logger.warning("captures of an interrupted run are left to the next: %s", dict(report.problems))
        files = []
    register_files(collection.registry(), store, files)


def ingest_missing_captures(
    collection: Collection, store: Store, files: Iterable[Path], extractor: Extractor
) -> IngestReport:
    """Classify and store the captures in WARC files that have no row. Raises CorpusError, WriteFailed."""
    report = IngestReport()
    tasks = (
        RangeTask(source, 0, None, True, known_records(captures_in_file(store.database, source.name)))
        for source in find_sources(map(str, files))
    )
    with (
        LocalExecutor(1, collection, CaptureFilter(), extractor) as executor,
        closing(PayloadIndex(collection.payload_index)) as index,
    ):
        erased = keys_erased(collection, store.database)
        run_tasks(executor, tasks, index, ResultWriter(store, index), report, erased=erased)
    return report
