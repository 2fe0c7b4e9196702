"""Erases captures from the corpus in one transaction, and leaves a tombstone; called by `crawler.takedown`.

A tombstone has digests of URLs, articles and records, and none of their content. What has such a digest is refused
from then on (`ErasedKeys`).
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Self

from sqlalchemy import Connection, delete, exists, insert, select, update

from storage.corpus.db.bulk import BulkWriter, in_keys
from storage.corpus.db.database import Database
from storage.corpus.db.tables import (
    ArchiveLineRow,
    ArticleRow,
    AuthorRow,
    Base,
    CaptureRow,
    CrawlRow,
    DiscoveryRow,
    ErasedKeyRow,
    ErasureRow,
    FailureRow,
    KeywordRow,
    RevisionAuthorRow,
    RevisionKeywordRow,
    WarcFileRow,
    WarcLocationRow,
    WithholdingRow,
)
from storage.corpus.write.batch import BatchWriter
from storage.corpus.write.capture_result import RecordKey
from storage.corpus.write.withholding import exclude_writers
from storage.warc.index.surt import surt


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A row of `erasures` with its keys: see `storage.corpus.db.tables.ErasureRow`."""

    id: str
    erased_at: datetime
    kind: str
    reason: str
    by_right: str | None
    records: Sequence[str]
    payloads: Sequence[str]
    keys: Sequence[str]

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(**{**data, "erased_at": datetime.fromisoformat(data["erased_at"])})

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"erased_at": self.erased_at.isoformat()}


@dataclass(frozen=True, slots=True)
class ErasedKeys:
    """The digests of what was erased and must not come back."""

    digests: frozenset[str] = frozenset()

    def has_url(self, url: str | None) -> bool:
        return bool(self.digests) and url is not None and url_digest(url) in self.digests

    def has_article(self, article_id: str) -> bool:
        return article_digest(article_id) in self.digests


NOTHING_ERASED = ErasedKeys()


def url_digest(url: str) -> str:
    """The digest of a URL in any spelling."""
    return hashlib.sha256(f"url {surt(url)}".encode("utf-8", "surrogatepass")).hexdigest()


def article_digest(article_id: str) -> str:
    return hashlib.sha256(f"article {article_id}".encode()).hexdigest()


def erased_keys(database: Database) -> ErasedKeys:
    """All digests. Raises CorpusError."""
    with database.reading() as connection:
        return ErasedKeys(frozenset(connection.scalars(select(ErasedKeyRow.digest))))


def tombstones(database: Database) -> list[dict[str, Any]]:
    """The rows of `erasures`, the oldest first. Raises CorpusError."""
    statement = select(ErasureRow.__table__).order_by(ErasureRow.erased_at, ErasureRow.id)
    with database.reading() as connection:
        return [dict(row) for row in connection.execute(statement).mappings()]


def add_tombstones(database: Database, stones: Iterable[Tombstone]) -> None:
    """Insert those that the database has not: it may have been made anew since. Raises CorpusError."""
    with database.reading() as connection:
        known = set(connection.scalars(select(ErasureRow.id)))
    if missing := [stone for stone in stones if stone.id not in known]:
        with database.writing() as connection:
            for stone in missing:
                _insert_tombstone(connection, stone)


@dataclass(slots=True)
class CapturesToErase:
    """captures: those to erase. moved: new offset and length of all others in rewritten files, by file, offset and
    record id; responses: of these, revisits that are responses now. files: size and SHA-256 of rewritten files, None
    for one that is gone. urls: in every spelling met. url_keys: of canonical ones, as `captures.asked_key`.
    """

    captures: Collection[RecordKey]
    moved: Mapping[RecordKey, tuple[int, int]] = field(default_factory=dict)
    responses: Collection[RecordKey] = ()
    files: Mapping[str, tuple[int, str] | None] = field(default_factory=dict)
    urls: Collection[str] = ()
    url_keys: Collection[int] = ()


def erase_rows(database: Database, erased: CapturesToErase, stone: Tombstone) -> None:
    """Erase captures with all that was read from them, follow the records that moved, and insert the tombstone. All or
    nothing; where the tombstone is there, nothing. Raises CorpusError.
    """
    with database.writing() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA secure_delete = ON")
        exclude_writers(connection)
        if connection.execute(select(exists().where(ErasureRow.id == stone.id))).scalar_one():
            return
        _Erasure(connection, erased).run()
        _insert_tombstone(connection, stone)


class _Erasure:
    def __init__(self, connection: Connection, erased: CapturesToErase) -> None:
        self.connection, self.erased = connection, erased
        self.rows = BulkWriter(connection)

    def run(self) -> None:
        captures = self._captures()
        articles = {row.article for row in captures.values()} - {None}
        ids = sorted(row.id for key, row in captures.items() if key in self._gone)
        affected = {row.article for key, row in captures.items() if key in self._gone} & articles
        no_article = {"article": None, "content_hash": None, "reading": None}
        self.rows.update(CaptureRow, [{"id": id, **no_article} for id in ids])
        if affected:
            BatchWriter(self.connection, {}).recompute(affected)
        self.rows.delete(CaptureRow, "id", ids)
        self._forget_articles(affected)
        self._delete_names()
        self._move(captures)
        self._files()
        self._forget_urls()

    @property
    def _gone(self) -> Collection[RecordKey]:
        return self.erased.captures

    def _captures(self) -> dict[RecordKey, Any]:
        """The rows of all captures to be erased or followed."""
        columns = (WarcFileRow.name, CaptureRow.record_offset, CaptureRow.record_id)
        statement = select(*columns, CaptureRow.id, CaptureRow.article).join(WarcFileRow)
        files = {file for file, _, _ in self.erased.captures} | self.erased.files.keys()
        rows = self.connection.execute(statement.where(in_keys(self.connection, WarcFileRow.name, files)))
        return {(row.name, row.record_offset, row.record_id): row for row in rows}

    def _forget_articles(self, articles: Collection[int]) -> None:
        """Articles without captures keep their article_id alone, for the change feed."""
        captured = exists().where(CaptureRow.article == ArticleRow.id)
        gone = in_keys(self.connection, ArticleRow.id, articles) & ~captured
        self.connection.execute(update(ArticleRow).where(gone).values(native_id=None, withheld=None))

    def _delete_names(self) -> None:
        """Delete authors and keywords that no revision has any more."""
        names: tuple[tuple[type[Base], Any, Any], ...] = (
            (AuthorRow, AuthorRow.id, RevisionAuthorRow.author_id),
            (KeywordRow, KeywordRow.id, RevisionKeywordRow.keyword_id),
        )
        for model, id, link in names:
            self.connection.execute(delete(model).where(~exists().where(link == id)))

    def _move(self, captures: Mapping[RecordKey, Any]) -> None:
        places = {key: place for key, place in self.erased.moved.items() if key in captures}
        moved = [(captures[key].id, place) for key, place in sorted(places.items())]
        self.rows.update(
            CaptureRow, [{"id": id, "record_offset": offset, "length": length} for id, (offset, length) in moved]
        )
        responses = [{"id": captures[key].id, "record_type": "response"} for key in sorted(self.erased.responses)]
        self.rows.update(CaptureRow, responses)

    def _files(self) -> None:
        for name, facts in self.erased.files.items():
            named = WarcFileRow.name == name
            if facts:
                size, sha256 = facts
                self.connection.execute(update(WarcFileRow).where(named).values(size=size, sha256=sha256))
            else:
                self.connection.execute(delete(WarcFileRow).where(named))
                self.connection.execute(delete(WarcLocationRow).where(WarcLocationRow.name == name))

    def _forget_urls(self) -> None:
        urls, keys = set(self.erased.urls), list(self.erased.url_keys)
        self.connection.execute(delete(DiscoveryRow).where(in_keys(self.connection, DiscoveryRow.url_key, keys)))
        columns = (ArchiveLineRow.url, FailureRow.url, WithholdingRow.value)
        for model, column in zip((ArchiveLineRow, FailureRow, WithholdingRow), columns, strict=True):
            self.connection.execute(delete(model).where(in_keys(self.connection, column, urls)))
        for crawl, settings in self.connection.execute(select(CrawlRow.id, CrawlRow.settings)).all():
            left = [url for url in settings.get("urls") or [] if url not in urls]
            if len(left) != len(settings.get("urls") or []):
                changed = update(CrawlRow).where(CrawlRow.id == crawl)
                self.connection.execute(changed.values(settings={**settings, "urls": left}))


def _insert_tombstone(connection: Connection, stone: Tombstone) -> None:
    row = {**asdict(stone), "records": list(stone.records), "payloads": list(stone.payloads)}
    keys = row.pop("keys")
    connection.execute(insert(ErasureRow), row)
    BulkWriter(connection).insert_new(ErasedKeyRow, [{"digest": key, "erasure": stone.id} for key in sorted(set(keys))])
