"""Writes the rows of revisions, their lists, and their words in the search index; called by
storage.corpus.write.batch."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Row, select

from storage.article import Article
from storage.corpus.db.bulk import BulkWriter, dumped
from storage.corpus.db.tables import (
    AuthorRow,
    Base,
    CaptureRow,
    ImageRow,
    KeywordRow,
    RevisionAuthorRow,
    RevisionKeywordRow,
    RevisionRow,
    WarcFileRow,
)
from storage.corpus.search.index import SearchIndex, Words
from storage.corpus.search.text_bands import TextBands
from storage.corpus.write.extraction_results import ExtractionResult, ExtractionResults
from storage.corpus.write.identity import digest_key
from storage.corpus.write.prepared_article import rank_of
from storage.corpus.write.revisions import RevisionState, RevisionStates
from storage.corpus.write.text_diff import TextChange

_REVISION = (
    *("id", "article", "content_hash", "number", "changed", "words_added", "words_removed", "first_captured_at"),
    *("last_captured_at", "capture_id", "reading", "fidelity", "canonical_url"),
)
_CAPTURE = ("record_type", "captured_at", "record_id", "record_offset")

#: Selects the facts of revisions and of the captures that they show; `state_of` takes its rows.
STATES = (
    select(
        *(getattr(RevisionRow, name) for name in _REVISION),
        *(getattr(CaptureRow, name) for name in _CAPTURE),
        WarcFileRow.name,
    )
    .join(CaptureRow, CaptureRow.id == RevisionRow.capture_id)
    .join(WarcFileRow, WarcFileRow.id == CaptureRow.warc_file_id)
)

_LISTS: tuple[type[Base], ...] = (RevisionAuthorRow, RevisionKeywordRow, ImageRow)

#: Names, the list that links them to revisions, the attribute of Article, the column of the list.
_NAMES: tuple[tuple[type[Base], type[Base], str, str], ...] = (
    (AuthorRow, RevisionAuthorRow, "authors", "author_id"),
    (KeywordRow, RevisionKeywordRow, "keywords", "keyword_id"),
)

_COPIED = (
    *("fidelity", "url", "canonical_url", "language", "headline", "alternative_headline", "description", "section"),
    *("published_at", "modified_at", "body", "word_count"),
)
_DUMPED = ("dates", "blocks", "links", "warnings")


def state_of(row: Row[*tuple[Any, ...]]) -> RevisionState:
    """A row of `STATES`."""
    return RevisionState(
        content_hash=row.content_hash,
        first=row.first_captured_at,
        last=row.last_captured_at,
        rank=rank_of(row.fidelity, row.record_type, row.captured_at, row.record_id, row.name, row.record_offset),
        capture=row.capture_id,
        reading=row.reading,
        id=row.id,
        number=row.number,
        change=TextChange(tuple(row.changed), row.words_added, row.words_removed),
    )


class RevisionWriter:
    """Collects the differences between the revisions of articles and their rows, and writes them."""

    def __init__(self, connection: Connection, rows: BulkWriter, results: ExtractionResults) -> None:
        self.connection = connection
        self.rows = rows
        self.results = results
        self._new: list[tuple[int, RevisionState]] = []
        self._reread: list[tuple[int, RevisionState]] = []
        self._moved: list[RevisionState] = []
        self._gone: list[int] = []

    def compare(self, article: int, states: RevisionStates, known: RevisionStates) -> None:
        """Collect the differences of an article; states, known: its revisions after and before the batch."""
        for hash, state in states.items():
            old = known.get(hash)
            if old is None:
                self._new.append((article, state))
            elif old.reading != state.reading:
                self._reread.append((article, _with_id(state, old)))
            elif _facts(old) != _facts(state):
                self._moved.append(_with_id(state, old))
        self._gone += [old.id for hash, old in known.items() if hash not in states and old.id]

    def write(self) -> None:
        """Write the differences to `revisions`, their lists, the search index and the bands of near-copies."""
        index, bands = SearchIndex(self.connection, self.rows), TextBands(self.connection, self.rows)
        replaced = [state.id for _, state in self._reread if state.id]
        index.remove([*self._gone, *replaced])
        for model in _LISTS:
            self.rows.delete(model, "revision_id", [*self._gone, *replaced])
        known = bands.of([*self._gone, *replaced])
        self.rows.delete(RevisionRow, "id", self._gone)
        ids = self.rows.numbers(RevisionRow, len(self._new))
        new = [_revision(id, *one, self.results) for id, one in zip(ids, self._new, strict=True)]
        reread = [_revision(state.id, article, state, self.results) for article, state in self._reread]
        self.rows.insert(RevisionRow, new)
        self.rows.update(RevisionRow, reread)
        self.rows.update(RevisionRow, [{"id": state.id, **_moved(state)} for state in self._moved])
        shown = {row["id"]: self.results[row["reading"]] for row in (*new, *reread)}
        self._write_lists({id: result.article for id, result in shown.items()})
        index.add({id: _words(result) for id, result in shown.items()})
        bands.replace(known, {id: result.data["body"] for id, result in shown.items()})

    def _write_lists(self, shown: dict[int, Article]) -> None:
        for model, link, attribute, column in _NAMES:
            names: dict[int, tuple[str, ...]] = {id: getattr(article, attribute) for id, article in shown.items()}
            keys = {name: digest_key(name) for name in set(chain.from_iterable(names.values()))}
            rows = [{"id": key, "name": name} for name, key in keys.items()]
            self.rows.insert_new(model, sorted(rows, key=itemgetter("id")))
            self.rows.insert(link, _positioned({id: [{column: keys[one]} for one in names[id]] for id in names}))
        images = {id: [image.as_json() for image in article.images] for id, article in shown.items()}
        self.rows.insert(ImageRow, _positioned(images))


def _positioned(lists: Mapping[int, Sequence[dict[str, Any]]]) -> list[dict[str, Any]]:
    """The rows of lists, by row id of the revision."""
    return [
        {"revision_id": id, "position": position, **columns}
        for id, listed in lists.items()
        for position, columns in enumerate(listed)
    ]


def _words(result: ExtractionResult) -> Words:
    data = result.data
    return (data["headline"], data["description"], data["body"], data["language"], result.article.published_date)


def _with_id(state: RevisionState, old: RevisionState) -> RevisionState:
    return state if state.id else replace(state, id=old.id)


def _facts(state: RevisionState) -> tuple[object, ...]:
    return (state.first, state.last, state.capture, state.number, state.change)


def _moved(state: RevisionState) -> dict[str, Any]:
    return {
        "number": state.number,
        "changed": dumped(list(state.change.parts)),
        "words_added": state.change.words_added,
        "words_removed": state.change.words_removed,
        "first_captured_at": state.first,
        "last_captured_at": state.last,
        "capture_id": state.capture,
    }


def _revision(id: int | None, article: int, state: RevisionState, results: ExtractionResults) -> dict[str, Any]:
    result = results[state.reading]
    data, extracted = result.data, result.article
    return {
        "id": id,
        **_moved(state),
        **{name: data[name] for name in _COPIED},
        **{name: dumped(data[name]) for name in _DUMPED},
        "article": article,
        "content_hash": state.content_hash,
        "reading": state.reading,
        "extractor": result.extractor,
        "canonical_key": digest_key(extracted.canonical_url) if extracted.canonical_url else None,
        "published_utc": extracted.published_at,
        "modified_utc": extracted.modified_at,
        "published_date": extracted.published_date,
    }
