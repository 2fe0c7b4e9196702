"""emeroteca export: the corpus for other programs."""

import sys
from datetime import date
from pathlib import Path

import click

from crawler.cli.context import Settings, check_site, collection_command
from crawler.cli.options import since_option, site_option, until_option
from crawler.event_log import report
from storage.corpus.export.destination import atomic_file
from storage.corpus.export.export import ExportFilter, ExportResult, Form, export, read_cursor, write_export
from storage.corpus.search.saved_query import SavedQuery
from storage.corpus.write.change_feed import Cursor
from storage.exceptions import ExportError
from storage.rights import RESERVATIONS


@collection_command("export")
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "csv", "parquet", "txt"]),
    default="jsonl",
    show_default=True,
    help="Form.",
)
@click.option(
    "--output",
    default="-",
    show_default=True,
    metavar="F",
    help="File or URL (s3://...) to write; .gz and .zst compress; - is standard output. With --after a file that is "
    "there stays; {cursor} in the name becomes from where and to where the piece goes.",
)
@site_option
@since_option
@until_option
@click.option(
    "--rights",
    type=click.Choice([*RESERVATIONS, "any"]),
    multiple=True,
    help="Leave out what reserved this, by its page or robots.txt, when it was captured.  [repeatable]",
)
@click.option("--query", metavar="Q", help="Only what emeroteca search finds by these words.")
@click.option(
    "--query-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="F",
    help="Only what a search of the reading room found, by its query file.",
)
@click.option("--after", metavar="CURSOR", help="Only what is new or changed since then; 0: all.")
@click.option(
    "--cursor-file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="F",
    help="Take --after from this file, and put the next cursor there once all is written.",
)
def command(
    settings: Settings,
    form: Form,
    output: str,
    site: str | None,
    since: date | None,
    until: date | None,
    rights: tuple[str, ...],
    query: str | None,
    query_file: Path | None,
    after: str | None,
    cursor_file: Path | None,
) -> None:
    """Write the newest revision of every article, sorted by article_id, and tell the cursor for the next time.

    A file is written under a temporary name and renamed when it is whole; datapackage.json beside it says what it is.

    \b
    emeroteca export --format jsonl --output corpus.jsonl.gz
    emeroteca export --site alanews --since 2026-01-01 | wc -l
    emeroteca export --query 'biblioteca -comunale' --format txt --output biblioteca.txt
    emeroteca export --after 0 --cursor-file feed.cursor --output 'changes-{cursor}.jsonl'
    """
    if form == "parquet" and output == "-" and sys.stdout.isatty():
        raise click.UsageError("Parquet is binary and does not go to a terminal: say --output FILE, or pipe it")
    found_by = _search(query, query_file)
    if found_by is not None and (after is not None or cursor_file is not None):
        raise click.UsageError("a search has no change feed: leave --after and --cursor-file out, or the query")
    try:
        last_cursor = read_cursor(cursor_file) if cursor_file is not None else None
        cursor = last_cursor or (Cursor.of(after) if after is not None else None)
        reserved = frozenset(RESERVATIONS if "any" in rights else rights)
        chosen = ExportFilter(site, since, until, cursor, reserved, found_by)
        with settings.database() as database:
            check_site(database, site)
            if output == "-":
                exported = export(database, sys.stdout.buffer, form, chosen)
                sys.stdout.buffer.flush()
            else:
                exported = write_export(database, output, form, chosen)
        if cursor_file is not None:
            with atomic_file(cursor_file) as file:
                file.write(f"{exported.cursor}\n".encode())
    except BrokenPipeError:
        raise
    except OSError as error:
        raise ExportError(f"{output} cannot be written ({error.strerror or error})") from error
    report(
        "export-ended",
        _summary(exported, cursor),
        site=site,
        articles=exported.articles,
        gone=exported.gone,
        cursor=str(exported.cursor),
    )


def _search(query: str | None, file: Path | None) -> SavedQuery | None:
    if query is not None and file is not None:
        raise click.UsageError("--query and --query-file are two searches: say one")
    if file is not None:
        return SavedQuery.from_text(file.read_text(encoding="utf-8"))
    return SavedQuery(query) if query is not None else None


def _summary(exported: ExportResult, after: Cursor | None) -> str:
    if after is not None and not exported.articles + exported.gone:
        return f"nothing has changed since cursor {after}; next cursor {exported.cursor}"
    gone = f", {exported.gone} gone" if exported.gone else ""
    return f"{exported.articles} articles written{gone}; next cursor {exported.cursor}"
