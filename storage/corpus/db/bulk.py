"""Many keys in one condition, and many rows in one statement; used by storage.corpus.write, read and search.

On Postgres rows go through COPY or arrays, on SQLite through prepared statements. Values go to the driver as they are,
JSON as text, without SQLAlchemy's conversions: the cost of a row matters, since every captured page takes this path.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache, partial
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Connection,
    Date,
    Dialect,
    String,
    Table,
    Text,
    func,
    literal,
    select,
    tuple_,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute

from storage.corpus.db.types import UtcDateTime

Values = Mapping[str, Any]
Model = type[DeclarativeBase]
Column = InstrumentedAttribute[Any]

#: JSON as the corpus stores it: takes a value, returns text.
dumped: Callable[[Any], str] = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def in_keys(connection: Connection, columns: Column | tuple[Column, ...], keys: Iterable[Any]) -> ColumnElement[bool]:
    """The condition that a column holds one of the keys, or that columns hold one of the tuples of keys.

    Keys are integers or text. They are bound as one parameter on SQLite and one a column on Postgres, so there is one
    statement for any number of keys.
    """
    if not isinstance(columns, tuple):
        columns, keys = (columns,), ((key,) for key in keys)
    rows = list(keys)
    if connection.dialect.name == "sqlite":
        key = func.json_each(dumped(rows)).table_valued("value").c.value
        return tuple_(*columns).in_(select(*(func.json_extract(key, f"$[{at}]") for at in range(len(columns)))))
    types = [ARRAY(Text if isinstance(column.type, String) else BigInteger) for column in columns]
    arrays = [literal([row[at] for row in rows], kind) for at, kind in enumerate(types)]
    names = [column.key for column in columns]
    return tuple_(*columns).in_(select(func.unnest(*arrays).table_valued(*names).render_derived()))


def insert_into(connection: Connection, model: Model) -> postgresql.Insert | sqlite.Insert:
    """An INSERT statement that takes ON CONFLICT clauses."""
    return (sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert)(model)


def upsert(
    connection: Connection, model: Model, rows: Sequence[Values], update: Callable[[Any], Mapping[str, Any]]
) -> None:
    """Insert rows; where the primary key exists, set the columns that `update` returns for the excluded row."""
    if rows:
        statement = insert_into(connection, model)
        keys = list(model.__table__.primary_key)
        connection.execute(
            statement.on_conflict_do_update(index_elements=keys, set_=update(statement.excluded)), list(rows)
        )


class BulkWriter:
    """Writes rows in the transaction of a connection. Every method takes rows of the same columns, or none."""

    def __init__(self, connection: Connection) -> None:
        self.dialect = connection.dialect
        self._cursor = connection.connection.cursor()
        self._is_sqlite = connection.dialect.name == "sqlite"

    def numbers(self, model: Model, count: int) -> list[int]:
        """New values of the column `id`."""
        table = model.__tablename__
        if not count:
            return []
        if self._is_sqlite:  # this transaction is the only one that writes
            (last,) = self._cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()
            return list(range(last + 1, last + 1 + count))
        self._cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", (table, count)
        )
        return [number for (number,) in self._cursor.fetchall()]

    def insert(self, model: Model, rows: Sequence[Values]) -> None:
        """Insert rows whose keys do not exist."""
        if not rows:
            return
        names = tuple(rows[0])
        if self._is_sqlite:
            self._cursor.executemany(_insert(model.__tablename__, names), self._values(model, names, rows))
            return
        self.copy(f"{model.__tablename__} ({', '.join(names)})", self._values(model, names, rows))

    def insert_new(self, model: Model, rows: Sequence[Values]) -> None:
        """Insert the rows whose keys do not exist yet; sorted by key, so that concurrent writers do not deadlock."""
        if not rows:
            return
        names = tuple(rows[0])
        if self._is_sqlite:
            statement = _insert(model.__tablename__, names) + " ON CONFLICT DO NOTHING"
            self._cursor.executemany(statement, self._values(model, names, rows))
            return
        columns = ", ".join(names)
        self._cursor.execute(
            f"INSERT INTO {model.__tablename__} ({columns}) SELECT {columns} FROM {self._unnest(model, names)} "
            "ON CONFLICT DO NOTHING",
            self._columns(model, names, rows),
        )

    def update(self, model: Model, rows: Sequence[Values]) -> None:
        """Update the rows with the `id` of each row."""
        if not rows:
            return
        names = tuple(rows[0])
        table, changed = model.__tablename__, [name for name in names if name != "id"]
        if self._is_sqlite:
            sets = ", ".join(f"{name} = ?" for name in changed)
            self._cursor.executemany(
                f"UPDATE {table} SET {sets} WHERE id = ?", self._values(model, (*changed, "id"), rows)
            )
            return
        sets = ", ".join(f"{name} = new.{name}" for name in changed)
        self._cursor.execute(
            f"UPDATE {table} SET {sets} FROM {self._unnest(model, names)} WHERE {table}.id = new.id",
            self._columns(model, names, rows),
        )

    def delete(self, model: Model, column: str, keys: Sequence[int]) -> None:
        """Delete the rows with one of the keys in the column."""
        if not keys:
            return
        table = model.__tablename__
        if self._is_sqlite:
            self._cursor.executemany(f"DELETE FROM {table} WHERE {column} = ?", [(key,) for key in keys])
        else:
            self._cursor.execute(f"DELETE FROM {table} WHERE {column} = ANY(%s)", (list(keys),))

    def run(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run a statement of SQLite for each row."""
        self._cursor.executemany(statement, rows)

    def copy(self, target: str, rows: Iterable[Sequence[Any]]) -> None:
        """COPY rows to a table and its columns on Postgres."""
        with self._cursor.copy(f"COPY {target} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def _unnest(self, model: Model, names: Sequence[str]) -> str:
        types = _types(model.__table__, self.dialect)
        return f"unnest({', '.join(f'%s::{types[name]}[]' for name in names)}) AS new ({', '.join(names)})"

    def _columns(self, model: Model, names: Sequence[str], rows: Sequence[Values]) -> list[list[Any]]:
        converters = _converters(model.__table__, self.dialect)
        columns = [[row[name] for row in rows] for name in names]
        for place, name in enumerate(names):
            if to := converters.get(name):
                columns[place] = [None if value is None else to(value) for value in columns[place]]
        return columns

    def _values(self, model: Model, names: Sequence[str], rows: Sequence[Values]) -> list[tuple[Any, ...]]:
        return list(zip(*self._columns(model, names, rows), strict=True))


def _insert(table: str, names: Sequence[str]) -> str:
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' for _ in names)})"


@cache
def _types(table: Table, dialect: Dialect) -> dict[str, str]:
    """The type of each column in Postgres' words, without its collation."""
    return {c.name: c.type.compile(dialect).partition(" COLLATE")[0] for c in table.columns}


@cache
def _converters(table: Table, dialect: Dialect) -> dict[str, Callable[[Any], Any]]:
    """How the values of some columns become what the driver takes."""
    found: dict[str, Callable[[Any], Any]] = {}
    for column in table.columns:
        if isinstance(column.type, UtcDateTime):
            found[column.name] = partial(column.type.process_bind_param, dialect=dialect)
        elif isinstance(column.type, Date) and dialect.name == "sqlite":
            found[column.name] = date.isoformat
    return found
