"""Writes one batch of captures in one transaction; called by storage.corpus.write.store.

The articles of the batch are locked first, in one order, so that concurrent writers never change the same article and
never deadlock. Then the rows are read, storage.corpus.write.revisions computes the new state, and the differences are
written.
"""

from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from storage.corpus.db.bulk import BulkWriter, dumped, in_keys
from storage.corpus.db.sanitise import sanitise_json
from storage.corpus.db.tables import ArticleRow, CaptureRow, RevisionRow, SiteRow, WarcFileRow
from storage.corpus.write import change_feed, withholding
from storage.corpus.write.capture_result import CaptureResult, RecordKey
from storage.corpus.write.extraction_results import ExtractionResults
from storage.corpus.write.identity import digest_key
from storage.corpus.write.prepared_article import PreparedArticle, rank_of
from storage.corpus.write.revision_rows import STATES, RevisionWriter, state_of
from storage.corpus.write.revisions import (
    RevisionState,
    RevisionStates,
    merge_states,
    needed_texts,
    number_states,
    numbered_order,
)
from storage.corpus.write.text_diff import RevisionText
from storage.exceptions import WriteConflict

Prepared = tuple[CaptureResult, PreparedArticle | None]

#: Columns of captures that are attributes of CaptureResult of the same names.
_COPIED = (
    *("length", "record_id", "record_type", "url", "asked_url", "captured_at", "http_status", "content_type"),
    *("payload_digest", "site", "reason", "detail", "lastmod", "agreement", "source"),
)
_copied = attrgetter(*_COPIED)

#: Columns that keep their values where a capture is saved again without them.
_KEPT = ("asked_url", "asked_key", "lastmod", "crawl_id")


class BatchWriter:
    """The steps of writing one batch; `batch` has each capture and its article by record key."""

    def __init__(self, connection: Connection, batch: Mapping[RecordKey, Prepared]) -> None:
        self.connection = connection
        self.rows = BulkWriter(connection)
        self.batch = batch
        self.changed: list[PreparedArticle] = []
        self.prepared = [article for key in sorted(batch) if (article := batch[key][1])]

    def run(self) -> None:
        """Write the batch. Raises WriteConflict, sqlalchemy.exc.DBAPIError."""
        self._register()
        before = self._known_captures()
        self._lock_articles({row["article"] for row in before.values()} - {None})
        if self.connection.dialect.name != "sqlite":
            before = self._known_captures()  # their state under the lock
            if not {row["article"] for row in before.values()} <= {None, *self.articles.values()}:
                raise WriteConflict("a capture was read anew by two programs at once: try again")
        new, reread = self._save_captures(before)
        self._save_revisions(new, reread)
        withholding.apply(self.connection, self.articles.values())

    def recompute(self, articles: set[int]) -> None:
        """Compute the revisions of articles, by row id, again from the captures that name them."""
        self._lock_articles(articles)
        self._save_revisions([], articles)

    def _register(self) -> None:
        results = [result for result, _ in self.batch.values()]
        names = {one.site for one in results} | {one.article.site for one in results if one.article}
        self.rows.insert_new(SiteRow, [{"name": name} for name in sorted(filter(None, names))])
        files = sorted({file for file, _, _ in self.batch})
        self.rows.insert_new(WarcFileRow, [{"name": name} for name in files])
        statement = select(WarcFileRow.name, WarcFileRow.id)
        rows = self.connection.execute(statement.where(in_keys(self.connection, WarcFileRow.name, files)))
        self.files = {row.name: row.id for row in rows}

    def _known_captures(self) -> dict[RecordKey, dict[str, Any]]:
        names = {id: name for name, id in self.files.items()}
        columns = (CaptureRow.warc_file_id, CaptureRow.record_offset, CaptureRow.record_id)
        keys = ((self.files[file], offset, id) for file, offset, id in self.batch)
        statement = select(CaptureRow.__table__).where(in_keys(self.connection, columns, keys))
        rows = self.connection.execute(statement).mappings()
        return {(names[row["warc_file_id"]], row["record_offset"], row["record_id"]): _as_written(row) for row in rows}

    def _lock_articles(self, others: set[int]) -> None:
        """Insert the rows of new articles and lock all rows of the batch, those with the row ids `others` too."""
        named: dict[str, Any] = {one.article_id: one.article for one in self.prepared}
        if others:
            statement = select(ArticleRow.article_id, ArticleRow.site, ArticleRow.native_id)
            rows = self.connection.execute(statement.where(in_keys(self.connection, ArticleRow.id, others)))
            named = {row.article_id: row for row in rows} | named
        rows_of_new = {"canonical_url": None, "revision_count": 0, "change": 0}
        self.rows.insert_new(
            ArticleRow,
            [
                {"article_id": id, "site": article.site, "native_id": article.native_id or None, **rows_of_new}
                for id, article in sorted(named.items())
            ],
        )
        locked = select(ArticleRow.id, ArticleRow.article_id, ArticleRow.canonical_url, ArticleRow.revision_count)
        locked = locked.where(in_keys(self.connection, ArticleRow.article_id, named))
        locked = locked.order_by(ArticleRow.article_id).with_for_update()
        self.known_articles = {row.id: row for row in self.connection.execute(locked)}
        self.articles = {row.article_id: row.id for row in self.known_articles.values()}

    def _save_captures(
        self, before: Mapping[RecordKey, dict[str, Any]]
    ) -> tuple[list[tuple[PreparedArticle, int]], set[int]]:
        """Write captures. Returns the articles of new captures with the captures' row ids, and the row ids of articles
        whose captures have another result than before."""
        new: list[tuple[PreparedArticle, int]] = []
        reread: set[int] = set()
        inserted, updated = [], []
        ids = iter(self.rows.numbers(CaptureRow, len(self.batch) - len(before)))
        for key in sorted(self.batch):
            result, prepared = self.batch[key]
            row = self._capture(result, prepared)
            old = before.get(key)
            if old is None:
                row["id"] = next(ids)
                inserted.append(row)
                if prepared:
                    new.append((prepared, row["id"]))
                    self.changed.append(prepared)
                continue
            kept = (*_KEPT, "agreement") if row["reading"] == old["reading"] else _KEPT
            row |= {"id": old["id"]} | {name: old[name] for name in kept if row[name] is None}
            if row != old:
                updated.append(row)
                self.changed += [prepared] if prepared else []
                reread |= {old["article"], row["article"]} - {None}
        self.rows.insert(CaptureRow, inserted)
        self.rows.update(CaptureRow, updated)
        return new, reread

    def _capture(self, result: CaptureResult, prepared: PreparedArticle | None) -> dict[str, Any]:
        return {
            **dict(zip(_COPIED, _copied(result), strict=True)),
            "warc_file_id": self.files[result.file],
            "record_offset": result.offset,
            "asked_key": digest_key(result.asked_url) if result.asked_url else None,
            "crawl_id": result.crawl,
            "outcome": result.outcome.value,
            "extractor": result.extractor or None,
            "article": self.articles[prepared.article_id] if prepared else None,
            "content_hash": prepared.content_hash if prepared else None,
            "fidelity": prepared.article.fidelity.value if prepared else None,
            "confidence": prepared.article.confidence if prepared else None,
            "reading": prepared.reading if prepared else None,
            "rights": dumped(sanitise_json([signal.as_json() for signal in result.rights])),
        }

    def _save_revisions(self, new: Sequence[tuple[PreparedArticle, int]], reread: set[int]) -> None:
        added: dict[int, list[RevisionState]] = {}
        for prepared, capture in new:
            article = self.articles[prepared.article_id]
            if article not in reread:
                added.setdefault(article, []).append(_state_of(prepared, capture))
        known = self._known_states({*added, *reread})
        states = {article: merge_states(found, known.get(article)) for article, found in added.items()}
        states |= self._states_from_captures(reread)
        results = ExtractionResults(self.connection, self.rows, self.prepared)
        states = self._numbered(states, known)
        results.store(states, known, [(self.articles[one.article_id], one) for one in self.changed])
        writer = RevisionWriter(self.connection, self.rows, results)
        for article in sorted(states):
            writer.compare(article, states[article], known.get(article, {}))
        writer.write()
        results.delete_unused(reread)
        self._save_articles(states, known, results)

    def _known_states(self, articles: Iterable[int]) -> dict[int, RevisionStates]:
        known: dict[int, RevisionStates] = {}
        old = [id for id in articles if self.known_articles[id].revision_count]
        self._canonical: dict[str, str | None] = {}
        statement = STATES.where(in_keys(self.connection, RevisionRow.article, old))
        for row in self.connection.execute(statement) if old else ():
            state = state_of(row)
            known.setdefault(row.article, {})[state.content_hash] = state
            self._canonical[state.reading] = row.canonical_url
        return known

    def _states_from_captures(self, articles: Iterable[int]) -> dict[int, RevisionStates]:
        """The states of articles, computed again from all their captures."""
        found: dict[int, RevisionStates] = {article: {} for article in articles}
        columns = (
            *(CaptureRow.id, CaptureRow.article, CaptureRow.content_hash, CaptureRow.reading, CaptureRow.fidelity),
            *(CaptureRow.captured_at, CaptureRow.record_type, CaptureRow.record_id, CaptureRow.record_offset),
            WarcFileRow.name,
        )
        statement = select(*columns).join(WarcFileRow, WarcFileRow.id == CaptureRow.warc_file_id)
        statement = statement.where(in_keys(self.connection, CaptureRow.article, found))
        for row in self.connection.execute(statement) if found else ():
            rank = rank_of(row.fidelity, row.record_type, row.captured_at, row.record_id, row.name, row.record_offset)
            state = RevisionState(row.content_hash, row.captured_at, row.captured_at, rank, row.id, row.reading)
            found[row.article] = merge_states([state], found[row.article])
        return found

    def _numbered(
        self, states: dict[int, RevisionStates], known: dict[int, RevisionStates]
    ) -> dict[int, RevisionStates]:
        texts: dict[int, dict[str, RevisionText]] = {article: {} for article in states}
        missing: dict[int, tuple[int, str]] = {}
        own = {(self.articles[one.article_id], one.content_hash): one.data for one in self.prepared}
        for article, found in states.items():
            before = known.get(article, {})
            for hash in needed_texts(found, before):
                if data := own.get((article, hash)):
                    texts[article][hash] = RevisionText.of(data["headline"], data["description"], data["blocks"])
                else:
                    missing[before[hash].id or 0] = (article, hash)
        statement = select(RevisionRow.id, RevisionRow.headline, RevisionRow.description, RevisionRow.blocks)
        statement = statement.where(in_keys(self.connection, RevisionRow.id, missing))
        for row in self.connection.execute(statement) if missing else ():
            article, hash = missing[row.id]
            texts[article][hash] = RevisionText.of(row.headline, row.description, row.blocks)
        return {
            article: number_states(found, known.get(article, {}), texts[article]) for article, found in states.items()
        }

    def _save_articles(
        self, states: dict[int, RevisionStates], known: dict[int, RevisionStates], results: ExtractionResults
    ) -> None:
        changed = []
        for article, found in sorted(states.items()):
            old, order = self.known_articles[article], numbered_order(found)
            best = max(found.values(), key=lambda state: state.rank, default=None)
            canonical = None
            if best:
                canonical = self._canonical.get(best.reading) or results.canonical_url(best.reading)
            before = numbered_order(known.get(article, {}))
            same = (old.revision_count, old.canonical_url) == (len(order), canonical)
            if not same or _exported(order) != _exported(before):
                changed.append({"id": article, "canonical_url": canonical, "revision_count": len(order)})
        if changed:
            position = change_feed.take_position(self.connection)
            self.rows.update(ArticleRow, [row | {"change": position} for row in changed])


def _as_written(row: RowMapping) -> dict[str, Any]:
    """A row with its JSON as text, as it is written."""
    return {**row, "rights": None if row["rights"] is None else dumped(row["rights"])}


def _state_of(prepared: PreparedArticle, capture: int) -> RevisionState:
    moment = prepared.result.captured_at
    return RevisionState(prepared.content_hash, moment, moment, prepared.rank, capture, prepared.reading)


def _exported(order: Sequence[RevisionState]) -> tuple[object, ...]:
    """The facts of the newest revision that an export shows."""
    return (order[-1].content_hash, order[-1].first, order[-1].last, order[-1].rank, order[-1].reading) if order else ()
