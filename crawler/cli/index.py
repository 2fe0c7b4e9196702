"""emeroteca index: the CDXJ index, made again from the WARC files; or what it says of a URL."""

import sys

import click

from crawler.cli.context import Settings, collection_command
from storage.exceptions import CommandError


@collection_command("index")
@click.argument("url", required=False)
def command(settings: Settings, url: str | None) -> None:
    """Show the captures of URL, in any spelling of it, oldest first, as CDXJ lines; without URL make the index again.

    Crawls keep the index, so making it is for WARC files that were put into the collection by hand, or an index that
    is lost. The manifest keeps its lines, and gets those that it has not.

    \b
    emeroteca index https://alanews.it/cronaca/festa-in-piazza/
    emeroteca index
    """
    registry = settings.warc_collection().registry()
    if url is None:
        count = registry.rebuild_index()
        print(f"{count} captures of {len(registry.sealed_files())} files are in the index", file=sys.stderr)
        return
    entries = registry.index.lookup(url)
    for entry in entries:
        sys.stdout.write(entry.line().decode())
    if not entries:
        raise CommandError(f"there is no capture of {url} in the sealed files of {settings.home}")
