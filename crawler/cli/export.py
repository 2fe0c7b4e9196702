"""emeroteca export: the corpus for other programs."""

import sys
from datetime import datetime
from pathlib import Path

import click

from crawler.cli.context import Settings, pass_settings
from storage.corpus.export import export_jsonl, write_export

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command(name="export")
@click.option("--format", "form", type=click.Choice(["jsonl"]), default="jsonl", show_default=True, help="Its form.")
@click.option("--output", default="-", show_default=True, metavar="F", help="File to write; - is standard output.")
@click.option("--site", metavar="S", help="Only this site.")
@click.option("--since", type=DAY, metavar="D", help="First day of publication.")
@click.option("--until", type=DAY, metavar="D", help="Last day of publication.")
@pass_settings
def command(
    settings: Settings, form: str, output: str, site: str | None, since: datetime | None, until: datetime | None
) -> int:
    """Write the newest revision of every article, a JSON object a line, sorted by article_id.

    A file is written under a temporary name and renamed when it is whole.

    \b
    emeroteca export --format jsonl --output corpus.jsonl
    emeroteca export --site alanews --since 2026-01-01 | wc -l
    """
    first, last = since.date() if since else None, until.date() if until else None
    with settings.database() as database:
        if output == "-":
            count = export_jsonl(database, sys.stdout.buffer, site=site, since=first, until=last)
        else:
            count = write_export(database, Path(output), site=site, since=first, until=last)
    print(f"{count} articles written", file=sys.stderr)
    return 0
