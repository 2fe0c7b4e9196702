"""emeroteca import report: of each month, the articles that are known from anywhere against those recovered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.cli.context import Settings, pass_settings
from crawler.cli.exit_status import DONE, Command
from crawler.cli.options import SiteName, html_options, write_page

if TYPE_CHECKING:
    from crawler.archives.loss_report import LossReport


@click.command("report", cls=Command)
@click.argument("site", metavar="SITE", type=SiteName())
@html_options("A calendar as a web page in one file.")
@click.option("--lost", is_flag=True, help="List the URLs of the articles that no source has.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@pass_settings
def command(settings: Settings, site: str, html: Path | None, language: str, lost: bool, as_json: bool) -> int:
    """Say what is lost of SITE: of each month the articles that an archive's index, a list of the site or a link in an
    article names, those recovered, from which sources, and those that no source has.

    \b
    emeroteca import report sputniknews
    emeroteca import report sputniknews --html losses.html
    emeroteca import report sputniknews --lost > lost.txt
    """
    from crawler.archives.loss_report import loss_report
    from crawler.operations.coverage import SiteCoverage
    from crawler.registry import site_named

    with settings.database() as database:
        report = loss_report(database, site_named(site))
    if html is not None:
        days = {site: SiteCoverage(report.days)}
        write_page(html, "import report --html", lambda pages: pages.coverage_file(days, language))
    if lost:
        for month in report.months:
            print(*month.lost, sep="\n", end="\n" if month.lost else "")
    elif as_json:
        print(json.dumps(report.as_json(), ensure_ascii=False))
    else:
        _print(report)
    return DONE


def _print(report: LossReport) -> None:
    for month in report.months:
        sources = ", ".join(f"{count} {source}" for source, count in sorted(month.sources.items()))
        words = f"{month.known} known, {month.recovered} recovered" + (f" ({sources})" if sources else "")
        print(f"{month.month}  {words}, {len(month.lost)} lost")
    known, recovered = (sum(getattr(one, name) for one in report.months) for name in ("known", "recovered"))
    print(f"{report.site}: {known} articles known, {recovered} recovered, {known - recovered} that no source has")
