"""emeroteca import status: what became of each line of the indexes of web archives, by month."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from crawler.cli.context import Settings, check_site, pass_settings
from crawler.cli.exit_status import DONE, NEEDS_A_LOOK, Command
from crawler.event_log import print_line

if TYPE_CHECKING:
    from storage.corpus.read.archive_ledger import MonthCount


@click.command("status", cls=Command)
@click.argument("site", metavar="SITE")
@click.option("--contradictions", is_flag=True, help="List captures of which two archives have different payloads.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@pass_settings
def command(settings: Settings, site: str, contradictions: bool, as_json: bool) -> int:
    """Say what became of each line of the archives' indexes of SITE, by archive and month of capture.

    A line has one outcome, so the counts add up to the lines of the index: captured and `verified`,
    `digest-mismatch`, `refused: REASON` (captured, and no article), `same-payload`, `another-moment`, `excluded`,
    `missing`, `left-archive`, `no-page`, `no-article`, `throttled`, `failed`, or `pending`.

    \b
    emeroteca import status sputniknews
    emeroteca import status sputniknews --json
    emeroteca import status sputniknews --contradictions
    """
    from storage.corpus.read.archive_ledger import contradictions as find_contradictions
    from storage.corpus.read.archive_ledger import outcomes_by_month, paused_until, queries_of, totals

    with settings.database() as database:
        check_site(database, site)
        if contradictions:
            found = list(find_contradictions(database, site))
            for url, moment, digests in found:
                print_line(f"{moment:%Y-%m-%d %H:%M:%S}  {url}  {'  '.join(digests)}")
            return NEEDS_A_LOOK if found else DONE
        counts, queries = outcomes_by_month(database, site), queries_of(database, site)
        pauses = {archive: paused_until(database, archive) for archive in {one.archive for one in queries}}
    open_parts = [one for one in queries if one.outcome in (None, "failed", "throttled")]
    excluded = [one for one in queries if one.outcome == "excluded"]
    if as_json:
        print(
            json.dumps(
                {
                    "site": site,
                    "months": [
                        {"archive": one.archive, "month": one.month, "outcome": one.outcome, "lines": one.lines}
                        for one in counts
                    ],
                    "totals": dict(totals(counts)),
                    "lines": totals(counts).total(),
                    "open_parts": [f"{one.archive}: {one.scope}" for one in open_parts],
                    "excluded_parts": [f"{one.archive}: {one.scope}" for one in excluded],
                    "paused_until": {name: until.isoformat() for name, until in pauses.items() if until},
                },
                ensure_ascii=False,
            )
        )
    elif not queries:
        print(f"nothing of {site} has been imported: emeroteca import wayback {site}")
    else:
        _print(counts)
        print(
            f"{totals(counts).total()} lines; {len(queries) - len(open_parts)} of {len(queries)} parts of indexes read"
        )
        for one in (*excluded, *open_parts):
            detail = f", {one.detail}" if one.detail else ""
            print_line(f"  {one.archive}, {one.scope}: {one.outcome or 'not read'}{detail}")
    return NEEDS_A_LOOK if open_parts or excluded or totals(counts)["pending"] else DONE


def _print(counts: Sequence[MonthCount]) -> None:
    months: dict[tuple[str, str], list[str]] = {}
    for one in counts:
        months.setdefault((one.archive, one.month), []).append(f"{one.lines} {one.outcome}")
    for (archive, month), outcomes in months.items():
        print(f"{month}  {archive}  {', '.join(outcomes)}")
