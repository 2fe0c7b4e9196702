"""emeroteca extract: HTML files, or flattened text dumps, to articles as JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, BinaryIO

import click

from crawler.cli.exit_status import Command
from crawler.cli.options import reader_option
from crawler.event_log import print_line
from crawler.extraction.refusals import PageRefused
from crawler.extraction.version import Reader
from crawler.urls import is_web_url

if TYPE_CHECKING:
    from storage.article import Article


@click.command(name="extract", cls=Command)
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.File("rb"))
@click.option("--url", metavar="U", help="The URL of the page; without it the one that the page states.")
@click.option("--captured-at", metavar="T", help="When it was captured, ISO 8601; a date later than that is flagged.")
@reader_option
@click.option("--flat", is_flag=True, help="The files are flattened text dumps of pages.")
@click.option("--text", is_flag=True, help="Print the body's text instead of JSON.")
def command(
    files: tuple[BinaryIO, ...], url: str | None, captured_at: str | None, reader: Reader, flat: bool, text: bool
) -> int:
    """Extract the article from each FILE (`-` is standard input).

    One file gives indented JSON, several give a line each. A file that holds no article gives nothing on standard
    output, its named reason on standard error, and exit status 1.

    \b
    emeroteca extract page.html --url https://alanews.it/cronaca/festa-in-piazza/
    emeroteca extract --flat dump.txt
    cat page.html | emeroteca extract - --text
    """
    if url is not None and len(files) > 1:
        raise click.UsageError("--url is the address of one page: give one FILE with it")
    if url is not None and not is_web_url(url):
        raise click.BadParameter(f"{url!r} is no http or https URL of a page", param_hint="--url")
    moment = _instant(captured_at)
    refusals = 0
    for file in files:
        try:
            article = _article(file.read(), url, moment, reader, flat)
        except PageRefused as refusal:
            print_line(f"{file.name}: no article: {refusal}", is_data=False)
            refusals += 1
            continue
        print(article.body if text else json.dumps(article.as_json(), ensure_ascii=False, indent=_indent(files)))
    return 1 if refusals else 0


def _article(body: bytes, url: str | None, captured_at: datetime | None, reader: Reader, flat: bool) -> Article:
    if flat:
        from crawler.extraction.extract_flattened import extract_flattened

        return extract_flattened(body.decode("utf-8-sig", "replace"), url=url, captured_at=captured_at)
    from crawler.extraction.extract import extract
    from crawler.extraction.pages.page import Page

    return extract(Page.from_bytes(body, url=url, captured_at=captured_at), reader)


def _indent(files: tuple[object, ...]) -> int | None:
    return 2 if len(files) == 1 else None


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(
            f"{text!r} is no ISO 8601 time like 2022-02-14T15:00:00Z", param_hint="--captured-at"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
