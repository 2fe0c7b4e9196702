"""emeroteca import wayback: captures of a site from the Wayback Machine or another archive with mementos."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

import click

from crawler.cli.context import Settings, pass_settings
from crawler.cli.exit_status import Command
from crawler.cli.options import DayType, SiteName


@click.command("wayback", cls=Command)
@click.argument("site", metavar="SITE|URL", type=SiteName("; there are: {names}, or any address", takes_address=True))
@click.option("--since", type=DayType(), metavar="D", help="First day of capture, UTC.  [default: of the site]")
@click.option("--until", type=DayType(), metavar="D", help="Last day of capture, UTC.  [default: today]")
@click.option("--all", "all_captures", is_flag=True, help="Each capture, not each distinct payload of an article.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Request at most N captures.")
@click.option(
    "--server",
    metavar="URL",
    help="Another archive: a host laid out like the Wayback Machine's, or a collection of pywb.  "
    "[default: https://web.archive.org]",
)
@click.option("--dry-run", is_flag=True, help="Read the index, say requests, bytes and hours, and request no capture.")
@click.option("--verbose", is_flag=True, help="Scrapy's log on standard error.")
@click.option("--json", "as_json", is_flag=True, help="The summary as JSON on standard output.")
@pass_settings
def command(
    settings: Settings,
    site: str,
    since: date | None,
    until: date | None,
    all_captures: bool,
    limit: int | None,
    server: str | None,
    dry_run: bool,
    verbose: bool,
    as_json: bool,
) -> int:
    """Import the captures of SITE that the Wayback Machine has.

    A URL is enough for a site that is not known: which of its URLs are articles is learned from the archive's index,
    and written to HOME/sites/NAME.toml, which may be edited.

    First its index, in parts of a month; then, of each article and distinct payload, the best capture, unchanged
    (`id_`), its SHA-1 compared with the index. Rows have the time of the capture and the archive as their `source`.
    Each line of the index gets an outcome (emeroteca import status SITE), and none is asked for twice: a killed import
    goes on where it was. At most 24 requests of the index and 400 of captures a minute; where the archive asks for
    fewer (429) a minute's pause, then an hour's.

    \b
    emeroteca import wayback sputniknews --dry-run
    emeroteca import wayback sputniknews --since 2022-02-01 --until 2022-03-31
    emeroteca import wayback sputniknews --limit 1000
    emeroteca import wayback https://a-lost-newspaper.example --dry-run
    emeroteca import wayback alanews --server http://127.0.0.1:8080/my-collection
    """
    from crawler.archives.wayback_spider import MementoServer, WaybackSpider
    from crawler.cli.imports import import_settings, run_and_report, site_arguments

    if since and until and since > until:
        raise click.UsageError(f"--since {since} lies after --until {until}")
    if server is not None and (urlsplit(server).scheme not in ("http", "https") or not urlsplit(server).hostname):
        raise click.BadParameter(f"{server!r} is no http or https address", param_hint="--server")
    scrapy = import_settings(settings, verbose=verbose)
    own = MementoServer(scrapy["EMEROTECA_WAYBACK_CDX"], scrapy["EMEROTECA_WAYBACK_REPLAY"].rstrip("/"))
    archive = MementoServer.at(server) if server else own
    return run_and_report(
        settings,
        scrapy,
        WaybackSpider,
        [archive.cdx, archive.replay],
        archive.name,
        is_rehearsal=dry_run,
        as_json=as_json,
        **site_arguments(site),
        server=archive,
        since=since,
        until=until,
        all_captures=all_captures,
        limit=limit,
    )
