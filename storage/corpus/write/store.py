"""Writes the corpus: crawls, WARC files, captures and their articles; called by crawler.crawl, ingest and rebuild."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from storage.corpus.db.bulk import BulkWriter, in_keys, upsert
from storage.corpus.db.database import Database
from storage.corpus.db.sanitise import sanitise, sanitise_json
from storage.corpus.db.tables import (
    CaptureRow,
    CrawlRow,
    FailureRow,
    RevisionRow,
    SiteRow,
    WarcFileRow,
    WarcLocationRow,
)
from storage.corpus.write.batch import BatchWriter
from storage.corpus.write.capture_result import CaptureResult, Outcome
from storage.corpus.write.identity import digest_key
from storage.corpus.write.prepared_article import prepare
from storage.exceptions import CorpusUnreachable, WriteConflict

#: Seconds before a batch is tried again, when another writer got in its way or the connection was lost.
_PAUSES = (0.05, 0.5, 2.0, 5.0)

#: Outcomes that say something of the article a URL stands for.
_ANSWERS = (Outcome.ARTICLE.value, Outcome.REFUSED.value, Outcome.REDIRECT.value)


@dataclass(frozen=True, slots=True)
class LastCapture:
    """The last capture of a URL: its time (aware UTC), outcome, reason and detail, and the lastmod of the list then."""

    captured_at: datetime
    outcome: str
    reason: str | None
    detail: str | None
    lastmod: str | None


class Store:
    """The writing side of a corpus. Every method is one transaction; all raise CorpusError."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def begin_crawl(self, site: str, settings: Mapping[str, Any]) -> int:
        """Record that a crawl of a site begins now; `settings` as JSON. Returns the crawl's id."""
        with self.database.writing() as connection:
            BulkWriter(connection).insert_new(SiteRow, [{"name": site}])
            row = {
                "site": site,
                "started_at": datetime.now(UTC),
                "settings": sanitise_json(dict(settings)),
                "counts": {},
            }
            crawl: int = connection.execute(insert(CrawlRow).returning(CrawlRow.id), row).scalar_one()
            return crawl

    def finish_crawl(self, crawl: int, outcome: str, counts: Mapping[str, Any]) -> None:
        """Record the end of a crawl, its outcome (`finished`, `interrupted` ...) and its counts as JSON."""
        with self.database.writing() as connection:
            connection.execute(
                update(CrawlRow)
                .where(CrawlRow.id == crawl)
                .values(finished_at=datetime.now(UTC), outcome=outcome, counts=sanitise_json(dict(counts)))
            )

    def warc_file(
        self, name: str, *, crawl: int | None = None, size: int | None = None, sha256: str | None = None
    ) -> None:
        """Register a WARC file by its bare name; `size` in bytes and `sha256` in hexadecimal seal it."""
        now = datetime.now(UTC) if size is not None else None
        sealed = {"size": size, "sha256": sha256, "sealed_at": now, "crawl_id": crawl}
        with self.database.writing() as connection:
            BulkWriter(connection).insert_new(WarcFileRow, [{"name": name}])
            known = {column: value for column, value in sealed.items() if value is not None}
            if known:
                connection.execute(update(WarcFileRow).where(WarcFileRow.name == name).values(**known))

    def add_location(self, name: str, location: str, size: int | None, sha256: str | None = None) -> None:
        """Record that the WARC file of this name is at a path or URL; without `sha256` a known one stays."""
        row = {"name": name, "location": location, "size": size, "sha256": sha256}
        known = WarcLocationRow.sha256
        with self.database.writing() as connection:
            upsert(
                connection,
                WarcLocationRow,
                [row],
                lambda new: {"size": new.size, "sha256": func.coalesce(new.sha256, known)},
            )

    def record_failure(
        self,
        url: str,
        reason: str,
        detail: str | None = None,
        *,
        site: str | None = None,
        crawl: int | None = None,
        at: datetime | None = None,
    ) -> None:
        """Record a request without a capture. `at` is aware, now by default."""
        with self.database.writing() as connection:
            if site:
                BulkWriter(connection).insert_new(SiteRow, [{"name": site}])
            row = {"crawl_id": crawl, "site": site, "url": sanitise(url), "reason": reason, "detail": sanitise(detail)}
            connection.execute(insert(FailureRow), row | {"at": at or datetime.now(UTC)})

    def save(self, batch: Sequence[CaptureResult]) -> None:
        """Write captures and their articles, one to thousands at a time, all or none.

        A capture is identified by its record key. Saved again with the same result it changes nothing; with another
        result (of a newer extractor) it replaces the one before.
        """
        ready = {result.record_key: (result, article) for result, article in map(prepare, batch)}
        pauses = iter(_PAUSES)
        while ready:
            try:
                with self.database.writing() as connection:
                    BatchWriter(connection, ready).run()
                return
            except (WriteConflict, CorpusUnreachable):
                # A lost connection may have saved the batch; saving it again changes nothing.
                if (pause := next(pauses, None)) is None:
                    raise
                time.sleep(pause)

    def last_captures(self, canonical_urls: Iterable[str]) -> dict[str, LastCapture]:
        """The last capture of each URL as an article, a refusal or a redirect.

        URLs never captured are missing, and those of which there is text only. A URL is that of the request, or the
        canonical URL in the article's page.
        """
        keys = {digest_key(sanitise(url)): url for url in canonical_urls}
        seen: dict[str, LastCapture] = {}
        facts = (CaptureRow.captured_at, CaptureRow.outcome, CaptureRow.reason, CaptureRow.detail, CaptureRow.lastmod)
        is_capture = CaptureRow.record_type != "conversion"
        asked = select(CaptureRow.asked_key, *facts).where(CaptureRow.outcome.in_(_ANSWERS), is_capture)
        named = select(RevisionRow.canonical_key, *facts).join(CaptureRow, CaptureRow.id == RevisionRow.capture_id)
        named = named.where(is_capture)
        with self.database.reading() as connection:
            by_asked = connection.execute(asked.where(in_keys(connection, CaptureRow.asked_key, keys)))
            by_name = connection.execute(named.where(in_keys(connection, RevisionRow.canonical_key, keys)))
            for digest, *last_facts in (*by_asked, *by_name):
                url, last = keys[digest], LastCapture(*last_facts)
                seen[url] = max(seen.get(url, last), last, key=lambda one: one.captured_at)
        return seen
