"""emeroteca crawl: discover, fetch, capture, extract, store."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Sequence
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.cli.context import Settings, collection_command
from crawler.cli.exit_status import COULD_NOT, DONE, NEEDS_A_LOOK
from crawler.cli.options import SiteName, reader_option
from crawler.event_log import is_json
from crawler.event_log import report as log_event
from crawler.extraction.version import Reader
from crawler.fetching.contact import contact_problem
from crawler.registry import site_named
from storage.exceptions import CommandError, InvalidSpiderArgument

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler
    from scrapy.settings import Settings as ScrapySettings

#: Outcomes of crawls that stopped since something could not be written.
FAILURES = {"write-failed", "database-problem", "reading-failed", "unreachable"}


@collection_command("crawl")
@click.argument("site", type=SiteName("; there are: {names}"))
@click.option("--since", metavar="D", help="First day of publication, like 2022-02-14, in the site's time zone.")
@click.option("--until", metavar="D", help="Last day of publication.")
@click.option("--limit", metavar="N", help="Ask for at most N articles.")
@click.option("--url", "urls", metavar="U", multiple=True, help="Only this article; may be repeated.")
@click.option(
    "--delay",
    type=click.FloatRange(min=0),
    default=1.0,
    show_default=True,
    metavar="S",
    help="Seconds between requests to a host; a longer Crawl-delay of the site wins.",
)
@click.option("--budget", type=click.IntRange(min=1), metavar="N", help="Send at most N requests in all.")
@reader_option
@click.option("--verbose", is_flag=True, help="Scrapy's log on standard error.")
@click.option("--json", "as_json", is_flag=True, help="The summary as JSON on standard output.")
def command(
    settings: Settings,
    site: str,
    since: str | None,
    until: str | None,
    limit: str | None,
    urls: tuple[str, ...],
    delay: float,
    budget: int | None,
    reader: Reader,
    verbose: bool,
    as_json: bool,
) -> int:
    """Crawl SITE: capture its pages into WARC files and make article rows of them.

    Run again, it goes on where it stopped or takes what is new. Ctrl-C once ends in order, nothing is lost. Outside
    this machine it needs a contact: $EMEROTECA_CONTACT, a URL or an e-mail address.

    \b
    emeroteca crawl alanews --since 2026-01-01 --until 2026-01-31
    emeroteca crawl sputniknews --limit 100
    emeroteca crawl alanews --url https://alanews.it/cronaca/festa-in-piazza/
    """
    from scrapy.crawler import AsyncCrawlerProcess

    from storage.locks import SiteLock

    scrapy = scrapy_settings(settings, delay=delay, budget=budget, reader=reader, verbose=verbose)
    arguments = {"since": since, "until": until, "limit": limit, "urls": " ".join(urls)}
    spider = _checked_spider(scrapy, site, arguments)
    problem = contact_problem(scrapy["EMEROTECA_CONTACT"], site_named(site).hosts)
    if problem is not None:
        raise InvalidSpiderArgument(problem)
    with settings.new_database() as database:
        SiteLock(database, settings.collection.locks, site).acquire().release()  # before Scrapy starts
    process = AsyncCrawlerProcess(scrapy)
    if is_json():
        for handler in logging.getLogger().handlers:
            handler.setLevel(scrapy["LOG_LEVEL"])
    _keep_log(settings.collection.crawl_log(site))
    crawler = process.create_crawler(spider)
    process.crawl(crawler, **arguments)
    process.start()
    return _summary(crawler, settings.collection.crawl_log(site), as_json)


def _keep_log(path: Path) -> None:
    """Has the log's details written to the file; a log that cannot be written is no reason to end a crawl."""
    logging.raiseExceptions = False
    with suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=10_000_000, backupCount=1, encoding="utf-8", delay=True)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        handler.setLevel(logging.INFO)
        logging.getLogger().addHandler(handler)


def check_options(settings: Settings, site: str, options: Sequence[str]) -> None:
    """Parses the options of a crawl of the site without beginning it. Raises UsageError, InvalidSpiderArgument."""
    parsed = command.make_context("emeroteca crawl", [site, *options]).params
    scrapy = scrapy_settings(settings, **{name: parsed[name] for name in ("delay", "budget", "reader", "verbose")})
    arguments = {name: parsed[name] for name in ("since", "until", "limit")}
    _checked_spider(scrapy, site, {**arguments, "urls": " ".join(parsed["urls"])})


def _checked_spider(scrapy: ScrapySettings, site: str, arguments: dict[str, str | None]) -> type[Spider]:
    """The site's spider, which accepts these arguments. Raises InvalidSpiderArgument."""
    from scrapy.spiderloader import get_spider_loader

    spider = get_spider_loader(scrapy).load(site)
    spider(**arguments)
    return spider


def scrapy_settings(
    settings: Settings, *, delay: float, budget: int | None, reader: Reader, verbose: bool
) -> ScrapySettings:
    """The project's Scrapy settings under the command line's."""
    from scrapy.settings import Settings as ScrapySettings

    scrapy = ScrapySettings()
    scrapy.setmodule("crawler.settings", priority="project")
    options: dict[str, Any] = {
        "EMEROTECA_HOME": os.fspath(settings.home),
        "EMEROTECA_DATABASE_URL": settings.database_url,
        "EMEROTECA_PROGRESS": not verbose,
        "DOWNLOAD_DELAY": delay,
        "EMEROTECA_BUDGET": budget or 0,
        "EMEROTECA_READER": reader.value,
        "LOG_LEVEL": "INFO" if verbose else "WARNING",
        "LOG_INSTALL_ROOT_HANDLER": not is_json(),
        "LOG_FORMAT": "%(levelname)s: %(message)s",
    }
    for name, value in options.items():
        scrapy.set(name, value, priority="cmdline")
    return scrapy


def _summary(crawler: Crawler, log: Path, as_json: bool) -> int:
    from crawler.crawl.session import CrawlSession

    session = crawler.get_extension(CrawlSession)
    report = session.report if session else None
    if report is None or report.outcome is None:
        raise CommandError("the crawl did not begin: see the messages above")
    site, counts = crawler.spidercls.name, report.counts()
    if as_json:
        print(json.dumps({"site": site, "outcome": report.outcome, **counts}))
    if is_json() or not as_json:
        message = f"{site}: {report.outcome}; {report.summary()}"
        is_unreachable = report.outcome == "unreachable"
        if is_unreachable:
            problem = report.broken_routes[0]["problem"] if report.broken_routes else "no request was answered"
            message = f"{message}. {problem.rstrip('.')}. Check network and proxy, then crawl again; details: {log}"
        log_event("crawl-ended", message, site=site, outcome=report.outcome, **counts)
        for broken in report.broken_routes if is_json() or not is_unreachable else ():
            message = f"  route {broken['route']} broke at {broken['url']}: {broken['problem']}"
            log_event("route-broken", message, "warning", site=site, **broken)
        for source, count in report.bad_urls.most_common(10):
            message = f"  {source} names {count} URLs that are not requested (bad-url)"
            log_event("bad-url", message, "warning", site=site, source=source, count=count)
    if report.outcome in FAILURES:
        return COULD_NOT
    return DONE if report.outcome == "finished" and not report.needs_a_look else NEEDS_A_LOOK
