"""emeroteca replay: the collection as it looked, with pywb."""

import shlex
import sys
from contextlib import nullcontext
from pathlib import Path

import click

from crawler.cli.context import Settings, collection_command
from crawler.operations.pywb import find_wayback, install, install_command, replaying, tools
from storage.corpus.read.captures import withheld_captures
from storage.exceptions import CommandError


@collection_command("replay")
@click.option("--port", type=click.IntRange(1, 65535), default=8080, show_default=True, help="On 127.0.0.1.")
@click.option("--install", "may_install", is_flag=True, help="Install pywb without asking where it is not there.")
def command(settings: Settings, port: int, may_install: bool) -> None:
    """Serve the captures of the collection as they looked, with pywb, until Ctrl-C.

    Pages that were crawled with --requisites appear with style sheets, fonts and pictures, others as their HTML
    alone. What is withheld is not served (emeroteca withhold).

    pywb (GPL) is the program `wayback` on the PATH, or in an environment of its own below ~/.cache/emeroteca
    ($EMEROTECA_TOOLS), where it is installed from the package index if you agree.

    \b
    emeroteca replay
    emeroteca replay --install --port 9000
    """
    collection = settings.warc_collection(": crawl a site first")
    registry = collection.registry()
    if registry.unregistered_files():
        registry.rebuild_index()
    with settings.database() if settings.has_database() else nullcontext() as database:
        withheld = [capture.url for capture in withheld_captures(database)] if database else []
    try:
        with replaying(collection, _wayback(may_install), port, withheld=withheld) as (url, server):
            print(f"The collection is on {url}; Ctrl-C ends it.", file=sys.stderr, flush=True)
            status = server.wait()
    except KeyboardInterrupt:
        return
    raise CommandError(f"pywb ended by itself, with status {status}")


def _wayback(may_install: bool) -> Path:
    found = find_wayback()
    if found is not None:
        return found
    print(f"pywb is not here. It can be installed in {tools() / 'pywb'} by", file=sys.stderr)
    print(f"  {shlex.join(install_command())}", file=sys.stderr)
    if not may_install and not (sys.stdin.isatty() and click.confirm("Install it now?", err=True)):
        raise CommandError("replay needs pywb: say --install, or put its program `wayback` on the PATH")
    return install()
