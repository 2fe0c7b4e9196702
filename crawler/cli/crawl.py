"""emeroteca crawl: discover, fetch, capture, extract, store."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
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
from crawler.registry import all_sites, site_named
from crawler.sites.site_file import format_site_file
from crawler.urls import host_of
from storage.display import displayed
from storage.exceptions import CommandError, InvalidSpiderArgument
from storage.rights import RESERVATIONS

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.settings import Settings as ScrapySettings

    from crawler.any_spider import AnySpider
    from crawler.crawl.session import CrawlSession
    from crawler.spider import NewsSpider

#: Outcomes of crawls that stopped since something could not be written.
FAILURES = {"write-failed", "database-problem", "reading-failed", "unreachable"}


@collection_command("crawl")
@click.argument("site", metavar="SITE|URL", type=SiteName("; there are: {names}, or any address", takes_address=True))
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
@click.option("--dry-run", is_flag=True, help="Read lists alone; say what would be crawled, how much and how long.")
@click.option(
    "--requisites",
    is_flag=True,
    envvar="EMEROTECA_REQUISITES",
    show_envvar=True,
    help="Also capture what pages need to look as they did: style sheets, fonts, images, scripts.",
)
@click.option(
    "--respect",
    multiple=True,
    type=click.Choice(RESERVATIONS),
    help="Do not keep an answer whose headers or markup say so.  [repeatable]",
)
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
    dry_run: bool,
    requisites: bool,
    respect: tuple[str, ...],
    reader: Reader,
    verbose: bool,
    as_json: bool,
) -> int:
    """Crawl SITE: capture its pages into WARC files and make article rows of them.

    A URL, of a home page, a section, a feed, a sitemap, is enough for any site: what the site offers is found out, and
    written to HOME/sites/NAME.toml, which may be edited. The URL of an article captures that article.

    Run again, it goes on where it stopped or takes what is new. Ctrl-C once ends in order, nothing is lost. Outside
    this machine it needs a contact: $EMEROTECA_CONTACT, a URL or an e-mail address.

    \b
    emeroteca crawl alanews --since 2026-01-01 --until 2026-01-31
    emeroteca crawl sputniknews --limit 100
    emeroteca crawl sputniknews --since 2022-01-01 --requisites
    emeroteca crawl alanews --url https://alanews.it/cronaca/festa-in-piazza/
    emeroteca crawl alanews --since 2026-01-01 --dry-run
    emeroteca crawl https://a-newspaper.example --dry-run
    emeroteca crawl https://a-newspaper.example --since 2026-01-01
    """
    arguments = {"since": since, "until": until, "limit": limit, "urls": " ".join(urls)}
    if dry_run and settings.has_database():
        arguments["captured_in"] = settings.collection.database_url
    with _place(settings, dry_run=dry_run) as place:
        scrapy = scrapy_settings(
            place,
            delay=delay,
            budget=budget,
            requisites=requisites,
            respect=respect,
            reader=reader,
            verbose=verbose,
        )
        return run_crawl(place, scrapy, site, arguments, is_rehearsal=dry_run, as_json=as_json)


@contextmanager
def _place(settings: Settings, *, dry_run: bool) -> Iterator[Settings]:
    """The collection; of a dry run one that is thrown away, with the site files of the collection."""
    if not dry_run:
        yield settings
        return
    from crawler.operations.site_check import throw_away_home

    with throw_away_home(settings.home) as folder:
        yield Settings(home=folder, database_url=None)


def run_crawl(
    settings: Settings,
    scrapy: ScrapySettings,
    site: str,
    arguments: dict[str, str | None],
    *,
    is_rehearsal: bool = False,
    only_survey: bool = False,
    as_json: bool = False,
) -> int:
    """Crawl a site, by its name or an address, and report; returns the exit status.

    is_rehearsal: read lists alone, of an unknown address survey alone. only_survey: write the site file of an address,
    and end. Raises InvalidSpiderArgument, CommandError.
    """

    from crawler.any_spider import AnySpider, known_definition, start_url
    from crawler.crawl.log_file import keep_log
    from crawler.crawl.process import new_process, run_to_end
    from crawler.spider import NewsSpider
    from crawler.survey.scope import site_name
    from storage.locks import SiteLock

    if site in {known.name for known in all_sites()}:
        arguments |= {"is_rehearsal": "1"} if is_rehearsal else {}
        spider = _checked_spider(scrapy, site, arguments)
        hosts = site_named(site).hosts
    else:
        spider, url = AnySpider, start_url(site)
        known = known_definition(url)
        if known is not None and only_survey:
            raise InvalidSpiderArgument(f"{url} is of the known site {known.site.name} ({known.source})")
        arguments = {**arguments, "url": site}
        arguments |= {"is_rehearsal": "1"} if is_rehearsal else {"only_survey": "1"} if only_survey else {}
        site = known.site.name if known else site_name(url)
        hosts = known.site.hosts if known else (host_of(url),)
    problem = contact_problem(scrapy["EMEROTECA_CONTACT"], hosts)
    if problem is not None:
        raise InvalidSpiderArgument(problem)
    with settings.new_database() as database:
        SiteLock(database, settings.collection.locks, site).acquire().release()  # before Scrapy starts
    process = new_process(scrapy)
    if is_json():
        for handler in logging.getLogger().handlers:
            handler.setLevel(scrapy["LOG_LEVEL"])
    keep_log(settings.collection.crawl_log(site))
    crawler = process.create_crawler(spider)
    session = run_to_end(process, crawler, **arguments)
    if is_rehearsal and isinstance(crawler.spider, AnySpider) and crawler.spider.described is not None:
        _report_rehearsal(crawler.spider, scrapy.getfloat("DOWNLOAD_DELAY"), as_json)
        return DONE
    if is_rehearsal and isinstance(crawler.spider, NewsSpider) and session and session.report.outcome == "finished":
        return _report_known_rehearsal(crawler.spider, scrapy.getfloat("DOWNLOAD_DELAY"), as_json)
    return _summary(session, settings.collection.crawl_log(site), as_json)


def _report_rehearsal(spider: AnySpider, delay: float, as_json: bool) -> None:
    """What a crawl would fetch, how much and how long, and the site file that it would write."""
    assert spider.described is not None
    seconds, limit = max(delay, spider.described.delay or 0.0), spider.selection.limit
    articles = max(len(spider.survey.found.seen.articles), spider.survey.found.estimated_urls)
    requested = min(articles, limit or articles)
    lists = spider.survey.found.lists + sum(len(route.urls) for route in spider.described.routes)
    hours = (requested + (lists if limit is None else 0)) * seconds / 3600
    if as_json:
        facts = {"site": spider.name, "articles": articles, "requested": requested, "lists": lists}
        print(json.dumps({**facts, "hours": round(hours, 2)}))
        return
    print(f"# {lists} lists name about {articles} articles, and older pages of sections may name more:")
    if limit is not None:
        print(f"# --limit {limit} takes {requested} of them, and as many lists as name these:")
    print(f"# {hours:.1f} hours or more with {seconds:g} s between requests. The site file would be:\n")
    print(displayed(format_site_file(spider.described, spider.survey.found.comments)), end="")


def _report_known_rehearsal(spider: NewsSpider, delay: float, as_json: bool) -> int:
    """What a crawl of a known site would request, how much and how long, by the lists that were read."""
    from crawler.spider import MOST_LISTS_REHEARSED

    counts, lists = spider.selection.counts, spider.lists
    requested, unread = counts["asked"] + len(spider.urls), lists.refused["rehearsed"]
    seconds = max(delay, spider.site.delay or 0.0)
    hours = (requested + lists.done) * seconds / 3600
    is_whole = lists.done < MOST_LISTS_REHEARSED
    if as_json:
        facts = {"site": spider.name, "requested": requested, "lists": lists.done, "unread_lists": unread}
        print(json.dumps({**facts, "urls": dict(counts), "is_whole": is_whole, "hours": round(hours, 2)}))
    else:
        others = ", ".join(
            f"{count} {name}" for name, count in sorted(counts.items()) if name not in ("asked", "again")
        )
        print(
            f"{spider.name}: {lists.done} lists were read: {requested} articles would be requested ({others or 'all'})"
        )
        if not is_whole:
            print(f"no list was read after {lists.done} ({unread} more are named): there may be more articles")
        print(f"{hours:.1f} hours{'' if is_whole else ' or more'} with {seconds:g} s between requests")
    return NEEDS_A_LOOK if spider.broken_routes else DONE


def check_options(settings: Settings, site: str, options: Sequence[str]) -> None:
    """Parses the options of a crawl of the site without beginning it. Raises UsageError, InvalidSpiderArgument."""
    parsed = command.make_context("emeroteca crawl", [site, *options]).params
    names = ("delay", "budget", "requisites", "respect", "reader", "verbose")
    scrapy = scrapy_settings(settings, **{name: parsed[name] for name in names})
    arguments = {name: parsed[name] for name in ("since", "until", "limit")}
    _checked_spider(scrapy, site, {**arguments, "urls": " ".join(parsed["urls"])})


def _checked_spider(scrapy: ScrapySettings, site: str, arguments: dict[str, str | None]) -> type[Spider]:
    """The site's spider, which accepts these arguments. Raises InvalidSpiderArgument."""
    from scrapy.spiderloader import get_spider_loader

    spider = get_spider_loader(scrapy).load(site)
    spider(**arguments)
    return spider


def scrapy_settings(
    settings: Settings,
    *,
    delay: float,
    budget: int | None,
    requisites: bool,
    reader: Reader,
    verbose: bool,
    respect: Sequence[str] = (),
) -> ScrapySettings:
    """The project's Scrapy settings under the command line's."""
    from scrapy.settings import Settings as ScrapySettings

    scrapy = ScrapySettings()
    scrapy.setmodule("crawler.settings", priority="project")
    options: dict[str, Any] = {
        "EMEROTECA_HOME": os.fspath(settings.home),
        "EMEROTECA_DATABASE_URL": settings.database_url,
        "EMEROTECA_HOME_EXISTS": True,  # by `Settings.new_database`
        "EMEROTECA_PROGRESS": not verbose,
        "DOWNLOAD_DELAY": delay,
        "EMEROTECA_BUDGET": budget or 0,
        "EMEROTECA_REQUISITES": requisites,
        "EMEROTECA_READER": reader.value,
        "LOG_LEVEL": "INFO" if verbose else "WARNING",
        "LOG_INSTALL_ROOT_HANDLER": not is_json(),
        "LOG_FORMAT": "%(levelname)s: %(message)s",
    }
    if respect:
        options["EMEROTECA_RESPECT"] = ",".join(respect)
    for name, value in options.items():
        scrapy.set(name, value, priority="cmdline")
    return scrapy


def _summary(session: CrawlSession | None, log: Path, as_json: bool) -> int:
    report = session.report if session else None
    if report is None or report.outcome is None:
        raise CommandError("the crawl did not begin: see the messages above")
    assert session is not None
    if report.problem is not None:
        raise CommandError(report.problem)
    site, counts = session.site, report.counts()
    if as_json:
        print(json.dumps({"site": site, "outcome": report.outcome, **counts}))
    if is_json() or not as_json:
        message = f"{site}: {report.outcome}; {report.summary()}"
        is_unreachable = report.outcome == "unreachable"
        if is_unreachable:
            problem = report.broken_routes[0]["problem"] if report.broken_routes else "no request was answered"
            message = f"{message}. {problem.rstrip('.')}. Check network and proxy, then crawl again; details: {log}"
        log_event("crawl-ended", message, site=site, outcome=report.outcome, **counts)
        if report.limit_reached is not None:
            unread = counts["lists_not_read"].get("over-limit", 0)
            message = f"  --limit {report.limit_reached} is reached; lists that were not read for that: {unread}"
            log_event("limit-reached", message, site=site, limit=report.limit_reached, lists=unread)
        for broken in report.broken_routes if is_json() or not is_unreachable else ():
            message = f"  route {broken['route']} broke at {broken['url']}: {broken['problem']}"
            log_event("route-broken", message, "warning", site=site, **broken)
        for source, count in report.bad_urls.most_common(10):
            message = f"  {source} names {count} URLs that are not requested (bad-url)"
            log_event("bad-url", message, "warning", site=site, source=source, count=count)
    if report.outcome in FAILURES:
        return COULD_NOT
    return DONE if report.outcome == "finished" and not report.needs_a_look else NEEDS_A_LOOK
