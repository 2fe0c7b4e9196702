"""emeroteca sites: what can be crawled."""

import json

import click
from rich.console import Console
from rich.table import Table

from crawler.cli.exit_status import Command
from crawler.registry import all_sites


@click.command(name="sites", cls=Command)
@click.option("--json", "as_json", is_flag=True, help="As JSON, a line a site.")
def command(as_json: bool) -> None:
    """List the sites that emeroteca knows: one for each file under spiders/."""
    if as_json:
        for site in all_sites():
            facts = {"name": site.name, "title": site.title, "hosts": site.hosts, "timezone": site.timezone.key}
            print(json.dumps({**facts, "language": site.language}))
        return
    table = Table("site", "title", "hosts", "time zone", "language")
    for site in all_sites():
        table.add_row(site.name, site.title, ", ".join(site.hosts), site.timezone.key, site.language)
    Console().print(table)
