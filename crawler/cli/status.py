"""emeroteca status: what the collection holds."""

import json
from typing import Any

import click
from rich.console import Console
from rich.filesize import decimal
from rich.table import Table

from crawler.cli.context import Settings, collection_command
from crawler.extraction.version import Reader, extractor_of
from crawler.registry import all_sites, site_on
from storage.corpus.read.fingerprint import fingerprint
from storage.corpus.read.queries import status
from storage.locks import SiteLock


@collection_command("status")
@click.option("--json", "as_json", is_flag=True, help="As JSON, a line a site.")
def command(settings: Settings, as_json: bool) -> None:
    """Show what there is of each site: captures, articles, revisions, and what was refused for which reason.

    Where the extractor or a site file has changed, the captures are counted whose rows an older version made: these
    wait for emeroteca rebuild.

    The fingerprint digests every revision of the whole corpus: where it is the same, the corpus is the same."""
    with settings.database() as database:
        sites = [_with_outdated(site) for site in status(database)]
        digest = fingerprint(database)
        for site in sites:
            crawl, lock = site["last_crawl"], SiteLock(database, settings.collection.locks, site["site"])
            if crawl and crawl["finished_at"] is None and not lock.is_held():
                crawl["outcome"] = "cut-off"
        if as_json:
            for site in sites:
                print(json.dumps({**site, "corpus_fingerprint": digest}, default=str, ensure_ascii=False))
            return
        _show(Console(), sites)
        print(f"corpus fingerprint {digest}")
        print(f"WARC files in {settings.collection.warc}, rows in {database.where}")


def _with_outdated(site: dict[str, Any]) -> dict[str, Any]:
    """The counts with `outdated`: captures whose rows another version than today's extractor made."""
    name, extractors = site["site"] or "", site.pop("extractors")
    known = next((one for one in all_sites() if one.name == name), None) or site_on(name)
    current = sum(extractors.get(extractor_of(known, reader), 0) for reader in Reader)
    return site | {"outdated": sum(extractors.values()) - current}


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
