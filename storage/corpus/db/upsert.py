"""INSERT ... ON CONFLICT, which SQLite and Postgres spell alike."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Row
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute
from sqlalchemy.sql.base import ReadOnlyColumnCollection

Values = dict[str, Any]
T = TypeVar("T")

#: Values in one IN list: below every limit on parameters, above what planners like.
CHUNK = 500


def insert_new(connection: Connection, table: type[DeclarativeBase], rows: Sequence[Values]) -> None:
    """Insert the rows whose key is not there yet."""
    if rows:
        connection.execute(_insert(connection)(table).on_conflict_do_nothing(), list(rows))


def insert_or_update(
    connection: Connection,
    table: type[DeclarativeBase],
    rows: Sequence[Values],
    *,
    key: Sequence[str],
    update: Callable[[ReadOnlyColumnCollection[str, Any]], Mapping[str, ColumnElement[Any]]],
    returning: Sequence[InstrumentedAttribute[Any]],
) -> list[Row[Any]]:
    """Insert the rows; where `key` is there already, set the columns that `update` makes of the row that met it."""
    if not rows:
        return []
    statement = _insert(connection)(table)
    merged = statement.on_conflict_do_update(index_elements=key, set_=update(statement.excluded))
    return list(connection.execute(merged.returning(*returning), list(rows)))


def chunks(values: Iterable[T]) -> Iterator[list[T]]:
    """The values in lists of at most `CHUNK`."""
    rest = iter(values)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def _insert(connection: Connection) -> Callable[..., postgresql.Insert]:
    return sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert  # type: ignore[return-value]
