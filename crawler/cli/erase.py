"""emeroteca erase: captures and all that was made of them, for good, with a tombstone."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

import click

from crawler.cli.context import Settings, collection_command
from crawler.cli.withhold import target_of
from crawler.event_log import report
from crawler.progress_bar import track
from storage.exceptions import CommandError

if TYPE_CHECKING:
    from crawler.takedown.erase import ErasureReport
    from crawler.takedown.selection import ErasureSelection
    from storage.corpus.db.database import Database
    from storage.corpus.write.targets import Target


@collection_command("erase")
@click.option("--url", metavar="U", help="The article at this URL, in any spelling, and all captures of it.")
@click.option("--article", metavar="ID", help="The article with this article_id.")
@click.option("--pattern", metavar="P", help="All captures of URLs of this form: * stands for any characters.")
@click.option("--author", metavar="NAME", help="All articles with this author, as printed, in any case.")
@click.option("--everywhere", is_flag=True, help="Also captures of other articles whose pages repeat the text.")
@click.option("--reason", metavar="TEXT", help="Why; on the tombstone.")
@click.option("--right", metavar="TEXT", help="The right that demands it; on the tombstone.")
@click.option("--dry-run", is_flag=True, help="Show what would go, and change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--resume", is_flag=True, help="Finish an erasure that was killed.")
@click.option("--list", "as_list", is_flag=True, help="Show the tombstones, JSON, a line each.")
def command(
    settings: Settings,
    url: str | None,
    article: str | None,
    pattern: str | None,
    author: str | None,
    everywhere: bool,
    reason: str | None,
    right: str | None,
    dry_run: bool,
    yes: bool,
    resume: bool,
    as_list: bool,
) -> int:
    """Erase what one of --url, --article, --pattern and --author names: for good.

    Records go from the WARC files (request, response, metadata, revisits of the same text, lists that repeat it), rows
    from the database, lines from the index, packages in the home and logs; free space of the database is overwritten.
    The change feed says that the articles are gone. A tombstone says when, why, by what right, and the digests of what
    went; crawls, imports and rebuilds refuse it from then on (`erased`). No crawl may be under way. A run that was
    killed is finished by the next command that writes. emeroteca help takedown: what is not reached, such as copies and
    backups.

    Exit status 1: done, and something needs a look; 3: nothing is named so.

    \b
    emeroteca erase --url https://alanews.it/cronaca/festa-in-piazza/ --dry-run
    emeroteca erase --author "Ada Bruni" --reason "request of 3 May" --right "GDPR 17"
    emeroteca erase --resume
    """
    from crawler.extraction.version import Reader
    from crawler.ingest.classify import Extractor
    from crawler.takedown.erase import finish_erasure, no_crawls

    if not (resume or as_list):
        target = target_of(url, article, pattern, author)
        if not (reason or dry_run):
            raise click.UsageError("say why, for the tombstone: --reason TEXT")
    collection = settings.warc_collection(": there is nothing to erase")
    with settings.database() as database:
        if as_list:
            return _show_tombstones(database)
        with no_crawls(collection, database):
            done = finish_erasure(collection, database, Extractor(Reader.PAGE_OBJECT))
            if done:
                _tell(done)
            if resume:
                return _resumed(done)
            found = _found(settings, database, target, everywhere=everywhere)
            needs_a_look = _describe(found)
            if dry_run:
                return needs_a_look
            if not yes and not click.confirm("Erase them for good?", err=True):
                raise click.Abort
            return max(needs_a_look, _erase(settings, database, found, reason or "", right))


def _resumed(done: ErasureReport | None) -> int:
    if done is None:
        report("erasure-none", "no erasure was interrupted")
    return 1 if done and done.left else 0


def _found(settings: Settings, database: Database, target: Target, *, everywhere: bool) -> ErasureSelection:
    """What there is to erase, once interrupted crawls are recovered. Raises CommandError where there is nothing."""
    from crawler.crawl.recovery import recover_interrupted_crawls
    from crawler.ingest.classify import DEFAULT_EXTRACTOR
    from crawler.takedown.selection import select_for_erasure
    from storage.corpus.write.store import Store

    collection = settings.collection
    recover_interrupted_crawls(collection, Store(database), DEFAULT_EXTRACTOR)
    progress = partial(track, name="files")
    found = select_for_erasure(collection, database, target, everywhere=everywhere, track=progress)
    if not found.plan.captures:
        raise CommandError(f"there are no captures of {target.kind.value} {target.value}")
    return found


def _erase(settings: Settings, database: Database, found: ErasureSelection, reason: str, right: str | None) -> int:
    from crawler.ingest.classify import DEFAULT_EXTRACTOR
    from crawler.takedown.erase import begin_erasure, finish_erasure

    begin_erasure(settings.collection, found.plan, reason=reason, by_right=right)
    done = finish_erasure(settings.collection, database, DEFAULT_EXTRACTOR)
    assert done is not None
    _tell(done)
    return 1 if done.left else 0


def _describe(found: ErasureSelection) -> int:
    """Print the URLs that go, and the counts on standard error; 1 where something is left that needs a look."""
    plan = found.plan
    for url in plan.urls:
        print(url)
    counts = ", ".join(f"{count} {why}" for why, count in found.counts.items())
    records = sum(map(len, plan.records.values()))
    lines = [
        f"{len(plan.articles)} articles, {plan.count} captures ({counts}), {records} records in "
        f"{len(plan.records)} files"
    ]
    if plan.responses:
        lines.append(f"{sum(map(len, plan.responses.values()))} revisits get the payload that they refer to")
    looks = [
        f"{url} is another article, whose page repeats some of the text, and stays (--everywhere)"
        for url in sorted(found.repeated_in)
    ]
    looks += [f"{file} is outside the collection and has such records: remove them there" for file in found.elsewhere]
    looks += [f"{file} at {damage.offset} cannot be read: {damage.reason}" for file, damage in found.damages]
    for line in [*lines, *looks]:
        report("erasure-found", line)
    return 1 if looks else 0


def _tell(done: ErasureReport) -> None:
    report(
        "erased",
        f"erased: {done.captures} captures, {done.records} records from {done.files} files, {done.packages} packages "
        "written again",
        captures=done.captures,
        records=done.records,
    )
    for line in done.left:
        report("erasure-left", line, "warning")


def _show_tombstones(database: Database) -> int:
    from storage.corpus.write.erasure import tombstones

    for row in tombstones(database):
        print(json.dumps(row, default=lambda moment: moment.isoformat(), ensure_ascii=False))
    return 0
