"""The migrations build what the models say, and can be gone up and down with data in the tables."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from storage.article import Article, Block, BlockType
from storage.corpus.db import schema
from storage.corpus.db.database import (
    Database,
    changing_schema,
    connect,
    downgrade_database,
    open_database,
    schema_version,
)
from storage.corpus.db.tables import Base
from storage.corpus.db.view import create_view
from storage.corpus.read.queries import status
from storage.corpus.search.search import search
from storage.corpus.write.capture_result import CaptureResult, Outcome
from storage.corpus.write.store import Store
from storage.exceptions import SchemaOutdated, SchemaTooNew


def ours(name: str | None, kind: str, _: object) -> bool:
    """The search index is no table of the models: each database has a kind of its own for it."""
    return kind != "table" or not str(name).startswith("search_index")


def view_of(connection: Connection, view: str) -> str:
    """A view as the database keeps it."""
    if connection.dialect.name == "sqlite":
        return str(connection.execute(text(f"SELECT sql FROM sqlite_master WHERE name = '{view}'")).scalar_one())
    return str(connection.execute(text(f"SELECT pg_get_viewdef('{view}'::regclass)")).scalar_one())


@pytest.fixture
def bare(url: str) -> Iterator[Database]:
    """A database without a schema."""
    with connect(url) as opened:
        yield opened


def test_migrations_and_models_are_in_step(database: Database) -> None:
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": ours})
        assert compare_metadata(context, Base.metadata) == []


@pytest.mark.parametrize("view", ["corpus", "revisions_all"])
def test_migrations_and_models_have_the_same_view(database: Database, view: str) -> None:
    with database.writing() as connection:
        migrated = view_of(connection, view)
        connection.execute(text(f"DROP VIEW {view}"))
        connection.execute(text(create_view(database.dialect, view)))
        assert view_of(connection, view) == migrated


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
    with database.reading() as connection:
        assert connection.execute(text("SELECT site, revision_count FROM articles")).all() == [("prova", 1)]
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


def test_older_revisions_get_their_instants(bare: Database) -> None:
    """Also those of times that UTC would carry out of the years 1 to 9999 on SQLite."""
    with changing_schema(bare) as connection:
        schema.upgrade(connection, "0017")
        for statement in OLD_ROWS:
            connection.execute(text(statement))
        schema.upgrade(connection)
        newer = "SELECT modified_at > published_at FROM corpus"
        local = "SELECT modified_at_local FROM revisions_all"
        assert [bool(found) for found in connection.scalars(text(newer))] == [False]
        assert list(connection.scalars(text(local))) == ["2026-01-02T23:00:00+05:00"]
        schema.downgrade(connection, "0017")
        assert list(connection.scalars(text("SELECT modified_at FROM corpus"))) == ["2026-01-02T23:00:00+05:00"]


#: An article as version 0017 kept it: its local modification time is the greater, its instant the smaller.
OLD_ROWS = (
    "INSERT INTO sites (name) VALUES ('prova')",
    "INSERT INTO warc_files (id, name) VALUES (1, 'a.warc.gz')",
    "INSERT INTO articles (id, article_id, site, revision_count, change) VALUES (1, 'abc', 'prova', 1, 1)",
    """INSERT INTO captures (id, warc_file_id, record_offset, length, record_id, record_type, url, captured_at, outcome)
    VALUES (1, 1, 0, 1, '<urn:uuid:1>', 'response', 'https://a.example/1', '2026-02-01T00:00:00.000000+00:00',
    'article')""",
    """INSERT INTO revisions (id, article, content_hash, number, changed, words_added, words_removed, first_captured_at,
    last_captured_at, capture_id, reading, extractor, fidelity, headline, published_at, published_utc, modified_at,
    dates, body, blocks, links, word_count, warnings) VALUES (1, 1, 'x', 1, '[]', 0, 0,
    '2026-02-01T00:00:00.000000+00:00', '2026-02-01T00:00:00.000000+00:00', 1, 'r', 'e', 'html', 'Titolo',
    '2026-01-02T20:00:00+01:00', '2026-01-02T19:00:00.000000+00:00', '2026-01-02T23:00:00+05:00',
    '[]', 'Testo.', '[]', '[]', 1, '[]')""",
)


def test_older_entries_of_the_search_index_get_their_days(database: Database) -> None:
    """On Postgres, where the newest day is read first: older articles were saved last."""
    days = [date(2026, 3, 2), date(2026, 3, 1), None]
    Store(database).save([_dated(number, day) for number, day in enumerate(days)])
    with changing_schema(database) as connection:
        schema.downgrade(connection, "0027")
        schema.upgrade(connection)
    Store(database).save([_dated(3, date(2026, 3, 3))])
    assert [one["published_date"] for one in search(database, "testo")] == [date(2026, 3, 3), *days]
    if database.dialect == "postgresql":
        with database.reading() as connection:
            joined = "SELECT s.day FROM search_index s JOIN revisions r ON r.id = s.revision_id ORDER BY r.body"
            entries = connection.scalars(text(joined)).all()
            indexed = inspect(connection).get_indexes("search_index")
        assert entries == [*days, date(2026, 3, 3)]
        assert [index["name"] for index in indexed] == ["ix_search_index_words"]


def _dated(number: int, day: date | None) -> CaptureResult:
    url = f"https://a.example/{number}"
    article = Article(
        url=url,
        canonical_url=url,
        site="prova",
        headline="Titolo",
        published_date=day,
        blocks=(Block(type=BlockType.PARAGRAPH, text=f"Testo {number}."),),
    )
    return CaptureResult(
        file="a.warc.gz",
        offset=number,
        length=9,
        record_id=f"<urn:uuid:{number}>",
        url=url,
        captured_at=datetime(2026, 4, 1, tzinfo=UTC),
        outcome=Outcome.ARTICLE,
        site="prova",
        article=article,
    )


def test_alembic_itself_finds_the_database(tmp_path: Path) -> None:
    """With alembic.ini, as whoever writes a migration runs it."""
    root = Path(__file__).parents[2]
    words = [sys.executable, "-m", "alembic", "-c", str(root / "alembic.ini"), "upgrade", "head"]
    url = f"sqlite:///{tmp_path / 'corpus.db'}"
    subprocess.run(words, cwd=root, env={**os.environ, "EMEROTECA_DATABASE_URL": url}, check=True, capture_output=True)
    assert schema_version(url) == schema.HEAD
    assert downgrade_database(url, "0017") == (schema.HEAD, "0017")
    with pytest.raises(SchemaOutdated, match="nothing to undo"):
        downgrade_database(url, "0017")
    with pytest.raises(SchemaTooNew, match="no version 4711"):
        downgrade_database(url, "4711")
    assert downgrade_database(url, "base") == ("0017", None)
