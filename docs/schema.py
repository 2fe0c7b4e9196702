"""Writes docs/schema.md from the models: `make docs`. A test holds that it is up to date."""

import inspect
from pathlib import Path

from sqlalchemy import Column
from sqlalchemy.dialects import postgresql, sqlite

from storage.corpus.db.tables import Base
from storage.corpus.db.view import CORPUS, MEANING

TARGET = Path(__file__).with_name("schema.md")

HEAD = """# The schema of the corpus

Made by `make docs` from the models. Instants are UTC, microseconds kept (`timestamptz` on Postgres, ISO 8601 text of
one width on SQLite); digests and other names are compared byte by byte on both. Besides, `search_index` holds the words
of every revision (FTS5 on SQLite, a tsvector on Postgres); it is read through `emeroteca search`.

The interface are the views: `corpus` and `revisions_all` keep their columns from version to version, changes are in
the changelog. The tables are not: they may change with any migration.
"""


def reference() -> str:
    """The view, a diagram, and every table, Markdown."""
    mappers = sorted(Base.registry.mappers, key=lambda mapper: mapper.local_table.name)
    parts = [HEAD, "## The views `corpus` and `revisions_all`\n"]
    parts.append("One row an article in `corpus`, its newest revision; one row a revision in `revisions_all`.\n")
    parts.append(_table([(name, str(CORPUS.c[name].type), said) for name, said in MEANING.items()]))
    parts.append("## Diagram\n\n```mermaid\nerDiagram")
    for mapper in mappers:
        for key in sorted(mapper.local_table.foreign_keys, key=lambda key: key.parent.name):
            parts.append(f"    {key.column.table.name} ||--o{{ {mapper.local_table.name} : {key.parent.name}")
    parts.append("```\n")
    for mapper in mappers:
        said = inspect.cleandoc(mapper.class_.__doc__ or "")
        parts.append(f"## `{mapper.local_table.name}`\n\n{said}\n")
        parts.append(_table([(column.name, _types(column), _said(column)) for column in mapper.local_table.columns]))
    return "\n".join(parts)


def _table(rows: list[tuple[str, str, str]]) -> str:
    lines = [f"| `{name}` | {kind} | {said} |" for name, kind, said in rows]
    return "\n".join(["| column | type | meaning |", "| --- | --- | --- |", *lines]) + "\n"


def _types(column: Column) -> str:
    """Postgres' type, and SQLite's where it is another; `?` for what may be null."""
    there = column.type.compile(postgresql.dialect()).partition(" COLLATE")[0].lower()
    here = column.type.compile(sqlite.dialect()).lower()
    return (there if there == here else f"{there} ({here})") + ("?" if column.nullable else "")


def _said(column: Column) -> str:
    """What the model says, and where the column leads."""
    leads = ", ".join(f"→ `{key.target_fullname}`" for key in column.foreign_keys)
    said = " ".join((column.doc or "").split())
    return "; ".join(filter(None, (said, leads)))


if __name__ == "__main__":
    TARGET.write_text(reference(), encoding="utf-8")
