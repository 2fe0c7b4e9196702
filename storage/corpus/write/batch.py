"""One batch of captures into the tables, in one transaction.

The articles of a batch are held first, in one order, so that several writers never work on the same article at once nor
wait for each other in a circle. What is there is read, what it becomes is worked out by
`storage.corpus.write.revisions`, and what differs is written.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from storage.corpus.db.among import among
from storage.corpus.db.bulk import BulkWriter
from storage.corpus.db.tables import ArticleRow, CaptureRow, RevisionRow, SiteRow, WarcFileRow
from storage.corpus.write import change_feed as feed
from storage.corpus.write import revision_rows as content
from storage.corpus.write.capture_result import CaptureResult
from storage.corpus.write.identity import key
from storage.corpus.write.readings import ExtractionResults
from storage.corpus.write.revisions import RevisionState, RevisionStates, gathered, in_order, needed_texts, numbered
from storage.corpus.write.sighting import Place, Sighting, ranked
from storage.corpus.write.text_diff import RevisionText
from storage.exceptions import WriteConflict

Prepared = tuple[CaptureResult, Sighting | None]

#: Facts that stay known where a capture is saved again by somebody who does not know them.
_KEPT = ("asked_url", "asked_key", "lastmod", "crawl_id")


class BatchWriter:
    """The steps of saving one batch."""

    def __init__(self, connection: Connection, batch: Mapping[Place, Prepared]) -> None:
        self.connection = connection
        self.rows = BulkWriter(connection)
        self.batch = batch
        self.sightings = [sighting for place in sorted(batch) if (sighting := batch[place][1])]

    def run(self) -> None:
        self._register()
        before = self._captures_there()
        self._claim({row["article"] for row in before.values()} - {None})
        if self.connection.dialect.name != "sqlite":
            before = self._captures_there()  # as they are now that nobody else can change them
            if not {row["article"] for row in before.values()} <= {None, *self.articles.values()}:
                raise WriteConflict("a capture was read anew by two programs at once: try again")
        fresh, read_anew = self._save_captures(before)
        self._save_revisions(fresh, read_anew)

    def _register(self) -> None:
        saved = [one for one, _ in self.batch.values()]
        names = {one.site for one in saved} | {one.article.site for one in saved if one.article}
        self.rows.insert_new(SiteRow, [{"name": name} for name in sorted(filter(None, names))])
        files = sorted({file for file, _, _ in self.batch})
        self.rows.insert_new(WarcFileRow, [{"name": name} for name in files])
        found = self.connection.execute(select(WarcFileRow.name, WarcFileRow.id).where(among(WarcFileRow.name, files)))
        self.files = {row.name: row.id for row in found}

    def _captures_there(self) -> dict[Place, dict[str, Any]]:
        names = {id: name for name, id in self.files.items()}
        columns = (CaptureRow.warc_file_id, CaptureRow.record_offset, CaptureRow.record_id)
        places = ((self.files[file], offset, id) for file, offset, id in self.batch)
        rows = self.connection.execute(select(CaptureRow.__table__).where(among(columns, places))).mappings()
        return {(names[row["warc_file_id"]], row["record_offset"], row["record_id"]): dict(row) for row in rows}

    def _claim(self, others: set[int]) -> None:
        """Make the articles' rows and hold them until the transaction ends, those of row ids `others` too."""
        named: dict[str, Any] = {sighting.article_id: sighting.article for sighting in self.sightings}
        if others:
            ids = select(ArticleRow.article_id, ArticleRow.site, ArticleRow.native_id).where(
                among(ArticleRow.id, others)
            )
            named.update((row.article_id, row) for row in self.connection.execute(ids) if row.article_id not in named)
        new = {"canonical_url": None, "revision_count": 0, "change": 0}
        claimed: list[dict[str, Any]] = [
            {"article_id": id, "site": article.site, "native_id": article.native_id or None, **new}
            for id, article in sorted(named.items())
        ]
        self.rows.insert_new(ArticleRow, claimed)
        held = select(ArticleRow.id, ArticleRow.article_id, ArticleRow.canonical_url, ArticleRow.revision_count)
        held = held.where(among(ArticleRow.article_id, (row["article_id"] for row in claimed)))
        held = held.order_by(ArticleRow.article_id).with_for_update()
        self.known_articles = {row.id: row for row in self.connection.execute(held)}
        self.articles = {row.article_id: row.id for row in self.known_articles.values()}

    def _save_captures(self, before: Mapping[Place, dict[str, Any]]) -> tuple[list[tuple[Sighting, int]], set[int]]:
        """Write captures. Gives the sightings of new captures with their rows, and articles with captures read anew."""
        fresh: list[tuple[Sighting, int]] = []
        self.news: list[Sighting] = []
        read_anew: set[int] = set()
        added, changed = [], []
        ids = iter(self.rows.numbers(CaptureRow, len(self.batch) - len(before)))
        for place in sorted(self.batch):
            saved, sighting = self.batch[place]
            row = self._capture(saved, sighting)
            old = before.get(place)
            if old is None:
                row["id"] = next(ids)
                added.append(row)
                if sighting:
                    fresh.append((sighting, row["id"]))
                    self.news.append(sighting)
                continue
            row |= {"id": old["id"]} | {name: old[name] for name in _KEPT if row[name] is None}
            if row != old:
                changed.append(row)
                self.news += [sighting] if sighting else []
                read_anew |= {old["article"], row["article"]} - {None}
        self.rows.insert(CaptureRow, added)
        self.rows.update(CaptureRow, changed)
        return fresh, read_anew

    def _capture(self, saved: CaptureResult, sighting: Sighting | None) -> dict[str, Any]:
        return {
            "warc_file_id": self.files[saved.file],
            "record_offset": saved.offset,
            "length": saved.length,
            "record_id": saved.record_id,
            "record_type": saved.record_type,
            "url": saved.url,
            "asked_url": saved.asked_url,
            "asked_key": key(saved.asked_url) if saved.asked_url else None,
            "captured_at": saved.captured_at,
            "http_status": saved.http_status,
            "content_type": saved.content_type,
            "payload_digest": saved.payload_digest,
            "site": saved.site,
            "crawl_id": saved.crawl,
            "outcome": saved.outcome.value,
            "reason": saved.reason,
            "detail": saved.detail,
            "lastmod": saved.lastmod,
            "article": self.articles[sighting.article_id] if sighting else None,
            "content_hash": sighting.content_hash if sighting else None,
            "fidelity": sighting.article.fidelity.value if sighting else None,
            "reading": sighting.reading if sighting else None,
            "extractor": saved.extractor or None,
        }

    def _save_revisions(self, fresh: Sequence[tuple[Sighting, int]], read_anew: set[int]) -> None:
        seen: dict[int, list[RevisionState]] = {}
        for sighting, capture in fresh:
            article = self.articles[sighting.article_id]
            if article not in read_anew:
                seen.setdefault(article, []).append(_state_of(sighting, capture))
        touched = {*seen, *read_anew}
        known = self._known_states(touched)
        states = {article: gathered(found, known.get(article)) for article, found in seen.items()}
        states |= self._states_from_captures(read_anew)
        readings = ExtractionResults(self.connection, self.rows, {s.reading: s for s in self.sightings})
        states = self._numbered(states, known)
        readings.keep(states, known, [(self.articles[s.article_id], s) for s in self.news])
        written = content.RevisionWriter(self.connection, self.rows, readings)
        for article in sorted(states):
            written.compare(article, states[article], known.get(article, {}))
        written.write()
        readings.forget(read_anew)
        self._save_articles(states, known, readings)

    def _known_states(self, articles: Iterable[int]) -> dict[int, RevisionStates]:
        known: dict[int, RevisionStates] = {}
        old = [id for id in articles if self.known_articles[id].revision_count]
        self._canonical: dict[str, str | None] = {}
        for row in self.connection.execute(content.STATES.where(among(RevisionRow.article, old))) if old else ():
            state = content.state_of(row)
            known.setdefault(row.article, {})[state.content_hash] = state
            self._canonical[state.reading] = row.canonical_url
        return known

    def _states_from_captures(self, articles: Iterable[int]) -> dict[int, RevisionStates]:
        """The states of articles, gathered from all their captures anew."""
        found: dict[int, RevisionStates] = {article: {} for article in articles}
        columns = (
            *(CaptureRow.id, CaptureRow.article, CaptureRow.content_hash, CaptureRow.reading, CaptureRow.fidelity),
            *(
                CaptureRow.captured_at,
                CaptureRow.record_type,
                CaptureRow.record_id,
                CaptureRow.record_offset,
                WarcFileRow.name,
            ),
        )
        captures = select(*columns).join(WarcFileRow, WarcFileRow.id == CaptureRow.warc_file_id)
        for row in self.connection.execute(captures.where(among(CaptureRow.article, found))) if found else ():
            rank = ranked(row.fidelity, row.record_type, row.captured_at, row.record_id, row.name, row.record_offset)
            state = RevisionState(row.content_hash, row.captured_at, row.captured_at, rank, row.id, row.reading)
            found[row.article] = gathered([state], found[row.article])
        return found

    def _numbered(
        self, states: dict[int, RevisionStates], known: dict[int, RevisionStates]
    ) -> dict[int, RevisionStates]:
        texts: dict[int, dict[str, RevisionText]] = {article: {} for article in states}
        wanted: dict[int, tuple[int, str]] = {}
        own = {(self.articles[s.article_id], s.content_hash): s for s in self.sightings}
        for article, found in states.items():
            before = known.get(article, {})
            for hash in needed_texts(found, before):
                if sighting := own.get((article, hash)):
                    data = sighting.data
                    texts[article][hash] = RevisionText.of(data["headline"], data["description"], data["blocks"])
                else:
                    wanted[before[hash].id or 0] = (article, hash)
        old = select(RevisionRow.id, RevisionRow.headline, RevisionRow.description, RevisionRow.blocks)
        for row in self.connection.execute(old.where(among(RevisionRow.id, wanted))) if wanted else ():
            article, hash = wanted[row.id]
            texts[article][hash] = RevisionText.of(row.headline, row.description, row.blocks)
        return {article: numbered(found, known.get(article, {}), texts[article]) for article, found in states.items()}

    def _save_articles(
        self, states: dict[int, RevisionStates], known: dict[int, RevisionStates], readings: ExtractionResults
    ) -> None:
        changed = []
        for article, found in sorted(states.items()):
            old, order = self.known_articles[article], in_order(found)
            best = max(found.values(), key=lambda state: state.rank, default=None)
            canonical = None
            if best:
                canonical = self._canonical.get(best.reading) or readings.canonical_url(best.reading)
            before = in_order(known.get(article, {}))
            same = (old.revision_count, old.canonical_url) == (len(order), canonical)
            if not same or _shown(order) != _shown(before):
                changed.append({"id": article, "canonical_url": canonical, "revision_count": len(order)})
        if changed:
            position = feed.take_position(self.connection)
            self.rows.update(ArticleRow, [row | {"change": position} for row in changed])


def _state_of(sighting: Sighting, capture: int) -> RevisionState:
    moment = sighting.saved.captured_at
    return RevisionState(sighting.content_hash, moment, moment, sighting.rank, capture, sighting.reading)


def _shown(order: Sequence[RevisionState]) -> tuple[object, ...]:
    """What an export shows of the newest revision."""
    return (order[-1].content_hash, order[-1].first, order[-1].last, order[-1].rank, order[-1].reading) if order else ()
