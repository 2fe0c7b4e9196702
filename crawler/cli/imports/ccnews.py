"""emeroteca import ccnews: captures of a site from CC-NEWS, or from WARC files without an index."""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import click

from crawler.cli.context import Settings, pass_settings
from crawler.cli.exit_status import DONE, NEEDS_A_LOOK, Command
from crawler.cli.options import DayType, SiteName
from crawler.event_log import print_line

if TYPE_CHECKING:
    from crawler.archives.news_files import ScannedFile


@click.command("ccnews", cls=Command)
@click.argument("site", metavar="SITE", type=SiteName("; there are: {names}; emeroteca site add URL makes one known"))
@click.argument("files", metavar="[FILE|URL]...", nargs=-1)
@click.option("--since", type=DayType(), metavar="D", help="First month of files, by a day in it.")
@click.option("--until", type=DayType(), metavar="D", help="Last month of files.  [default: this one]")
@click.option("--jobs", type=click.IntRange(min=1), default=1, show_default=True, metavar="N", help="Files at a time.")
@click.option("--cluster", metavar="ADDRESS", help="A Dask cluster instead: tcp://HOST:8786, or local:N.")
@click.option("--dry-run", is_flag=True, help="Say how many files, bytes and hours, and read none.")
@click.option("--json", "as_json", is_flag=True, help="The report as JSON.")
@pass_settings
def command(
    settings: Settings,
    site: str,
    files: tuple[str, ...],
    since: date | None,
    until: date | None,
    jobs: int,
    cluster: str | None,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Import the captures of SITE that the files of CC-NEWS have, or each FILE: a WARC file, path, glob or URL.

    CC-NEWS has no index of URLs: each file of a month, about a gigabyte, is read whole, and the records of the site are
    copied as they are. Before it begins it says how much that is. A page may be captured long after it was published,
    so ask for some months more. A killed import goes on with the next file; files that could not be read to their end
    are read again by the next run.

    \b
    emeroteca import ccnews sputniknews --since 2021-05-01 --until 2022-03-31 --dry-run
    emeroteca import ccnews sputniknews --since 2022-02-01 --until 2022-02-28 --jobs 4
    emeroteca import ccnews alanews 'downloads/CC-NEWS-2022*.warc.gz'
    emeroteca import ccnews sputniknews --since 2021-05-01 --cluster tcp://scheduler.example:8786
    """
    from crawler.archives.news_files import FILE_BYTES, all_files, months_between
    from crawler.archives.news_import import dask_scan, import_files, local_scan
    from crawler.progress_bar import ProgressBar
    from crawler.registry import site_named
    from crawler.settings import EMEROTECA_CC_DATA
    from storage.warc.read.source import find_sources

    if cluster is not None and jobs > 1:
        raise click.UsageError("--jobs is for this machine alone; a cluster has its own workers (or --cluster local:N)")
    if files and (since or until):
        raise click.UsageError("--since and --until are about the files of CC-NEWS: leave them out with FILE")
    found, size = [], 0
    if files:
        sources = list(find_sources(files))
        found, size = [source.place for source in sources], sum(source.size for source in sources)
    else:
        known = site_named(site)
        months = months_between(since or known.since, until or datetime.now(UTC).date())
        by_month = dict(all_files(EMEROTECA_CC_DATA.rstrip("/"), months))
        found = [place for places in by_month.values() for place in places]
        if absent := [month for month, places in by_month.items() if not places]:
            print(f"CC-NEWS has no files of {', '.join(absent)}", file=sys.stderr)
        size = len(found) * FILE_BYTES
    hours = size / 50e6 / 3600 / jobs
    words = f"{len(found)} files, about {size / 1e9:.1f} GB: {hours:.1f} hours at 50 MB/s"
    if dry_run:
        print(json.dumps({"files": len(found), "bytes": size, "hours": round(hours, 2)}) if as_json else words)
        return DONE
    print(words, file=sys.stderr)
    settings.collection.create()
    bar = ProgressBar(f"CC-NEWS of {site}")
    done = [0, 0]

    def show(scanned: ScannedFile) -> None:
        done[0] += 1
        done[1] += len(scanned.copies)
        bar.update(f"{done[0]} of {len(found)} files, {done[1]} records", done[0], len(found))

    bar.start(len(found))
    try:
        scan = dask_scan(cluster) if cluster else local_scan(jobs)
        report = import_files(settings.collection, site_named(site), found, scan, show)
    finally:
        bar.stop()
    if as_json:
        print(json.dumps(report.as_json(), ensure_ascii=False))
    print(f"{report.files} files read, {report.known} were before; {report.copied} records copied", file=sys.stderr)
    for place, problem in report.failed.items():
        print_line(f"{place} could not be read to its end, the next run reads it again: {problem}", is_data=False)
    for place, count in report.damaged.items():
        print_line(f"{place}: {count} parts cannot be read", is_data=False)
    return NEEDS_A_LOOK if report.needs_a_look else DONE
