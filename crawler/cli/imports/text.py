"""emeroteca import text: pages that survive as text only."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from crawler.cli.context import Settings, pass_settings
from crawler.cli.exit_status import Command
from crawler.event_log import print_line


@click.command("text", cls=Command)
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False))
@click.option("--url", metavar="U", help="The URL of the page, where its text does not say; for one FILE.")
@click.option("--captured-at", metavar="T", help="When the pages were captured, ISO 8601, where the file does not say.")
@click.option("--text-field", default="text", show_default=True, metavar="NAME", help="Of JSON lines.")
@click.option("--url-field", default="url", show_default=True, metavar="NAME", help="Of JSON lines; may be missing.")
@click.option("--date-field", default="date", show_default=True, metavar="NAME", help="Of JSON lines; may be missing.")
@click.option("--json", "as_json", is_flag=True, help="The report as JSON.")
@pass_settings
def command(
    settings: Settings,
    files: tuple[str, ...],
    url: str | None,
    captured_at: str | None,
    text_field: str,
    url_field: str,
    date_field: str,
    as_json: bool,
) -> int:
    """Import pages that survive as text only, from each FILE.

    A FILE is a flattened page, a WET file, or JSON lines with a field of text and, where known, fields of URL and
    capture date; plain or gzip. Each text becomes a conversion record in a WARC file of the collection, with its
    provenance (file, SHA-256, place in it) in a metadata record, and a row of fidelity `text`; an HTML capture of the
    same article, before or after, is shown in its place. Texts of hosts of no known site are left out, and a text that
    is there already is not written again.

    \b
    emeroteca import text dump.txt
    emeroteca import text page.txt --url https://alanews.it/cronaca/festa-in-piazza/
    emeroteca import text corpus.jsonl.gz --text-field content --date-field fetched
    """
    from crawler.archives.text_import import TextSource, import_texts
    from crawler.archives.text_pages import JsonFields, moment_of
    from crawler.urls import is_web_url

    if url is not None and (len(files) > 1 or not is_web_url(url)):
        raise click.UsageError("--url is the http or https address of one page: give one FILE with it")
    moment: datetime | None = None
    if captured_at is not None and (moment := moment_of(captured_at)) is None:
        raise click.BadParameter(f"{captured_at!r} is no ISO 8601 time or day", param_hint="--captured-at")
    settings.collection.create()
    source = TextSource(url, moment.astimezone(UTC) if moment else None, JsonFields(text_field, url_field, date_field))
    report = import_texts(settings.collection, map(Path, files), source, on_problem=partial(print_line, is_data=False))
    if as_json:
        print(json.dumps(report.as_json(), ensure_ascii=False))
    for line in report.lines():
        print_line(line, is_data=False)
    return 1 if report.needs_a_look else 0
