"""emeroteca coverage: what each route knew of each day, and what became of it."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from crawler.cli.context import NO_SITES, Settings, collection_command, known_sites
from crawler.cli.options import SiteName, html_options, since_option, until_option, write_page

if TYPE_CHECKING:
    from crawler.operations.coverage import DayCoverage


@collection_command("coverage")
@click.argument("site", required=False, type=SiteName())
@since_option
@until_option
@click.option("--json", "as_json", is_flag=True, help="As JSON, a line a day, the missing URLs by name.")
@html_options("Calendars, of all and by route, as a web page in one file.")
def command(
    settings: Settings,
    site: str | None,
    since: date | None,
    until: date | None,
    as_json: bool,
    html: Path | None,
    language: str,
) -> int:
    """Show per day what each route knew of SITE (or of all sites), and what of it was captured, extracted, refused and
    why, or is missing. Exit status 1 where something is missing.

    \b
    emeroteca coverage alanews --since 2026-01-01
    emeroteca coverage --html coverage.html
    """
    from crawler.operations.coverage import site_coverage
    from crawler.registry import site_named

    with settings.database() as database:
        names = [site] if site else known_sites(database)
        whole = {name: site_coverage(database, site_named(name), since=since, until=until) for name in names}
    if html is not None:
        write_page(html, "coverage --html", lambda pages: pages.coverage_file(whole, language))
    found = {name: one.days for name, one in whole.items()}
    if as_json:
        for name, days in found.items():
            for day in days:
                print(json.dumps({"site": name, **day.as_json()}, ensure_ascii=False))
    elif html is None:
        _show(Console(), found)
    if not found:
        print(NO_SITES, file=sys.stderr)
    missing = {name: [day for day in days if day.missing] for name, days in found.items()}
    for name, days in missing.items():
        if days:
            named = [day.day for day in days if day.day is not None]
            window = f" --since {min(named)} --until {max(named)}" if named else ""
            count = sum(day.missing for day in days)
            print(f"{name}: {count} URLs are missing: emeroteca crawl {name}{window}", file=sys.stderr)
    return 1 if any(missing.values()) else 0


def _show(console: Console, found: Mapping[str, Sequence[DayCoverage]]) -> None:
    from crawler.operations.coverage import total

    for name, days in found.items():
        if not days:
            console.print(f"{name}: no route has named an article of these days")
            continue
        table = Table(box=None, title=f"{name}: what routes knew, and what became of it", title_justify="left")
        for heading in ("day", "known", "captured", "extracted", "missing"):
            table.add_column(heading, no_wrap=True, justify="left" if heading == "day" else "right")
        table.add_column("refused and not requested")
        table.add_column("routes")
        for day in days:
            table.add_row(str(day.day or "unknown"), *_columns(day))
        table.add_row("all days", *_columns(total(days)))
        console.print(table)


def _columns(day: DayCoverage) -> tuple[str, ...]:
    counts = (day.known, day.captured, day.extracted, day.missing)
    return (*map(str, counts), _listed(day.refused + day.not_asked), _listed(day.routes))


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
