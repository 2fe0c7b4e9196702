"""A database that cannot be used says what happened, where, and what to do; the password stays hidden."""

import sqlite3
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from storage.article import Article
from storage.corpus.db import database as opening
from storage.corpus.db import schema
from storage.corpus.db.database import changing_schema, connect, open_database, schema_version, upgrade_database
from storage.corpus.read.queries import sites, status
from storage.corpus.write import change_feed
from storage.corpus.write.capture_result import CaptureResult, Outcome
from storage.corpus.write.store import Store
from storage.exceptions import (
    CorpusCorrupt,
    CorpusLocked,
    CorpusReadOnly,
    CorpusUnreachable,
    DriverMissing,
    ForeignTables,
    InvalidDatabaseUrl,
    SchemaOutdated,
    SchemaTooNew,
)


def a_capture() -> CaptureResult:
    return CaptureResult(
        file="a.warc.gz",
        offset=0,
        length=1,
        record_id="<urn:uuid:1>",
        url="https://a.example/",
        captured_at=datetime(2026, 1, 1, tzinfo=UTC),
        outcome=Outcome.OTHER,
    )


@pytest.mark.parametrize("bad", ["corpus.db", "mysql://me:secret@h/d", "postgresql://me:secret@h:port/d", ""])
def test_a_url_of_no_database(bad: str) -> None:
    with pytest.raises(InvalidDatabaseUrl) as raised:
        open_database(bad)
    assert "secret" not in str(raised.value)


def test_an_unreachable_server() -> None:
    with pytest.raises(
        CorpusUnreachable, match=r"postgresql://me:\*\*\*@127\.0\.0\.1:1/news does not answer"
    ) as raised:
        open_database("postgresql://me:secret@127.0.0.1:1/news")
    assert "secret" not in str(raised.value)
    assert "--database" in str(raised.value)


def test_a_database_that_is_not_on_the_server(postgres_url: str) -> None:
    with pytest.raises(CorpusUnreachable, match="does not exist"):
        open_database(postgres_url.replace("emeroteca_", "missing_"))


def test_a_missing_driver_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(DriverMissing, match=r"pip install 'emeroteca\[postgres\]'"):
        open_database("postgresql://me@localhost/news")


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CorpusUnreachable, match="check that its folder exists"):
        open_database(f"sqlite:///{tmp_path / 'none' / 'corpus.db'}")


@pytest.mark.parametrize("content", [b"no database at all" * 100, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "corpus.db"
    path.write_bytes(content)
    with pytest.raises(CorpusCorrupt, match="rebuild"):
        open_database(f"sqlite:///{path}")


def test_a_file_damaged_while_open(tmp_path: Path) -> None:
    path = tmp_path / "corpus.db"
    with open_database(f"sqlite:///{path}") as opened:
        Store(opened).save([a_capture()])
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xee" * (len(whole) - 4096))
    with pytest.raises(CorpusCorrupt):
        open_database(f"sqlite:///{path}")


def test_a_locked_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "PATIENCE", 0.05)
    path = tmp_path / "corpus.db"
    with open_database(f"sqlite:///{path}") as opened:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(CorpusLocked, match="another program"):
            Store(opened).save([a_capture()])
        assert sites(opened) == []
        other.execute("ROLLBACK")
        other.close()
        Store(opened).save([a_capture()])


def test_a_read_only_file_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "corpus.db"
    with open_database(f"sqlite:///{path}") as opened:
        Store(opened).save([a_capture()])
    with open_database(f"sqlite:///file:{path}?mode=ro&uri=true") as opened:
        assert [report["captures"] for report in status(opened)] == [{"other": 1}]
        with pytest.raises(CorpusReadOnly, match="permissions"):
            Store(opened).save([a_capture()])


def test_a_read_only_server_transaction(postgres_url: str) -> None:
    with open_database(postgres_url) as opened:
        with opened.writing() as connection:
            name = connection.execute(text("SELECT current_database()")).scalar_one()
            connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
        opened.engine.dispose()
        with pytest.raises(CorpusReadOnly):
            Store(opened).save([a_capture()])


def test_a_connection_lost_between_batches_is_made_again(postgres_url: str) -> None:
    with open_database(postgres_url) as opened:
        store = Store(opened)
        store.begin_crawl("prova", {})
        with connect(postgres_url) as other, other.writing() as connection:
            ends = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
            connection.execute(text(ends + "AND datname = current_database()"))
        store.save([a_capture()])


def test_a_batch_whose_connection_is_lost_is_saved_again(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lost: list[int] = []
    take = change_feed.take_position

    def lose_once(connection: Connection) -> int:
        if not lost:
            lost.append(1)
            connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        return take(connection)

    monkeypatch.setattr(change_feed, "take_position", lose_once)
    with open_database(postgres_url) as opened:
        article = Article(url="https://a.example/", canonical_url="https://a.example/", site="a", headline="Titolo")
        Store(opened).save([replace(a_capture(), outcome=Outcome.ARTICLE, article=article)])
        assert lost
        assert [report["articles"] for report in status(opened) if report["site"] == "a"] == [1]


def test_a_connection_lost_in_a_batch_leaves_nothing_of_it(postgres_url: str) -> None:
    with open_database(postgres_url) as opened:
        with pytest.raises(CorpusUnreachable), opened.writing() as connection:
            connection.execute(text("INSERT INTO sites VALUES ('prova')"))
            connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        assert sites(opened) == []


def test_tables_of_another_program(url: str) -> None:
    with connect(url) as other, other.writing() as connection:
        connection.execute(text("CREATE TABLE orders (id int)"))
    for act in (open_database, upgrade_database):
        with pytest.raises(ForeignTables, match="a database of its own"):
            act(url)


def test_a_newer_schema(url: str) -> None:
    with open_database(url) as opened, opened.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for act in (open_database, upgrade_database):
        with pytest.raises(SchemaTooNew, match="version 9999"):
            act(url)


def test_an_older_schema_on_postgres_waits_for_a_word(postgres_url: str) -> None:
    with open_database(postgres_url) as opened, changing_schema(opened) as connection:
        schema.downgrade(connection, "0001")
    with pytest.raises(
        SchemaOutdated, match=rf"at version 0001, this program needs {schema.HEAD}: run `emeroteca db upgrade`"
    ):
        open_database(postgres_url)
    assert upgrade_database(postgres_url) == ("0001", schema.HEAD)
    open_database(postgres_url).close()


def test_an_older_schema_on_sqlite_is_brought_up_to_date(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'corpus.db'}"
    with open_database(url) as opened, changing_schema(opened) as connection:
        schema.downgrade(connection, "0001")
    assert schema_version(url) == "0001"
    open_database(url).close()
    assert schema_version(url) == schema.HEAD


def test_an_empty_database_is_left_alone_where_asked(url: str) -> None:
    with pytest.raises(SchemaOutdated, match="is empty: run `emeroteca db upgrade`"):
        open_database(url, upgrade="never")
    assert schema_version(url) is None
    assert upgrade_database(url) == (None, schema.HEAD)
    assert upgrade_database(url) == (schema.HEAD, schema.HEAD)
    open_database(url, upgrade="never").close()
