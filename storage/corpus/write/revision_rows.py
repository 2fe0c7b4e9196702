"""The rows of revisions, their lists, and their words in the search index."""

from collections.abc import Iterable
from dataclasses import replace
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
from storage.corpus.write.identity import key
from storage.corpus.write.readings import ExtractionResult, ExtractionResults
from storage.corpus.write.revisions import RevisionState, RevisionStates
from storage.corpus.write.sighting import ranked
from storage.corpus.write.text_diff import TextChange

#: What is known of revisions, to be narrowed down to articles; see `state_of`.
STATES = (
    select(
        *(RevisionRow.id, RevisionRow.article, RevisionRow.content_hash, RevisionRow.number, RevisionRow.changed),
        *(
            RevisionRow.words_added,
            RevisionRow.words_removed,
            RevisionRow.first_captured_at,
            RevisionRow.last_captured_at,
        ),
        *(RevisionRow.capture_id, RevisionRow.reading, RevisionRow.fidelity, RevisionRow.canonical_url),
        *(
            CaptureRow.record_type,
            CaptureRow.captured_at,
            CaptureRow.record_id,
            CaptureRow.record_offset,
            WarcFileRow.name,
        ),
    )
    .join(CaptureRow, CaptureRow.id == RevisionRow.capture_id)
    .join(WarcFileRow, WarcFileRow.id == CaptureRow.warc_file_id)
)

_LISTS: tuple[type[Base], ...] = (RevisionAuthorRow, RevisionKeywordRow, ImageRow)

_COPIED = (
    *("fidelity", "url", "canonical_url", "language", "headline", "alternative_headline", "description", "section"),
    *("published_at", "modified_at", "body", "word_count"),
)
_DUMPED = ("dates", "blocks", "links", "warnings")


def state_of(row: Row[Any]) -> RevisionState:
    """A row of `STATES`."""
    return RevisionState(
        content_hash=row.content_hash,
        first=row.first_captured_at,
        last=row.last_captured_at,
        rank=ranked(row.fidelity, row.record_type, row.captured_at, row.record_id, row.name, row.record_offset),
        capture=row.capture_id,
        reading=row.reading,
        id=row.id,
        number=row.number,
        change=TextChange(tuple(row.changed), row.words_added, row.words_removed),
    )


class RevisionWriter:
    """Collects how the revisions of articles differ from what is there, and writes that."""

    def __init__(self, connection: Connection, rows: BulkWriter, readings: ExtractionResults) -> None:
        self.connection = connection
        self.rows = rows
        self.readings = readings
        self._added: list[tuple[int, RevisionState]] = []
        self._reread: list[tuple[int, RevisionState]] = []
        self._moved: list[RevisionState] = []
        self._gone: list[int] = []

    def compare(self, article: int, states: RevisionStates, known: RevisionStates) -> None:
        """Take note of an article's revisions, as they shall be and as they are."""
        for hash, state in states.items():
            old = known.get(hash)
            if old is None:
                self._added.append((article, state))
            elif old.reading != state.reading:
                self._reread.append((article, _with_id(state, old)))
            elif _facts(old) != _facts(state):
                self._moved.append(_with_id(state, old))
        self._gone += [old.id for hash, old in known.items() if hash not in states and old.id]

    def write(self) -> None:
        index = SearchIndex(self.connection, self.rows)
        replaced = [state.id for _, state in self._reread if state.id]
        index.remove([*self._gone, *replaced])
        for table in _LISTS:
            self.rows.delete(table, "revision_id", [*self._gone, *replaced])
        self.rows.delete(RevisionRow, "id", self._gone)
        ids = self.rows.numbers(RevisionRow, len(self._added))
        contents = {state.reading: self.readings.content(state.reading) for _, state in self._added + self._reread}
        added = [
            {"id": id, **_revision(article, state, contents[state.reading])}
            for id, (article, state) in zip(ids, self._added, strict=True)
        ]
        self.rows.insert(RevisionRow, added)
        self.rows.update(
            RevisionRow,
            [{"id": state.id, **_revision(article, state, contents[state.reading])} for article, state in self._reread],
        )
        self.rows.update(RevisionRow, [{"id": state.id, **_moved(state)} for state in self._moved])
        shown = {id: contents[state.reading] for id, (_, state) in zip(ids, self._added, strict=True)}
        shown |= {state.id: contents[state.reading] for _, state in self._reread if state.id}
        self._write_lists({id: content.article for id, content in shown.items()})
        index.add({id: _words(content.data) for id, content in shown.items()})

    def _write_lists(self, shown: dict[int, Article]) -> None:
        self.rows.insert_new(AuthorRow, _names(name for article in shown.values() for name in article.authors))
        self.rows.insert_new(KeywordRow, _names(name for article in shown.values() for name in article.keywords))
        self.rows.insert(
            RevisionAuthorRow,
            [
                {"revision_id": id, "position": position, "author_id": key(name)}
                for id, article in shown.items()
                for position, name in enumerate(article.authors)
            ],
        )
        self.rows.insert(
            RevisionKeywordRow,
            [
                {"revision_id": id, "position": position, "keyword_id": key(name)}
                for id, article in shown.items()
                for position, name in enumerate(article.keywords)
            ],
        )
        self.rows.insert(
            ImageRow,
            [
                {"revision_id": id, "position": position, **image.as_json()}
                for id, article in shown.items()
                for position, image in enumerate(article.images)
            ],
        )


def _words(data: dict[str, Any]) -> Words:
    return (data["headline"], data["description"], data["body"], data["language"])


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


def _revision(article: int, state: RevisionState, content: ExtractionResult) -> dict[str, Any]:
    data, extracted = content.data, content.article
    return {
        **_moved(state),
        **{name: data[name] for name in _COPIED},
        **{name: dumped(data[name]) for name in _DUMPED},
        "article": article,
        "content_hash": state.content_hash,
        "reading": state.reading,
        "extractor": content.extractor,
        "canonical_key": key(extracted.canonical_url) if extracted.canonical_url else None,
        "published_utc": extracted.published_at,
        "published_date": extracted.published_date,
    }


def _names(names: Iterable[str]) -> list[dict[str, Any]]:
    return sorted(({"id": key(name), "name": name} for name in set(names)), key=lambda row: row["id"])
