"""emeroteca status: what the collection holds."""

import json
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.filesize import decimal
from rich.table import Table

from crawler.cli.context import Settings, collection_command
from crawler.cli.options import html_options, write_page
from crawler.operations.site_status import site_status
from storage.corpus.read.fingerprint import fingerprint


@collection_command("status")
@click.option("--json", "as_json", is_flag=True, help="As JSON, a line a site.")
@html_options("The same as a web page in one file.")
def command(settings: Settings, as_json: bool, html: Path | None, language: str) -> None:
    """Show what there is of each site: captures, articles, revisions, and what was refused for which reason.

    Where the extractor or a site file has changed, the captures are counted whose rows an older version made: these
    wait for emeroteca rebuild.

    The fingerprint digests every revision of the whole corpus: where it is the same, the corpus is the same."""
    with settings.database() as database:
        sites, digest = site_status(database, settings.collection.locks), fingerprint(database)
        if html is not None:
            write_page(html, "status --html", lambda pages: pages.status_file(sites, digest, language))
        if as_json:
            for site in sites:
                print(json.dumps({**site, "corpus_fingerprint": digest}, default=str, ensure_ascii=False))
        elif html is None:
            _show(Console(), sites)
            print(f"corpus fingerprint {digest}")
            print(f"WARC files in {settings.collection.warc}, rows in {database.where}")


def _show(console: Console, sites: list[dict[str, Any]]) -> None:
    table = Table("site", "captures", "WARC bytes", "articles", "revisions", "last crawl")
    for site in sites:
        crawl = site["last_crawl"]
        table.add_row(
            site["site"] or "(others)",
            str(sum(site["captures"].values())),
            decimal(site["bytes"]),
            str(site["articles"]),
            str(site["revisions"]),
            f"{crawl['started_at']:%Y-%m-%d %H:%M} UTC, {crawl['outcome'] or 'under way'}" if crawl else "",
        )
    console.print(table)
    for site in sites:
        name = site["site"] or "(others)"
        for title, counts in (("captures", site["captures"]), ("refused", site["refusals"])):
            if counts:
                console.print(f"{name}: {title}: " + ", ".join(f"{count} {what}" for what, count in counts.items()))
        if site["outdated"]:
            console.print(f"{name}: {site['outdated']} captures wait for emeroteca rebuild: the extractor has changed")
        if site["withheld"]:
            console.print(f"{name}: {site['withheld']} articles are withheld: emeroteca withhold list")
        if site["failures"]:
            failures = ", ".join(f"{count} {reason}" for reason, count in site["failures"].items())
            console.print(f"{name}: requests without an answer: {failures}")
