"""emeroteca import commoncrawl: captures of a site from Common Crawl."""

from __future__ import annotations

from datetime import date

import click

from crawler.cli.context import Settings, pass_settings
from crawler.cli.exit_status import Command
from crawler.cli.options import DayType, SiteName


@click.command("commoncrawl", cls=Command)
@click.argument("site", metavar="SITE|URL", type=SiteName("; there are: {names}, or any address", takes_address=True))
@click.option("--since", type=DayType(), metavar="D", help="First day of capture, UTC.  [default: of the site]")
@click.option("--until", type=DayType(), metavar="D", help="Last day of capture, UTC.  [default: today]")
@click.option("--crawl", "crawls", multiple=True, metavar="C", help="Only this crawl: CC-MAIN-2022-05.  [repeatable]")
@click.option(
    "--index",
    "columns",
    multiple=True,
    metavar="PATH",
    help="Parquet files of the columnar index: a path, glob or URL.  [repeatable; default: those of each crawl]",
)
@click.option("--cdx", "by_cdx", is_flag=True, help="Ask the CDX server instead; for small sites and spans.")
@click.option("--all", "all_captures", is_flag=True, help="Each capture, not each distinct payload of an article.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Request at most N captures.")
@click.option("--dry-run", is_flag=True, help="Read the index, say requests, bytes and hours, and request no capture.")
@click.option("--verbose", is_flag=True, help="Scrapy's log on standard error.")
@click.option("--json", "as_json", is_flag=True, help="The summary as JSON on standard output.")
@pass_settings
def command(
    settings: Settings,
    site: str,
    since: date | None,
    until: date | None,
    crawls: tuple[str, ...],
    columns: tuple[str, ...],
    by_cdx: bool,
    all_captures: bool,
    limit: int | None,
    dry_run: bool,
    verbose: bool,
    as_json: bool,
) -> int:
    """Import the captures of SITE that Common Crawl has.

    The columnar index (Parquet, read by DuckDB: the extra `commoncrawl`) says where each record is; each is requested
    by its bytes and copied as it is, its origin in a metadata record, its SHA-1 compared with the index. One request
    at a time of the index. Each line of the index gets an outcome (emeroteca import status SITE), and none is
    requested twice.

    \b
    emeroteca import commoncrawl sputniknews --dry-run
    emeroteca import commoncrawl sputniknews --crawl CC-MAIN-2022-05
    emeroteca import commoncrawl sputniknews --index '/data/cc-index/crawl=CC-MAIN-2022-05/*.parquet'
    emeroteca import commoncrawl alanews --cdx --since 2024-01-01 --until 2024-03-31
    """
    from crawler.archives.common_crawl_spider import SOURCE, CommonCrawl, CommonCrawlSpider
    from crawler.cli.imports import import_settings, run_and_report, site_arguments

    if since and until and since > until:
        raise click.UsageError(f"--since {since} lies after --until {until}")
    if columns and by_cdx:
        raise click.UsageError("--index and --cdx are two ways to the same lines: give one")
    scrapy = import_settings(settings, verbose=verbose)
    index, data = (scrapy[name].rstrip("/") for name in ("EMEROTECA_CC_INDEX", "EMEROTECA_CC_DATA"))
    return run_and_report(
        settings,
        scrapy,
        CommonCrawlSpider,
        [index, data],
        SOURCE,
        is_rehearsal=dry_run,
        as_json=as_json,
        server=CommonCrawl(index, data, columns, by_cdx),
        crawls=crawls,
        **site_arguments(site),
        since=since,
        until=until,
        all_captures=all_captures,
        limit=limit,
    )
