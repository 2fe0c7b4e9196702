"""emeroteca sites: what can be crawled."""

import json

import click
from rich.console import Console
from rich.table import Table

from crawler.cli.context import Settings, collection_command
from crawler.registry import all_sites


@collection_command("sites")
@click.option("--json", "as_json", is_flag=True, help="As JSON, a line a site.")
def command(settings: Settings, as_json: bool) -> None:
    """List the known sites: of the package spiders, of installed packages, and of the files in HOME/sites."""
    if as_json:
        for site in all_sites():
            zone = site.timezone.key if site.has_timezone else None
            facts = {"name": site.name, "title": site.title, "hosts": site.hosts, "timezone": zone}
            print(json.dumps({**facts, "language": site.language or None}))
        return
    table = Table("site", "title", "hosts", "time zone", "language")
    for site in all_sites():
        zone = site.timezone.key if site.has_timezone else ""
        table.add_row(site.name, site.title, ", ".join(site.hosts), zone, site.language)
    Console().print(table)
