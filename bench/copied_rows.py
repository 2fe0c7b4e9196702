"""Makes a corpus larger by copies of its rows: `add(database, times)`.

A copy has other ids, keys and days, and the same texts: words are as frequent among a million articles as they were
among a hundred thousand. The search index is written as `storage.corpus.search.index` writes it.
"""

import sys
from typing import Final

from sqlalchemy import Connection, Date, text

from storage.corpus.db.bulk import BulkWriter
from storage.corpus.db.database import Database
from storage.corpus.db.tables import Base
from storage.corpus.search.index import CREATE, SearchIndex

#: Days between a row and its copy: as many as the articles of `bench.corpus` take, once, twice ...
DAYS: Final = 210
#: What is added to the ids of rows of a table, by the names of columns that have them.
_IDS: Final = {
    "articles": {"id": "articles"},
    "captures": {"id": "captures", "article": "articles"},
    "revisions": {"id": "revisions", "article": "articles", "capture_id": "captures"},
    "revision_authors": {"revision_id": "revisions"},
    "revision_keywords": {"revision_id": "revisions"},
    "images": {"revision_id": "revisions"},
    "text_bands": {"revision_id": "revisions"},
}
#: Other columns that differ in the copy of a number.
_OTHERS: Final = {
    "article_id": "substr('{copy:02x}' || article_id, 1, 32)",
    "record_offset": "record_offset + {copy} * 10000000000",
    "asked_key": "asked_key + {copy}",
    "canonical_key": "canonical_key + {copy}",
    "band": "band + {copy}",
}
_DAY: Final = {"sqlite": "date(published_date, '+{days} days')", "postgresql": "published_date + {days}"}
_TEXTS: Final = text(
    "SELECT id, headline, description, body, language, published_date FROM revisions "
    "WHERE id >= :first AND id < :end ORDER BY id LIMIT 2000"
).columns(published_date=Date)
#: The terms of a day, on Postgres: `storage.corpus.search.days`.
_FORMS: Final = ("YYYY", "YYYY-MM", "YYYY-MM-DD")
_PUBLISHED: Final = "r.published_date"
_COPIED: Final = "r.published_date + CAST(:days AS int)"
_VECTORS: Final = """
INSERT INTO search_index (revision_id, day, words)
SELECT s.revision_id + :shift, s.day + CAST(:days AS int),
    ts_delete(s.words, ARRAY[{old}]) || array_to_tsvector(ARRAY[{new}])
FROM search_index s JOIN revisions r ON r.id = s.revision_id WHERE s.revision_id < :size
"""


def add(database: Database, times: int) -> None:
    """Add so many copies of every article, its revisions and captures."""
    if not times:
        return
    *_, indexed = CREATE["postgresql"]
    with database.writing() as connection:
        sizes = {name: _last(connection, name) + 1 for name in ("articles", "captures", "revisions")}
        if database.dialect == "postgresql":
            connection.execute(text("DROP INDEX ix_search_index_words"))
    for copy in range(1, times + 1):
        with database.writing() as connection:
            for table, ids in _IDS.items():
                _copy_rows(connection, table, {column: copy * sizes[of] for column, of in ids.items()}, copy, sizes)
            _index(connection, copy, sizes["revisions"])
        print(f"  copy {copy} of {times}", file=sys.stderr, flush=True)
    if database.dialect == "postgresql":
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as raw:
            raw.execute(text("SET maintenance_work_mem = '1GB'"))
            raw.execute(text(indexed))
            raw.execute(text("VACUUM ANALYZE"))


def _last(connection: Connection, table: str) -> int:
    last: int = connection.execute(text(f"SELECT max(id) FROM {table}")).scalar_one()
    return last


def _copy_rows(connection: Connection, table: str, ids: dict[str, int], copy: int, sizes: dict[str, int]) -> None:
    day = _DAY[connection.dialect.name].format(days=DAYS * copy)
    values = {name: sql.format(copy=copy) for name, sql in _OTHERS.items()} | {"published_date": day}
    columns = [column.name for column in Base.metadata.tables[table].columns]
    chosen = [f"{name} + {ids[name]}" if name in ids else values.get(name, name) for name in columns]
    first = next(iter(ids))
    whole = f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(chosen)} FROM {table} WHERE {first} < :end"
    connection.execute(text(whole), {"end": sizes[_IDS[table][first]]})


def _index(connection: Connection, copy: int, size: int) -> None:
    if connection.dialect.name == "postgresql":
        terms = [", ".join(f"'·' || to_char({day}, '{form}')" for form in _FORMS) for day in (_PUBLISHED, _COPIED)]
        sql = _VECTORS.format(old=terms[0], new=terms[1])
        connection.execute(text(sql), {"shift": copy * size, "size": size, "days": DAYS * copy})
        return
    index = SearchIndex(connection, BulkWriter(connection))
    first, end = copy * size, (copy + 1) * size
    while found := connection.execute(_TEXTS, {"first": first, "end": end}).all():
        index.add({id: tuple(words) for id, *words in found})
        first = found[-1].id + 1
