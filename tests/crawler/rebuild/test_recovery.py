"""Recovery does the tasks of a rebuild for the captures that an interrupted crawl left without rows."""

from pathlib import Path

from crawler.crawl.recovery import ingest_missing_captures
from crawler.ingest.classify import Extractor
from storage.collection import Collection
from storage.corpus.db.database import Database
from storage.corpus.write.store import Store
from storage.warc.read.reader import read_captures


def test_rows_of_an_interrupted_crawl_have_the_lists_claims(crawled: Path, database: Database, tmp_path: Path) -> None:
    collection = Collection(tmp_path / "home")
    collection.create()
    files = sorted(crawled.glob("*.warc.gz"))
    assert ingest_missing_captures(collection, Store(database), files, Extractor()).captures == 33
    assert ingest_missing_captures(collection, Store(database), files, Extractor()).captures == 0
    claims = [
        last.lastmod
        for file in files
        for capture in read_captures(file)
        if capture.record_type == "response"
        for last in Store(database).last_captures([capture.url]).values()
    ]
    assert claims[:1] == ["2027-06-01"]
    assert sum(claim is None for claim in claims) <= 1
