"""Runs the spider of an import from a web archive to its end; called by `import wayback` and `import commoncrawl`."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from ipaddress import ip_address
from typing import Any

from scrapy.settings import Settings

from crawler.archives.archive_spider import CAPTURE_SLOT, INDEX_SLOT, ArchiveSpider
from crawler.crawl.process import new_process, run_to_end
from crawler.crawl.report import CrawlReport
from crawler.fetching.contact import contact_problem
from crawler.urls import host_of
from storage.collection import Collection
from storage.corpus.db.database import Database
from storage.corpus.read.archive_ledger import pending_groups, queries_of
from storage.exceptions import CommandError, InvalidSpiderArgument
from storage.locks import SiteLock


@dataclass(frozen=True, slots=True)
class ImportRun:
    """What an import did. unread, excluded: parts of the archive's index that could not be read, and those that the
    archive does not show."""

    outcome: str
    report: CrawlReport
    unread: tuple[str, ...]
    excluded: tuple[str, ...]

    @property
    def needs_a_look(self) -> bool:
        return self.outcome != "finished" or bool(self.unread or self.excluded)


def run_import(
    collection: Collection,
    database: Database,
    settings: Settings,
    spider: type[ArchiveSpider],
    servers: Iterable[str],
    **arguments: Any,
) -> ImportRun:
    """Run a spider of an import. servers: URLs of the archive. arguments: of the spider. Raises InvalidSpiderArgument,
    SiteLocked, CommandError.
    """
    hosts = list(dict.fromkeys(host_of(server) for server in servers))
    problem = contact_problem(settings["EMEROTECA_CONTACT"], hosts)
    if problem is not None:
        raise InvalidSpiderArgument(problem)
    SiteLock(database, collection.locks, arguments["of_site"].name).acquire().release()  # before Scrapy starts
    use_etiquette(settings, hosts)
    process = new_process(settings)
    crawler = process.create_crawler(spider)
    session = run_to_end(process, crawler, **arguments)
    report = session.report if session else None
    if report is None or report.outcome is None or not isinstance(crawler.spider, ArchiveSpider):
        raise CommandError("the import did not begin: see the messages above")
    if report.problem is not None:
        raise CommandError(report.problem)
    return ImportRun(report.outcome, report, tuple(crawler.spider.unread), tuple(crawler.spider.excluded))


def use_etiquette(settings: Settings, hosts: Iterable[str]) -> None:
    """Rates and pauses of web archives; their robots.txt are for crawlers of links, and say nothing of these services
    for programs. A host that is named by its address may be in a private network.
    """
    slots = {
        INDEX_SLOT: {"delay": 60 / settings.getfloat("EMEROTECA_ARCHIVE_CDX_RATE"), "concurrency": 1},
        CAPTURE_SLOT: {"delay": 60 / settings.getfloat("EMEROTECA_ARCHIVE_MEMENTO_RATE"), "concurrency": 8},
    }
    named = [network for host in hosts for network in _networks(host)]
    changes: dict[str, Any] = {
        "DOWNLOADER": "crawler.archives.archive_downloader.ArchiveDownloader",
        "DOWNLOAD_SLOTS": slots,
        "ROBOTSTXT_OBEY": False,
        "EMEROTECA_NETWORKS": ",".join([*settings.getlist("EMEROTECA_NETWORKS"), *named]),
    }
    for name, value in changes.items():
        settings.set(name, value, priority="cmdline")


def _networks(host: str) -> list[str]:
    if host == "localhost" or host.endswith(".localhost"):
        return ["127.0.0.0/8", "::1/128"]
    try:
        return [str(ip_address(host.strip("[]")))]
    except ValueError:
        return []


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import would request: parts of the index, captures and their bytes as far as the index says, hours."""

    parts: int
    captures: int
    bytes: int
    hours: float


def plan_of(
    database: Database,
    site: str,
    archive: str,
    rates: tuple[float, float],
    since: date | None,
    until: date | None,
    *,
    all_captures: bool,
) -> ImportPlan:
    """The plan by the ledger. rates: requests a minute, of the index and of captures."""
    parts = sum(one.outcome in (None, "failed", "throttled") for one in queries_of(database, site, archive))
    captures, size = pending_groups(database, site, archive, since, until, all_captures=all_captures)
    minutes = parts / rates[0] + captures / rates[1]
    return ImportPlan(parts, captures, size, math.ceil(minutes / 60 * 100) / 100)
