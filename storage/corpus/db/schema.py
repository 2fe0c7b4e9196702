"""The version of a database's schema, and Alembic to change it, imported where it is needed: it takes a while."""

from __future__ import annotations

import errno
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, inspect, text

from storage.exceptions import ForeignTables, SchemaOutdated, SchemaTooNew

if TYPE_CHECKING:
    from alembic.config import Config

#: The version this program works with: the last migration. A test holds it to the scripts.
HEAD: Final = "0028"

#: Any number will do, as long as all programs that change the schema of one Postgres database take the same.
_UPGRADE_LOCK = 0x454D45524F544543


def version(connection: Connection) -> str | None:
    """The schema's version, or None where there is none of ours."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def is_empty(connection: Connection) -> bool:
    """Whether the database has no table at all."""
    return not inspect(connection).get_table_names()


def is_behind(found: str | None) -> bool:
    """Whether this is an older version that the migrations lead on from."""
    return found is not None and found != HEAD and found in _known_versions()


def check(connection: Connection, where: str) -> None:
    """Raises CorpusError unless the schema is the one this program works with."""
    found = version(connection)
    if found == HEAD:
        return
    check_ours(connection, where)
    check_known(found, where)
    state = f"at version {found}, this program needs {HEAD}" if found else "empty"
    raise SchemaOutdated(f"The database {where} is {state}: run `emeroteca db upgrade`.")


def check_ours(connection: Connection, where: str) -> None:
    """Raises ForeignTables where there are tables but none of our making."""
    if version(connection) is None and not is_empty(connection):
        raise ForeignTables(
            f"The database {where} holds tables of another program: give the corpus a database of its own."
        )


def check_known(found: str | None, where: str) -> None:
    """Raises SchemaTooNew for a version this program has no migration of."""
    if found is not None and found not in _known_versions():
        raise SchemaTooNew(
            f"The database {where} is at version {found}, made by a newer program than this one (which knows up to "
            f"{HEAD}): install that version, `pip install --upgrade emeroteca`."
        )


def check_downgrade(found: str | None, to: str, where: str) -> None:
    """Raises SchemaTooNew, or SchemaOutdated where the database is not newer than the version `to`."""
    check_known(found, where)
    if to != "base" and to not in _known_versions():
        known = ", ".join(sorted(_known_versions()))
        raise SchemaTooNew(f"There is no version {to} of the schema: the versions are base, {known}.")
    if to != "base" and (found is None or found <= to):
        raise SchemaOutdated(f"The database {where} is {f'at version {found}' if found else 'empty'}: nothing to undo.")


def upgrade(connection: Connection, to: str = "head") -> None:
    """Run the migrations up to `to` in the transaction of `connection`; one program at a time does so. Raises OSError
    where they cannot be read.
    """
    from alembic import command

    _take_turn(connection)
    command.upgrade(_config(connection), to)
    if to == "head" and version(connection) != HEAD:  # Alembic takes a folder that it cannot list for an empty one
        raise OSError(errno.EIO, "the migrations cannot be read, for want of memory or file handles; try again")


def downgrade(connection: Connection, to: str) -> None:
    """Run the migrations back to `to` (`base`: nothing left)."""
    from alembic import command

    _take_turn(connection)
    command.downgrade(_config(connection), to)


def _take_turn(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE_LOCK})


@cache
def _known_versions() -> frozenset[str]:
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory.from_config(_config())
    return frozenset(script.revision for script in scripts.walk_revisions())


def _config(connection: Connection | None = None) -> Config:
    from alembic.config import Config

    found = find_spec("migrations")
    if found is None or not found.submodule_search_locations:
        raise RuntimeError("the package `migrations` is not installed beside `storage`")
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", found.submodule_search_locations[0].replace("%", "%%"))
    return config
