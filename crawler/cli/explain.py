"""emeroteca explain: why a page gives the article that it gives, or none."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.cli.context import Settings, collection_command
from crawler.cli.options import reader_option, warc_option
from crawler.extraction.version import Reader
from crawler.urls import is_web_url
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
@click.option("--html", "html_path", type=click.Path(dir_okay=False, path_type=Path), help="Write a marked page here.")
@click.option("--json", "as_json", is_flag=True, help="As JSON on standard output.")
@reader_option
@warc_option
def command(
    settings: Settings,
    target: str,
    url: str | None,
    html_path: Path | None,
    as_json: bool,
    reader: Reader,
    warc_paths: tuple[str, ...],
) -> int | None:
    """Explain how a page is read: which reader, which container, what was dropped and why, each field's candidates.

    FILE is an HTML page, or FILE.warc.gz:OFFSET a record of an archive; URL stands for its newest capture in the
    collection, RECORD (urn:uuid:...) for that record of it. Nothing is fetched. Exit status 1 where the page is
    refused, with the reason and its proof.

    \b
    emeroteca explain page.html --url https://alanews.it/cronaca/festa-in-piazza/
    emeroteca explain https://alanews.it/cronaca/festa-in-piazza/ --html why.html
    emeroteca explain archive/warc/alanews-00000.warc.gz:1234 --json
    """
    from crawler.extraction.explanation import explain

    page = _page(settings, target, url, warc_paths)
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


def _page(settings: Settings, target: str, url: str | None, warc_paths: tuple[str, ...]) -> Page:
    """The page of the argument. Raises CommandError."""
    from crawler.extraction.pages.page import Page
    from crawler.extraction.refusals import PageRefused
    from crawler.ingest.classify import page_of

    try:
        if Path(target).is_file():
            return Page.from_bytes(Path(target).read_bytes(), url=url)
        return page_of(_capture(settings, target, warc_paths))
    except PageRefused as refused:
        raise CommandError(f"{target} holds no page to explain: {refused}") from None


def _capture(settings: Settings, target: str, warc_paths: tuple[str, ...]) -> Capture:
    path, _, offset = target.rpartition(":")
    if offset.isdigit() and Path(path).is_file():
        return _capture_at(Path(path), int(offset))
    if not (is_web_url(target) or _RECORD.fullmatch(target)):
        raise CommandError(
            f"{target!r} is no file, no URL and no record id: name an HTML file, FILE.warc.gz:OFFSET, a URL of the "
            "collection, or urn:uuid:..."
        )
    return _stored_capture(settings, target, warc_paths)


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


def _stored_capture(settings: Settings, name: str, warc_paths: tuple[str, ...]) -> Capture:
    """The newest capture of a URL, or of a record id, with the payload of the record that a revisit refers to."""
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
        refs = captures_named(database, names)
        locator = FileLocator(database, settings.collection.warc, warc_paths)
        if not refs:
            raise CommandError(f"there is no capture of {name}: emeroteca crawl URL captures it")
        place = locator.find(refs[0].file)
        if place is None:
            raise CommandError(f"the record is in {refs[0].file}, and {locator.where(refs[0].file)}")
    capture = read_capture(place, refs[0])
    index = PayloadIndex(settings.collection.payload_index)
    resolved = RevisitResolver(settings.collection.warc, index).resolve(capture)
    index.close()
    return resolved or capture


def _print(explanation: Explanation) -> None:
    print(f"{explanation.url}\n  reader: {explanation.reader}")
    for name, fits in explanation.fits:
        print(f"  template {name}: {'fits' if fits else 'does not fit'}")
    if explanation.refusal:
        print(f"  refused: {explanation.refusal[0]} ({explanation.refusal[1]})")
    for name, value in (("container", explanation.container), ("agreement", explanation.agreement)):
        if value is not None:
            print(f"  {name}: {value}")
    for warning in explanation.warnings:
        print(f"  warning: {warning}")
    if explanation.confidence:
        whole = ", ".join(f"{part.name} {part.value:+.2f}" for part in explanation.confidence)
        print(f"  confidence: {whole}")
    print("\nfields")
    for one in explanation.fields:
        print(f"  {one.name}: {_short(one.value)}" + (f"  <- {one.source}" if one.source else ""))
        for other in one.candidates:
            if other.source != one.source:
                print(f"      {other.source}: {_short(other.value)}")
    print("\ntext: + kept, - left out")
    for block in explanation.blocks:
        print(f"  {'+' if block.is_kept else '-'} {_short(block.text)}\n      {'; '.join(block.reasons)}")


def _short(value: object) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else "none" if value is None else str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
