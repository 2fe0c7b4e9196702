"""The migrations build what the models say, and can be gone up and down with data in the tables."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from storage.article import Article, Block, BlockType
from storage.corpus.db import schema
from storage.corpus.db.database import Database, changing_schema, connect, open_database
from storage.corpus.db.tables import Base
from storage.corpus.db.view import create_view
from storage.corpus.read.queries import status
from storage.corpus.search.search import search
from storage.corpus.write.capture_result import CaptureResult, Outcome
from storage.corpus.write.store import Store


def ours(name: str | None, kind: str, _: object) -> bool:
    """The search index is no table of the models: each database has a kind of its own for it."""
    return kind != "table" or not str(name).startswith("search_index")


def view_of(connection: Connection) -> str:
    """The view `corpus` as the database keeps it."""
    if connection.dialect.name == "sqlite":
        return str(connection.execute(text("SELECT sql FROM sqlite_master WHERE name = 'corpus'")).scalar_one())
    return str(connection.execute(text("SELECT pg_get_viewdef('corpus'::regclass)")).scalar_one())


@pytest.fixture
def bare(url: str) -> Iterator[Database]:
    """A database without a schema."""
    with connect(url) as opened:
        yield opened


def test_migrations_and_models_are_in_step(database: Database) -> None:
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": ours})
        assert compare_metadata(context, Base.metadata) == []


def test_migrations_and_models_have_the_same_view(database: Database) -> None:
    with database.writing() as connection:
        migrated = view_of(connection)
        connection.execute(text("DROP VIEW corpus"))
        connection.execute(text(create_view(database.dialect)))
        assert view_of(connection) == migrated


def test_the_program_works_with_the_last_migration() -> None:
    assert ScriptDirectory.from_config(schema._config()).get_current_head() == schema.HEAD


def test_up_down_and_up_again_with_data(database: Database) -> None:
    article = Article(
        url="https://a.example/1",
        canonical_url="https://a.example/1",
        site="prova",
        headline="Titolo",
        authors=("Ada Bruni",),
        blocks=(Block(type=BlockType.PARAGRAPH, text="Testo."),),
    )
    saved = CaptureResult(
        file="a.warc.gz",
        offset=0,
        length=9,
        record_id="<urn:uuid:1>",
        url="https://a.example/1",
        captured_at=datetime(2026, 1, 1, tzinfo=UTC),
        outcome=Outcome.ARTICLE,
        site="prova",
        article=article,
    )
    Store(database).save([saved])
    with changing_schema(database) as connection:  # the rows stay where only the index and later tables go
        schema.downgrade(connection, "0002")
    assert [(report["site"], report["articles"]) for report in status(database)] == [("prova", 1)]
    with changing_schema(database) as connection:
        schema.upgrade(connection)
    assert [one["headline"] for one in search(database, "titoli testo")] == ["Titolo"]
    with changing_schema(database) as connection:
        schema.downgrade(connection, "base")
    with database.reading() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
        assert inspect(connection).get_view_names() == []
    with changing_schema(database) as connection:
        schema.upgrade(connection)
    Store(database).save([saved])
    assert [(report["site"], report["articles"]) for report in status(database)] == [("prova", 1)]


def test_a_migration_that_fails_leaves_nothing(bare: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broke(Exception):
        pass

    with pytest.raises(Broke), changing_schema(bare) as connection:
        schema.upgrade(connection)
        raise Broke
    with bare.reading() as connection:
        assert schema.is_empty(connection)


def test_a_path_with_a_percent_sign(tmp_path) -> None:
    (tmp_path / "50%s").mkdir()
    open_database(f"sqlite:///{tmp_path / '50%s' / 'corpus.db'}").close()
    with sqlite3.connect(tmp_path / "50%s" / "corpus.db") as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(schema.HEAD,)]
    connection.close()
