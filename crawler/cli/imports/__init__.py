"""The subcommands of `emeroteca import`, one file each, named like the subcommand, with `command` in it.

Here is what those that ask web archives share.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from crawler.cli.context import Settings
from crawler.cli.exit_status import COULD_NOT, DONE, NEEDS_A_LOOK

if TYPE_CHECKING:
    from scrapy.settings import Settings as ScrapySettings

    from crawler.archives.archive_spider import ArchiveSpider
    from crawler.archives.import_run import ImportRun
    from storage.corpus.db.database import Database


def import_settings(settings: Settings, *, verbose: bool) -> ScrapySettings:
    """The project's Scrapy settings for an import."""
    from crawler.cli.crawl import scrapy_settings
    from crawler.extraction.version import Reader

    return scrapy_settings(
        settings, delay=0.0, budget=None, requisites=False, reader=Reader.PAGE_OBJECT, verbose=verbose
    )


def site_arguments(site: str) -> dict[str, Any]:
    """The arguments of a spider for a site's name, or the address of one that may not be known. Raises
    InvalidSpiderArgument."""
    from crawler.any_spider import start_url
    from crawler.registry import all_sites, site_named, site_of
    from crawler.survey.undescribed import undescribed_site

    if site in {known.name for known in all_sites()}:
        return {"of_site": site_named(site)}
    url = start_url(site)
    known = site_of(url)
    return {"of_site": known} if known else {"of_site": undescribed_site(url), "address": url}


def run_and_report(
    settings: Settings,
    scrapy: ScrapySettings,
    spider: type[ArchiveSpider],
    servers: Iterable[str],
    archive: str,
    *,
    is_rehearsal: bool,
    as_json: bool,
    **arguments: Any,
) -> int:
    """Run an import and say what it did, or of a rehearsal what it would do; returns the exit status."""
    from crawler.archives.import_run import run_import
    from crawler.crawl.log_file import keep_log

    with settings.new_database() as database:
        keep_log(settings.collection.crawl_log(arguments["of_site"].name))
        run = run_import(settings.collection, database, scrapy, spider, servers, only_index=is_rehearsal, **arguments)
        if is_rehearsal and run.outcome == "finished":
            _print_plan(database, scrapy, archive, arguments, as_json=as_json)
        else:
            _print_report(database, run, archive, arguments["of_site"].name, as_json=as_json)
    for scope in run.excluded:
        print(f"{archive} does not show {scope} (excluded): another archive may have it", file=sys.stderr)
    if run.unread:
        named = ", ".join(run.unread[:3]) + (f" and {len(run.unread) - 3} more" if len(run.unread) > 3 else "")
        print(f"the index of {archive} could not be read for {named}: the next run asks again", file=sys.stderr)
    if run.outcome in {"write-failed", "database-problem", "reading-failed", "unreachable"}:
        return COULD_NOT
    return NEEDS_A_LOOK if run.needs_a_look else DONE


def _print_plan(
    database: Database, scrapy: ScrapySettings, archive: str, arguments: dict[str, Any], *, as_json: bool
) -> None:
    from crawler.archives.import_run import plan_of

    rates = scrapy.getfloat("EMEROTECA_ARCHIVE_CDX_RATE"), scrapy.getfloat("EMEROTECA_ARCHIVE_MEMENTO_RATE")
    site = arguments["of_site"].name
    plan = plan_of(
        database,
        site,
        archive,
        rates,
        arguments["since"],
        arguments["until"],
        all_captures=arguments.get("all_captures", False),
    )
    requests = plan.parts + plan.captures
    if as_json:
        facts = {"site": site, "archive": archive, "parts": plan.parts, "captures": plan.captures}
        print(json.dumps({**facts, "requests": requests, "bytes": plan.bytes, "hours": plan.hours}))
        return
    print(f"{archive} has {plan.captures} captures of {site} to request: {requests} requests,")
    print(f"about {plan.bytes / 1e6:.1f} MB, {plan.hours:g} hours or more.")


def _print_report(database: Database, run: ImportRun, archive: str, site: str, *, as_json: bool) -> None:
    from storage.corpus.read.archive_ledger import outcomes_by_month, totals

    lines = totals([one for one in outcomes_by_month(database, site) if one.archive == archive])
    if as_json:
        facts = {"site": site, "archive": archive, "outcome": run.outcome, "lines": dict(lines)}
        print(json.dumps({**facts, "unread": run.unread, "excluded": run.excluded, **run.report.counts()}))
        return
    print(f"{site} from {archive}: {run.outcome}; {run.report.summary()}", file=sys.stderr)
    shown = ", ".join(f"{count} {outcome}" for outcome, count in sorted(lines.items()))
    print(f"  lines of its index: {shown or 'none'}", file=sys.stderr)
