"""emeroteca package: captures as a WACZ file."""

from __future__ import annotations

import sys
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.cli.context import Settings, collection_command
from crawler.cli.options import DayType
from storage.exceptions import CommandError

if TYPE_CHECKING:
    from storage.corpus.read.captures import CaptureSelection


@collection_command("package")
@click.option(
    "--output", required=True, metavar="F.wacz", type=click.Path(dir_okay=False, path_type=Path), help="File to write."
)
@click.option("--crawl", type=click.IntRange(min=1), metavar="N", help="Only captures of this crawl.")
@click.option("--site", metavar="S", help="Only captures of this site.")
@click.option("--since", type=DayType(), metavar="D", help="Captured on this day or later.")
@click.option("--until", type=DayType(), metavar="D", help="Captured on this day or earlier.")
@click.option("--title", metavar="T", help="The package's title; what is in it by default.")
def command(
    settings: Settings,
    output: Path,
    crawl: int | None,
    site: str | None,
    since: date | None,
    until: date | None,
    title: str | None,
) -> int:
    """Pack captures into a WACZ file, which pywb and replayweb.page replay: all of them, or those that the options
    select.

    Records go in byte for byte; a WARC file of which all captures are selected goes in whole. Revisits bring the
    records with their payloads along. What is withheld stays out (emeroteca withhold). Articles are on the list of
    pages, with title and text. The same captures give the same bytes.

    \b
    emeroteca package --output all.wacz
    emeroteca package --site alanews --since 2026-01-01 --until 2026-01-31 --output january.wacz
    """
    from crawler.operations.wacz_packaging import pack
    from storage.corpus.read.captures import CaptureSelection

    selection = CaptureSelection(crawl, site, since, until)
    if not output.absolute().parent.is_dir():
        raise click.UsageError(f"--output {output}: there is no folder {output.parent}")
    contents = _described(selection)
    with settings.database() as database:
        done = pack(
            database,
            settings.collection.registry(),
            selection,
            output,
            software=f"emeroteca/{version('emeroteca')}",
            title=title or f"Emeroteca: {contents}",
            description=f"Captures of news pages, {contents}",
        )
    if not done.captures:
        output.unlink()
        raise CommandError(f"there are no captures to pack: {contents}")
    print(f"{output}: {done.captures} captures from {done.files} WARC files, {done.pages} pages", file=sys.stderr)
    if done.withheld:
        print(f"{done.withheld} captures are withheld and left out: emeroteca withhold list", file=sys.stderr)
    if done.absent:
        print(f"{done.absent} captures are in files that are not in {settings.collection.warc}", file=sys.stderr)
    if done.unresolved:
        print(f"{done.unresolved} revisits without the record that holds their payload", file=sys.stderr)
    return 1 if done.absent or done.unresolved else 0


def _described(selection: CaptureSelection) -> str:
    words = (
        f"crawl {selection.crawl}" if selection.crawl else None,
        selection.site,
        f"since {selection.since}" if selection.since else None,
        f"until {selection.until}" if selection.until else None,
    )
    return ", ".join(filter(None, words)) or "the whole collection"
