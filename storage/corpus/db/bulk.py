"""Writing many rows at once: COPY and one statement for a whole batch on Postgres, prepared statements on SQLite.

Values go to the driver as they are, JSON as text: this is the path of every captured page, and the price of a row
counts. Everything happens in the transaction of the connection that is handed in.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache, partial
from typing import Any

from sqlalchemy import Connection, Date, Dialect, Table
from sqlalchemy.orm import DeclarativeBase

from storage.corpus.db.types import UtcDateTime

Values = Mapping[str, Any]
Model = type[DeclarativeBase]


#: JSON as the corpus keeps it: takes a value, gives text.
dumped: Callable[[Any], str] = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class BulkWriter:
    """The rows of a transaction. Each method takes rows with the same columns, and none at all is fine."""

    def __init__(self, connection: Connection) -> None:
        self.dialect = connection.dialect
        self._cursor = connection.connection.cursor()
        self._is_sqlite = connection.dialect.name == "sqlite"

    def numbers(self, model: Model, count: int) -> list[int]:
        """Fresh values of the column `id`."""
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
        """Insert rows that are not there."""
        if not rows:
            return
        names = tuple(rows[0])
        if self._is_sqlite:
            self._cursor.executemany(_insert(model.__tablename__, names), self._values(model, names, rows))
            return
        with self._cursor.copy(f"COPY {model.__tablename__} ({', '.join(names)}) FROM STDIN") as copy:
            for row in self._values(model, names, rows):
                copy.write_row(row)

    def insert_new(self, model: Model, rows: Sequence[Values]) -> None:
        """Insert the rows whose key is not there yet; sorted by it, so that writers never wait in a circle."""
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
        """Set the columns of rows that are there; `id` says which."""
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
