"""The index of `search`: the words of every revision, written by storage.corpus.write in the revision's transaction.

`search_index` is an FTS5 table without content on SQLite, and a table with a tsvector under a GIN index on Postgres.
Both hold the same stems at the same places (`storage.corpus.search.stemming`), and days of publication
(`storage.corpus.search.days`).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from sqlalchemy import Connection, Date, select, text

from storage.corpus.db.bulk import BulkWriter, in_keys
from storage.corpus.db.tables import RevisionRow
from storage.corpus.search.days import row_of, terms_of
from storage.corpus.search.stemming import GAP, code_of, stems, truncate

#: headline, lede, body, language, day of publication
Words = tuple[str, str | None, str, str | None, date | None]

#: Weights of headline, lede and body in a tsvector.
WEIGHTS = ("A", "B", "D")

CREATE: Mapping[str, tuple[str, ...]] = {
    "sqlite": (
        "CREATE VIRTUAL TABLE search_index USING fts5(headline, lede, body, content = '', tokenize = 'ascii')",
        # what a transaction adds becomes one segment, and few are merged: the cost of a revision hardly grows
        "INSERT INTO search_index (search_index, rank) "
        "VALUES ('automerge', 64), ('crisismerge', 64), ('hashsize', 8388608)",
    ),
    "postgresql": (
        "CREATE TABLE search_index (revision_id bigint PRIMARY KEY, day date, words tsvector NOT NULL)",
        "ALTER TABLE search_index ALTER words SET STORAGE EXTERNAL",
        "CREATE INDEX ix_search_index_words ON search_index USING gin (words) "
        "WITH (fastupdate = on, gin_pending_list_limit = 16384)",
    ),
}

_BATCH = 1000


class SearchIndex:
    """The index, inside a transaction."""

    def __init__(self, connection: Connection, rows: BulkWriter) -> None:
        self.connection = connection
        self.rows = rows
        self._is_sqlite = connection.dialect.name == "sqlite"

    def add(self, revisions: Mapping[int, Words]) -> None:
        """Add revisions, by row id, that are not in the index."""
        if not revisions:
            return
        if self._is_sqlite:
            statement = "INSERT INTO search_index (rowid, headline, lede, body) VALUES (?, ?, ?, ?)"
            self.rows.run(statement, _entries(revisions))
        else:
            vectors = ((id, words[-1], _vector(_fields(words), words[-1])) for id, words in revisions.items())
            self.rows.copy("search_index (revision_id, day, words)", vectors)

    def remove(self, revisions: Sequence[int]) -> None:
        """Remove revisions; their rows must be the same as when they were added."""
        if not revisions:
            return
        if not self._is_sqlite:
            self.connection.execute(
                text("DELETE FROM search_index WHERE revision_id = ANY(:ids)"), {"ids": list(revisions)}
            )
            return
        # A contentless FTS5 table deletes a row only if it is given all values of the row.
        statement = "INSERT INTO search_index (search_index, rowid, headline, lede, body) VALUES ('delete', ?, ?, ?, ?)"
        names = ("id", "headline", "description", "body", "language", "published_date")
        indexed = select(*(getattr(RevisionRow, name) for name in names))
        rows = self.connection.execute(indexed.where(in_keys(self.connection, RevisionRow.id, revisions)))
        self.rows.run(statement, _entries({id: tuple(words) for id, *words in rows}))


def fill(connection: Connection) -> int:
    """Add all revisions to an empty index; returns their number."""
    index = SearchIndex(connection, BulkWriter(connection))
    names = "id, headline, description, body, language, published_date"
    columns = text(f"SELECT {names} FROM revisions WHERE id > :last ORDER BY id LIMIT :n").columns(published_date=Date)
    last = count = 0
    while rows := connection.execute(columns, {"last": last, "n": _BATCH}).all():
        index.add({id: tuple(words) for id, *words in rows})
        last = rows[-1].id
        count += len(rows)
    return count


def _entries(revisions: Mapping[int, Words]) -> list[tuple[int | str, ...]]:
    """The rows of revisions on SQLite, in the order of their row ids: FTS5 writes what it has gathered out each time
    that a row comes before the last one."""
    return sorted((row_of(id, words[-1]), *stemmed(words)) for id, words in revisions.items())


def _fields(words: Words) -> list[list[str]]:
    headline, lede, body, language, _ = words
    code = code_of(language)
    return truncate([stems(part or "", code) for part in (headline, lede, body)])


def stemmed(words: Words) -> Iterator[str]:
    """Headline, lede and body as the index on SQLite has them."""
    return (" ".join(field) for field in _fields(words))


def _vector(fields: Sequence[Sequence[str]], day: date | None) -> str:
    """A tsvector as text, the terms of its day without places. A place is left free between fields, so that no phrase
    goes from one into the next."""
    lexemes: dict[str, str] = {}
    first = 1
    for field, weight in zip(fields, WEIGHTS, strict=True):
        for place, stem in enumerate(field, first):
            at = f"{place}{weight}"
            lexemes[stem] = f"{lexemes[stem]},{at}" if stem in lexemes else f"'{stem}':{at}"
        first += len(field) + 1
    lexemes.pop(GAP, None)
    return " ".join([*lexemes.values(), *(f"'{term}'" for term in terms_of(day))])
