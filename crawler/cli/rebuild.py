"""emeroteca rebuild: rows from captures, offline."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from functools import partial
from itertools import count
from typing import TYPE_CHECKING

import click

from crawler import event_log
from crawler.cli.context import Settings, collection_command
from crawler.cli.options import DayType, reader_option, site_option
from crawler.extraction.version import Reader
from storage.exceptions import CommandError, DependencyMissing

if TYPE_CHECKING:
    from crawler.ingest.capture_filter import CaptureFilter
    from crawler.ingest.classify import Extractor
    from crawler.ingest.comparison import ResultComparison
    from crawler.ingest.executor import Executor
    from crawler.ingest.messages import Problem
    from storage.collection import Collection
    from storage.corpus.db.database import Database

#: Problems that are shown one by one without --json.
SHOWN = 50


@collection_command("rebuild")
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Processes.  [default: one a core]")
@click.option("--cluster", metavar="ADDRESS", help="A Dask cluster instead: tcp://HOST:8786, or local:N.")
@site_option
@click.option("--since", type=DayType(), metavar="D", help="Only captures made on this day or later.")
@click.option("--any", "any_page", is_flag=True, help="Every news page, not only those of known sites.")
@reader_option
@click.option(
    "--witness",
    type=click.Choice(["sample", "all"]),
    default="sample",
    show_default=True,
    help="On which pages trafilatura is asked how far it agrees with the page object: a sample by digest, or all.",
)
@click.option("--again", is_flag=True, help="Also what today's extractor has read already.")
@click.option("--diff", is_flag=True, help="Write nothing: say what would change with today's extractor.")
@click.option("--json", "as_json", is_flag=True, help="The report as JSON, a line for each capture without an article.")
def command(
    settings: Settings,
    paths: tuple[str, ...],
    jobs: int | None,
    cluster: str | None,
    site: str | None,
    since: date | None,
    any_page: bool,
    reader: Reader,
    witness: str,
    again: bool,
    diff: bool,
    as_json: bool,
) -> int:
    """Make the rows again from captures: the collection's own, or those at each PATH.

    A PATH is a WARC, ARC, WACZ or WET file, a folder, a glob, or a URL (http://, https://, s3://). Without PATH, files
    that were read elsewhere are read again too, where another version of the extractor has made their rows. What
    today's extractor has read already is passed over, so a rebuild that was cut off goes on where it was; nothing comes
    double. Of other people's archives only the captures of known sites are taken, unless --any; the report then sums up
    the confidence of their articles. With --diff nothing is written: the captures are read again and compared with
    their rows, and exit status 1 says that some would change.

    \b
    emeroteca rebuild
    emeroteca --home elsewhere rebuild archive/warc other.warc.gz 'news-2022*.warc.gz' --jobs 4
    emeroteca rebuild s3://bucket/2022/ --any --cluster tcp://scheduler.example:8786
    """
    from crawler.ingest.capture_filter import CaptureFilter
    from crawler.ingest.classify import Extractor
    from crawler.ingest.comparison import ResultComparison
    from crawler.rebuild.comparison_report import show_changes
    from crawler.rebuild.progress import RebuildProgress
    from crawler.rebuild.rebuild import rebuild
    from crawler.registry import all_sites

    if site is not None and site not in (names := [one.name for one in all_sites()]):
        raise click.UsageError(f"--site {site} is none of the known sites: {', '.join(names)}")
    if not paths and not settings.collection.exists():
        raise CommandError(f"there is no collection in {settings.home}, and no PATH was given")
    settings.collection.create()
    start_executor = _executor(jobs, cluster)
    capture_filter = CaptureFilter(site=site, since=since, any_page=any_page, again=again)
    comparisons: list[ResultComparison] = []
    numbers = count(1)

    def compares(database: Database) -> ResultComparison:
        comparisons.append(ResultComparison(database))
        return comparisons[0]

    def tell(problem: Problem) -> None:
        number = next(numbers)
        if as_json and not diff:
            print(json.dumps(asdict(problem), ensure_ascii=False))
        elif number <= SHOWN and not problem.url:
            progress.print(str(problem))

    with RebuildProgress() as progress:
        report = rebuild(
            settings.collection,
            paths,
            capture_filter,
            start_executor,
            Extractor(reader, witness_all=witness == "all"),
            sink=compares if diff else None,
            on_start=progress.begin,
            on_problem=tell,
            on_progress=progress.show,
        )
    if as_json:
        print(json.dumps(report.as_json() | (comparisons[0].as_json() if diff else {}), ensure_ascii=False))
    elif diff:
        show_changes(comparisons[0])
    for line in report.lines():
        event_log.print_line(line, is_data=False)
    if event_log.is_json():
        event_log.report("rebuild-ended", f"{report.captures} captures", captures=report.captures, **report.as_json())
    return 1 if report.needs_a_look or (diff and comparisons[0].changed) else 0


def _executor(jobs: int | None, cluster: str | None) -> Callable[[Collection, CaptureFilter, Extractor], Executor]:
    """Makes the executor of the rebuild, once collection and filters are known."""
    from crawler.ingest.local_executor import LocalExecutor

    if cluster is None:
        return partial(LocalExecutor, jobs or _cores())
    if jobs is not None:
        raise click.UsageError("--jobs is for this machine alone; a cluster has its own workers (or --cluster local:N)")
    try:
        from crawler.rebuild.dask_executor import DaskExecutor  # an extra: few need it
    except ImportError:
        raise DependencyMissing("--cluster needs more than is installed: pip install 'emeroteca[cluster]'") from None
    return partial(DaskExecutor, cluster)


def _cores() -> int:
    """The number of CPU cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
