"""Opening the corpus' database: embedded SQLite or a Postgres server."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from threading import local
from time import monotonic
from typing import Any, Literal

from sqlalchemy import URL, Connection, Dialect, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from storage.corpus.db import schema
from storage.corpus.db.driver_errors import corpus_error
from storage.exceptions import DriverMissing, InvalidDatabaseUrl

#: Enough for Postgres to merge a full pending list into the search index at one go; it would in pieces of this size.
_WORK_MEM = "64MB"
#: Pages of 4 KiB that SQLite's WAL may hold, half a gigabyte, as Postgres' holds one: what many transactions change is
#: written back once. It is gone when the last program closes the corpus.
_WAL_PAGES = 131_072
#: How long a writer waits for another one on SQLite, in seconds.
PATIENCE = 30.0
#: Seconds for which a connection to Postgres that was used is taken to live.
_ALIVE = 1.0
#: Instructions of SQLite's virtual machine between two looks at the deadline of a reader.
_INSTRUCTIONS = 20_000


@dataclass(frozen=True, slots=True)
class Database:
    """An open database. Safe to share between threads; a process of its own opens its own."""

    engine: Engine
    #: `connection`: that of `one_snapshot`, in the thread that is inside it.
    _thread: local = field(default_factory=local, compare=False, repr=False)

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    @property
    def where(self) -> str:
        """The URL as people write it, password hidden."""
        return self.engine.url.set(drivername=self.dialect).render_as_string(hide_password=True)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for reading one snapshot of the database: inside `one_snapshot` its own. Raises CorpusError."""
        shared: Connection | None = getattr(self._thread, "connection", None)
        if shared is not None:
            with self.translated_errors():
                yield shared
            return
        isolation = {} if self.dialect == "sqlite" else {"isolation_level": "REPEATABLE READ"}
        with self.translated_errors(), self.engine.connect() as connection:
            yield connection.execution_options(**isolation)

    @contextmanager
    def one_snapshot(self) -> Iterator[None]:
        """While the block lasts, all that this thread reads is of one snapshot, by one connection. For readers only.
        Raises CorpusError."""
        with self.reading() as connection:
            self._thread.connection = connection
            try:
                yield
            finally:
                del self._thread.connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction: all of it or nothing. Raises CorpusError."""
        with (
            self.translated_errors(),
            self.engine.connect() as connection,
            connection.execution_options(writes=True).begin(),
        ):
            yield connection

    @contextmanager
    def translated_errors(self) -> Iterator[None]:
        """Errors of the driver inside are raised as CorpusError."""
        try:
            yield
        except (DBAPIError, self.engine.dialect.loaded_dbapi.Error) as error:
            raise corpus_error(error, self.where) from error

    def close(self) -> None:
        """Close the connections."""
        self.engine.dispose()

    def __enter__(self) -> "Database":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_database(url: str, *, upgrade: Literal["auto", "never"] = "auto") -> Database:
    """The corpus at `url` (`sqlite:///path`, `postgresql://user:password@host/name`), its schema as this program
    needs it.

    With `auto` an empty database gets the schema, and an older SQLite one is brought up to date; an older Postgres
    one never is (several programs may be using it): that takes `upgrade_database`. With `never` nothing is created.
    Raises CorpusError.
    """
    return _checked(connect(url), upgrade)


def open_read_only(url: str, *, seconds: float) -> Database:
    """The corpus at `url` for readers only: no statement can change it, and one that takes longer than `seconds` is
    ended with QueryTimeout. Nothing is created or brought up to date. Raises CorpusError.
    """
    milliseconds = int(seconds * 1000)
    database = connect(url, f"-c default_transaction_read_only=on -c statement_timeout={milliseconds}")
    if database.dialect == "sqlite":
        event.listen(database.engine, "connect", _forbid_writing)
        event.listen(database.engine, "begin", partial(_set_deadline, seconds=seconds))
    return _checked(database, "never")


def _checked(database: Database, upgrade: Literal["auto", "never"]) -> Database:
    try:
        if upgrade == "auto":
            _prepare(database)
        with database.reading() as connection:
            schema.check(connection, database.where)
    except BaseException:
        database.close()
        raise
    return database


def upgrade_database(url: str) -> tuple[str | None, str]:
    """Bring the schema up to date, on either database. Returns its version before (None: empty) and after.

    Raises CorpusError.
    """
    with connect(url) as database:
        with database.reading() as connection:
            before = schema.version(connection)
            schema.check_ours(connection, database.where)
            schema.check_known(before, database.where)
        with changing_schema(database) as connection:
            schema.upgrade(connection)
        return before, schema.HEAD


def downgrade_database(url: str, to: str) -> tuple[str | None, str | None]:
    """Bring the schema back to version `to`. Returns its version before and after; each None for an empty one.

    Raises CorpusError: SchemaTooNew where there is no migration of that version or of the database's.
    """
    with connect(url) as database:
        with database.reading() as connection:
            before = schema.version(connection)
            schema.check_ours(connection, database.where)
            schema.check_downgrade(before, to, database.where)
        with changing_schema(database) as connection:
            schema.downgrade(connection, to)
            return before, schema.version(connection)


def schema_version(url: str) -> str | None:
    """The schema version of the database, None for an empty one. Raises CorpusError."""
    with connect(url) as database, database.reading() as connection:
        return schema.version(connection)


def connect(url: str, settings: str = "") -> Database:
    """The database at `url` whatever its schema. settings: of the sessions on Postgres, as its option `-c` has them.
    Raises InvalidDatabaseUrl, DriverMissing."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # The URL may hold a password, so it is not shown.
        raise InvalidDatabaseUrl(
            "This is no database URL: write sqlite:///path/corpus.db or postgresql://user:password@host/name "
            "in --database or $EMEROTECA_DATABASE_URL."
        ) from None
    match parsed.get_backend_name():
        case "sqlite":
            return Database(_sqlite(parsed))
        case "postgresql" | "postgres":
            return Database(_postgres(parsed, settings))
        case other:
            raise InvalidDatabaseUrl(
                f"The corpus lives in SQLite or Postgres, not in {other!r}: check the database URL."
            )


def _sqlite(url: URL) -> Engine:
    engine = create_engine(url.set(drivername="sqlite"), json_serializer=_json, connect_args={"timeout": PATIENCE})
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _postgres(url: URL, settings: str) -> Engine:
    try:
        engine = create_engine(
            url.set(drivername="postgresql+psycopg"),
            json_serializer=_json,
            connect_args={
                "options": f"-c timezone=UTC -c work_mem={_WORK_MEM} {settings}",
                "connect_timeout": 10,
                "application_name": "emeroteca",
            },
        )
    except ImportError:
        raise DriverMissing(
            f"The database {url.render_as_string(hide_password=True)} needs the Postgres driver: "
            "pip install 'emeroteca[postgres]'."
        ) from None
    event.listen(engine, "checkin", _note_use)
    event.listen(engine, "checkout", partial(_check_alive, engine.dialect))
    return engine


def _note_use(_: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
    record.info["used"] = monotonic()


def _check_alive(
    dialect: Dialect, driver: DBAPIConnection, record: ConnectionPoolEntry, _: PoolProxiedConnection
) -> None:
    """Ask the server for a sign of life, as `pool_pre_ping` does, unless the connection was used a moment ago."""
    used = record.info.get("used")
    if used is None or monotonic() - used < _ALIVE:
        return
    try:
        dialect.do_ping(driver)
    except dialect.loaded_dbapi.Error as error:
        raise DisconnectionError from error  # the pool opens another


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _set_up_sqlite(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    # The driver would begin transactions by itself, too late for reads and never for DDL: `_begin_sqlite` does it.
    connection.isolation_level = None
    # A read-only database keeps its journal mode; the first write raises the error.
    with suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA cache_size = -65536")
    connection.execute(f"PRAGMA wal_autocheckpoint = {_WAL_PAGES}")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later cannot wait for its turn: a writer asks for it at the start.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _forbid_writing(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    connection.execute("PRAGMA query_only = ON")


def _set_deadline(connection: Connection, *, seconds: float) -> None:
    """Whatever the connection does is interrupted once the seconds from now have passed."""
    deadline = monotonic() + seconds
    driver: Any = connection.connection.dbapi_connection
    driver.set_progress_handler(lambda: monotonic() > deadline, _INSTRUCTIONS)


def _prepare(database: Database) -> None:
    """Create or, on SQLite, update what can be without asking."""
    with database.reading() as connection:
        found = schema.version(connection)
        empty = schema.is_empty(connection)
    if empty or (database.dialect == "sqlite" and schema.is_behind(found)):
        with changing_schema(database) as connection:
            schema.upgrade(connection)


@contextmanager
def changing_schema(database: Database) -> Iterator[Connection]:
    """A transaction for migrations, all of it or nothing. Raises CorpusError."""
    # Batch mode copies tables; with foreign keys on, dropping the old one would take its children with it.
    with database.engine.connect() as connection, database.translated_errors():
        if database.dialect == "sqlite":
            connection.connection.execute("PRAGMA foreign_keys = OFF")
        try:
            with connection.execution_options(writes=True).begin():
                yield connection
        finally:
            connection.invalidate()
