"""Which of many keys: one statement however many there are, the same on SQLite and on Postgres.

The keys go to the database as one JSON value, so a statement is made and planned once, and no limit on parameters holds
batches back.
"""

from collections.abc import Iterable
from typing import Any, Self

from sqlalchemy import Boolean, ColumnElement, Text, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from storage.corpus.db.bulk import dumped

Column = InstrumentedAttribute[Any]


def among(columns: Column | tuple[Column, ...], keys: Iterable[Any]) -> ColumnElement[bool]:
    """Whether a column has one of the keys, or several columns one of the tuples; integers and text."""
    if not isinstance(columns, tuple):
        columns, keys = (columns,), ((key,) for key in keys)
    return _Among(*columns, literal(dumped(list(keys)), Text))


class _Among(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Self:
        """As it stands: SQLite uses no index for what SQLAlchemy would write, `... = 1`."""
        return self


@compiles(_Among, "sqlite")
def _for_sqlite(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    *columns, keys = element.clauses
    named = ", ".join(compiler.process(column, **options) for column in columns)
    values = ", ".join(f"json_extract(value, '$[{place}]')" for place in range(len(columns)))
    return f"({named}) IN (SELECT {values} FROM json_each({compiler.process(keys, **options)}))"


@compiles(_Among, "postgresql")
def _for_postgres(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    *columns, keys = element.clauses
    named = ", ".join(compiler.process(column, **options) for column in columns)
    types = [column.type.compile(compiler.dialect).partition(" COLLATE")[0] for column in columns]
    values = ", ".join(f"CAST(value ->> {place} AS {kind})" for place, kind in enumerate(types))
    given = f"CAST({compiler.process(keys, **options)} AS jsonb)"
    return f"({named}) IN (SELECT {values} FROM jsonb_array_elements({given}))"
