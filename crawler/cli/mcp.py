"""emeroteca mcp: the corpus for assistants, read-only, over the Model Context Protocol."""

import click

from crawler.cli.context import Settings, collection_command
from crawler.cli.extras import needing
from storage.exceptions import CommandError


@collection_command("mcp")
@click.option("--seconds", type=click.IntRange(min=1), default=10, show_default=True, help="A question takes at most.")
def command(settings: Settings, seconds: int) -> None:
    """Answer an assistant on standard input and output: tools to search, count, read and cite articles.

    Nothing is changed: the database is opened for reading only. An assistant starts the command itself; its
    configuration names it, such as

    \b
    emeroteca --home /path/to/archive mcp
    """
    with needing("mcp", "mcp"):
        from reading_room.mcp_server import corpus_server
    from storage.corpus.db.database import open_read_only

    if not settings.has_database():
        raise CommandError(f"there is no corpus in {settings.home}: crawl a site first (emeroteca crawl alanews)")
    with settings.database():  # an older schema is brought up to date, and embargoes that are over end
        pass
    with open_read_only(settings.collection.database_url, seconds=seconds) as database:
        corpus_server(database).run("stdio")
