"""emeroteca db: the schema of the corpus."""

import json

import click

from crawler.cli.context import Settings, pass_settings
from crawler.cli.exit_status import Group
from storage.corpus.db import schema
from storage.corpus.db.database import downgrade_database, schema_version, upgrade_database


@click.group(name="db", cls=Group)
def command() -> None:
    """Look after the schema of the corpus' database."""


@command.command(name="upgrade")
@pass_settings
def upgrade(settings: Settings) -> None:
    """Bring the schema up to date. On SQLite this happens by itself; on Postgres stop other programs first.

    \b
    emeroteca --database postgresql://me@localhost/news db upgrade
    """
    if settings.database_url is None:
        settings.collection.create()
    before, after = upgrade_database(settings.collection.database_url)
    print(f"schema {before or 'empty'} -> {after}" if before != after else f"schema {after}: nothing to do")


@command.command(name="downgrade")
@click.argument("version")
@pass_settings
def downgrade(settings: Settings, version: str) -> None:
    """Bring the schema back to VERSION, for an older program; `base` removes every table.

    What later versions added is lost: copy the database first. The rows can be made again with emeroteca rebuild.

    \b
    emeroteca db downgrade 0017
    """
    before, after = downgrade_database(settings.collection.database_url, version)
    print(f"schema {before or 'empty'} -> {after or 'empty'}")


@command.command(name="current")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@pass_settings
def current(settings: Settings, as_json: bool) -> int:
    """Print the schema's version, and the one that this program needs. Exit status 1 where they differ."""
    found = schema_version(settings.collection.database_url)
    if as_json:
        print(json.dumps({"current": found, "needed": schema.HEAD}))
    else:
        print(f"current {found or 'empty'}, needed {schema.HEAD}")
    return 0 if found == schema.HEAD else 1
