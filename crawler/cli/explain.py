"""emeroteca explain: why a page gives the article that it gives, or none."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.text import Text

from crawler.cli.context import Settings, collection_command
from crawler.cli.options import MomentType, reader_option, warc_option
from crawler.extraction.version import Reader
from crawler.urls import is_web_url
from storage.display import displayed
from storage.exceptions import CommandError

if TYPE_CHECKING:
    from crawler.extraction.explanation import Explanation
    from crawler.extraction.pages.page import Page
    from storage.warc.http.capture import Capture

_RECORD = re.compile(r"<?urn:uuid:[0-9a-f-]+>?", re.I)
#: Letters of a value or a text block that are shown.
_SHOWN = 100


@collection_command("explain")
@click.argument("target", metavar="FILE|URL|RECORD")
@click.option("--url", metavar="U", help="Of a FILE: the URL of the page.")
@click.option("--at", type=MomentType(), metavar="T", help="Of a URL: its newest capture until then, ISO 8601.")
@click.option("--html", "html_path", type=click.Path(dir_okay=False, path_type=Path), help="Write a marked page here.")
@click.option("--json", "as_json", is_flag=True, help="As JSON on standard output.")
@reader_option
@warc_option
def command(
    settings: Settings,
    target: str,
    url: str | None,
    at: datetime | None,
    html_path: Path | None,
    as_json: bool,
    reader: Reader,
    warc_paths: tuple[str, ...],
) -> int | None:
    """Explain how a page is read: which reader, which container, what was dropped and why, each field's candidates.

    FILE is an HTML page, or FILE.warc.gz:OFFSET a record of an archive; URL stands for its newest capture in the
    collection, with --at the newest until then, RECORD (urn:uuid:...) for that record of it. Nothing is fetched. Exit
    status 1 where the page is refused, with the reason and its proof.

    \b
    emeroteca explain page.html --url https://alanews.it/cronaca/festa-in-piazza/
    emeroteca explain https://alanews.it/cronaca/festa-in-piazza/ --html why.html
    emeroteca explain https://alanews.it/cronaca/festa-in-piazza/ --at 2026-01-05T12:00:00+01:00
    emeroteca explain archive/warc/alanews-00000.warc.gz:1234 --json
    """
    from crawler.extraction.explanation import explain

    page = _page(settings, target, url, at, warc_paths)
    explanation = explain(page, reader)
    if html_path is not None:
        from crawler.extraction.explanation_page import explanation_page

        html_path.write_text(explanation_page(page, explanation), encoding="utf-8")
        print(f"written: {html_path}", file=sys.stderr)
    if as_json:
        print(json.dumps(explanation.as_json(), ensure_ascii=False, indent=2))
    elif html_path is None:
        _print(explanation)
    return 1 if explanation.refusal else None


def _page(settings: Settings, target: str, url: str | None, at: datetime | None, warc_paths: tuple[str, ...]) -> Page:
    """The page of the argument. Raises CommandError."""
    from crawler.extraction.pages.page import Page
    from crawler.extraction.refusals import PageRefused
    from crawler.ingest.classify import page_of

    try:
        if Path(target).is_file():
            return Page.from_bytes(Path(target).read_bytes(), url=url)
        return page_of(_capture(settings, target, at, warc_paths))
    except PageRefused as refused:
        raise CommandError(f"{target} holds no page to explain: {refused}") from None


def _capture(settings: Settings, target: str, at: datetime | None, warc_paths: tuple[str, ...]) -> Capture:
    path, _, offset = target.rpartition(":")
    if offset.isdigit() and Path(path).is_file():
        return _capture_at(Path(path), int(offset))
    if not (is_web_url(target) or _RECORD.fullmatch(target)):
        raise CommandError(
            f"{target!r} is no file, no URL and no record id: name an HTML file, FILE.warc.gz:OFFSET, a URL of the "
            "collection, or urn:uuid:..."
        )
    return _stored_capture(settings, target, at, warc_paths)


def _capture_at(path: Path, offset: int) -> Capture:
    from storage.warc.read.reader import as_capture
    from storage.warc.read.record import records_in
    from storage.warc.read.source import open_source

    with open_source(str(path)) as file:
        record = next(records_in(file, offset), None)
    capture = as_capture(record, path.name) if record is not None else None
    if capture is None:
        raise CommandError(f"there is no capture at offset {offset} of {path}")
    return capture


def _stored_capture(settings: Settings, name: str, at: datetime | None, warc_paths: tuple[str, ...]) -> Capture:
    """The newest capture of a URL until a moment, or of a record id; of a revisit, the payload it refers to."""
    from crawler.ingest.file_locator import FileLocator
    from crawler.registry import site_of
    from storage.corpus.read.captures import captures_named
    from storage.warc.read.payload_index import PayloadIndex
    from storage.warc.read.reader import read_capture
    from storage.warc.read.revisit_resolver import RevisitResolver

    names = {name, f"<{name.strip('<>')}>"}
    if is_web_url(name) and (site := site_of(name)) and (article := site.article_url(name)):
        names.add(article.canonical_url)
    with settings.database() as database:
        refs = captures_named(database, names, at)
        locator = FileLocator(database, settings.collection.warc, warc_paths)
        if not refs:
            advice = "emeroteca crawl URL captures it" if at is None else "without --at the newest is explained"
            raise CommandError(f"there is no capture of {name}{f' until {at}' if at else ''}: {advice}")
        place = locator.find(refs[0].file)
        if place is None:
            raise CommandError(f"the record is in {refs[0].file}, and {locator.where(refs[0].file)}")
    capture = read_capture(place, refs[0])
    index = PayloadIndex(settings.collection.payload_index)
    resolved = RevisitResolver(settings.collection.warc, index).resolve(capture)
    index.close()
    return resolved or capture


def _print(explanation: Explanation) -> None:
    """As text, coloured on a terminal."""
    console = Console(highlight=False)
    for line in _lines(explanation):
        line.plain = displayed(line.plain)
        console.print(line, soft_wrap=True)


def _lines(explanation: Explanation) -> Iterator[Text]:
    yield Text(explanation.url, "bold")
    yield Text(f"  reader: {explanation.reader}")
    for name, fits in explanation.fits:
        yield Text(f"  template {name}: {'fits' if fits else 'does not fit'}")
    if explanation.refusal:
        yield Text(f"  refused: {explanation.refusal[0]} ({explanation.refusal[1]})", "bold red")
    for name, value in (("container", explanation.container), ("agreement", explanation.agreement)):
        if value is not None:
            yield Text(f"  {name}: {value}")
    for warning in explanation.warnings:
        yield Text(f"  warning: {warning}", "yellow")
    if explanation.confidence:
        whole = ", ".join(f"{part.name} {part.value:+.2f}" for part in explanation.confidence)
        yield Text(f"  confidence: {whole}")
    yield Text("\nfields", "bold")
    for one in explanation.fields:
        yield Text.assemble(
            "  ", (one.name, "bold"), f": {_short(one.value)}", (f"  <- {one.source}" if one.source else "", "cyan")
        )
        for other in one.candidates:
            if other.source != one.source:
                yield Text(f"      {other.source}: {_short(other.value)}", "dim")
    yield Text("\ntext: + kept, - left out", "bold")
    for block in explanation.blocks:
        mark, style = ("+", "green") if block.is_kept else ("-", "red")
        yield Text.assemble("  ", (mark, f"bold {style}"), " ", (_short(block.text), style))
        yield Text(f"      {'; '.join(block.reasons)}", "dim")


def _short(value: object) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else "none" if value is None else str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
