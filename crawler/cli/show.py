"""emeroteca show: one article, its revisions and the captures they come from."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.text import Text

from crawler.cli.context import Settings, collection_command
from crawler.cli.options import warc_option
from crawler.event_log import print_line
from crawler.operations.article_lookup import find_article
from crawler.registry import canonical_url_of
from storage.corpus.db.database import Database
from storage.corpus.read.queries import withheld_article
from storage.corpus.read.word_diff import compared_text, word_diff
from storage.corpus.write.capture_result import Outcome
from storage.corpus.write.store import Store
from storage.display import displayed
from storage.exceptions import CaptureMissing, CommandError
from storage.warc.http.capture import CaptureRef
from storage.warc.read.reader import record_bytes

if TYPE_CHECKING:
    from crawler.ingest.file_locator import FileLocator

_MARKS = {"removed": ("[-", "-]", "red strike"), "added": ("{+", "+}", "green")}


@collection_command("show")
@click.argument("url")
@click.option("--diff", type=(int, int), metavar="N M", help="What changed from revision N to M, word by word.")
@click.option("--record", "as_record", is_flag=True, help="The bytes of the WARC record, as in its file.")
@click.option("--revision", type=int, metavar="N", help="With --record: of revision N.  [default: the newest]")
@warc_option
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def command(
    settings: Settings,
    url: str,
    diff: tuple[int, int] | None,
    as_record: bool,
    revision: int | None,
    warc_paths: tuple[str, ...],
    as_json: bool,
) -> None:
    """Show the article of URL (any spelling of it) or article_id, its revisions, and the WARC records behind them.

    \b
    emeroteca show https://alanews.it/cronaca/festa-in-piazza/
    emeroteca show https://alanews.it/cronaca/festa-in-piazza/ --diff 1 2
    emeroteca show https://alanews.it/cronaca/festa-in-piazza/ --record | zcat
    """
    from crawler.ingest.file_locator import FileLocator

    with settings.database() as database:
        found = find_article(database, url)
        if found is None:
            raise CommandError(_why_none(database, url))
        locator = FileLocator(database, settings.collection.warc, warc_paths) if as_record or warc_paths else None
    if diff:
        _print_diff(_revision(found, diff[0]), _revision(found, diff[1]))
    elif as_record and locator:
        newest = int(found["article"]["revision"])
        _write_record(locator, _revision(found, newest if revision is None else revision))
    elif as_json:
        print(json.dumps(found, default=_plain, ensure_ascii=False, indent=2))
    else:
        _print(found)


def _why_none(database: Database, url: str) -> str:
    name = canonical_url_of(url)
    if withheld := withheld_article(database, name) or withheld_article(database, url):
        return f"the article {url} is withheld ({withheld['reason']}): emeroteca withhold list"
    seen = Store(database).last_captures([name]).get(name)
    if seen is None or seen.outcome != Outcome.REFUSED.value:
        return f"there is no article {url}: emeroteca search finds articles by their text"
    why = f"{seen.reason} ({seen.detail})" if seen.detail else seen.reason
    return f"there is no article {url}: what was captured on {seen.captured_at:%Y-%m-%d} was refused as {why}"


def _revision(found: dict[str, Any], number: int) -> dict[str, Any]:
    for revision in found["revisions"]:
        if revision["revision"] == number:
            return dict(revision)
    count = found["article"]["revisions"]
    raise CommandError(f"there is no revision {number}: the article has {count}, numbered from 1")


def _print_diff(before: dict[str, Any], after: dict[str, Any]) -> None:
    """Words that went in red and [-so-], words that came in green and {+so+}: colours only on a terminal."""
    console = Console(highlight=False, soft_wrap=True)
    shown = Text()
    for kind, words in word_diff(compared_text(before), compared_text(after)):
        if kind == "same":
            shown.append(words if words == "\n" else f"{words} ")
        else:
            opening, closing, style = _MARKS[kind]
            shown.append(words if console.is_terminal else f"{opening}{words}{closing}", style)
            shown.append(" ")
    for line in shown.split("\n"):
        line.rstrip()
        line.plain = displayed(line.plain)
        console.print(line)


def _write_record(locator: FileLocator, revision: dict[str, Any]) -> None:
    name, length = revision["warc_file"], revision["length"]
    ref = CaptureRef(name, revision["warc_offset"], length, revision["warc_record_id"])
    if sys.stdout.isatty() and name.endswith((".gz", ".zst")):
        raise CommandError(f"the record in {name} is compressed and does not go to a terminal: pipe it, as to zcat")
    path = locator.find(name)
    if path is None:
        raise CommandError(f"the record is in {name}, and {locator.where(name)}")
    try:
        written = sum(sys.stdout.buffer.write(piece) for piece in record_bytes(path, ref))
    except CaptureMissing as missing:
        raise CommandError(f"{missing}: emeroteca verify says what else is wrong") from missing
    if written < length:
        raise CommandError(
            f"{path} ends before the record at {ref.offset} does: emeroteca verify says what else is wrong"
        )
    sys.stdout.buffer.flush()


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _print(found: dict[str, Any]) -> None:
    article = found["article"]
    print_line(article["headline"])
    for name in ("canonical_url", "site", "section", "published_at", "published_date", "modified_at", "article_id"):
        if article[name] is not None:
            print_line(f"  {name}: {_plain(article[name])}")
    for name in ("authors", "keywords", "warnings"):
        if article[name]:
            print_line(f"  {name}: {', '.join(article[name])}")
    if article["description"]:
        print_line(f"\n{article['description']}")
    print_line(f"\n{article['body']}\n")
    for revision in found["revisions"]:
        _print_revision(revision)
    for capture in found["captures"]:
        agreement = f"; agreement {capture['agreement']:.2f}" if capture["agreement"] is not None else ""
        changed = f"; other {', '.join(capture['metadata_changed'])}" if capture["metadata_changed"] else ""
        confidence = "" if capture["confidence"] is None else f"; confidence {capture['confidence']}"
        print_line(
            f"capture {_plain(capture['captured_at'])} {capture['url']}\n"
            f"  revision {capture['revision'] or '(flat text)'}{agreement}{confidence}{changed}\n"
            f"  {capture['warc_file']} offset {capture['warc_offset']} length {capture['length']} "
            f"{capture['warc_record_id']} {capture['payload_digest']}"
        )
        if rights := [*capture["rights"], *capture["robots_rights"]]:
            print_line("  rights: " + "; ".join(map(_signal, rights)))


def _signal(signal: dict[str, Any]) -> str:
    value = f" {signal['value']}" if signal["value"] else ""
    return f"{signal['signal']}{value} ({signal['source']})"


def _print_revision(revision: dict[str, Any]) -> None:
    parts = revision["changed"]
    change = f"; changed {', '.join(parts)}: +{revision['words_added']} -{revision['words_removed']} words"
    print_line(
        f"revision {revision['revision'] or '(flat text)'}: seen {_plain(revision['first_captured_at'])} to "
        f"{_plain(revision['last_captured_at'])}, {revision['word_count']} words, "
        f"{revision['content_hash'][:12]}, by {revision['extractor']}{change if parts else ''}"
    )
    for warning in revision["warnings"]:
        print_line(f"  warning: {warning}")
    print_line(
        f"  {revision['warc_file']} offset {revision['warc_offset']} {revision['warc_record_id']} "
        f"{revision['payload_digest']}"
    )
