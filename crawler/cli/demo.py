"""emeroteca demo: crawls, rows and a report, end to end, without internet."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import click
from click.core import ParameterSource
from rich.filesize import decimal

from crawler.cli.context import Settings
from crawler.cli.exit_status import Command
from crawler.registry import all_sites
from newsstand.stand import Newsstand
from storage.corpus.read.queries import status
from storage.exceptions import CommandError

CONTACT = "demo@emeroteca.example"
#: The file by which a demo knows the folder of an earlier one.
MARK = "demo.txt"


@click.command(name="demo", cls=Command)
@click.option("--home", type=click.Path(path_type=Path), help="Where to put it.  [default: demo]")
@click.option("--articles", type=click.IntRange(10, 100_000), default=60, show_default=True, help="Articles a site.")
@click.option("--seed", type=int, default=7, show_default=True, help="Another seed, other articles.")
@click.pass_context
def command(context: click.Context, home: Path | None, articles: int, seed: int) -> None:
    """Crawl both sites from a newsstand on loopback, twice, and show what came of it.

    The newsstand answers for it.sputniknews.com and alanews.it with invented articles. Between the two crawls its
    newsroom goes on: articles are edited, appear and vanish. The collection of an earlier demo in the same place is
    removed first; any other folder is left alone.
    """
    home = home or _home_option(context) or Path("demo")
    _clear(home)
    with Newsstand(articles=articles, seed=seed) as stand:
        print(f"A newsstand with {articles} articles a site is open on {stand.url}.")
        _crawl_all(home, stand)
        stand.clock(1)
        print("\nThe newsroom has gone on: some articles were edited, some are new, some have vanished.")
        _crawl_all(home, stand)
    _report(home)


def _home_option(context: click.Context) -> Path | None:
    """The --home before the command; $EMEROTECA_HOME is ignored, since it names a collection to keep."""
    assert context.parent is not None
    is_given = context.parent.get_parameter_source("home") is ParameterSource.COMMANDLINE
    return context.ensure_object(Settings).home if is_given else None


def _clear(home: Path) -> None:
    """An empty folder with the mark of a demo, in the place of an earlier one."""
    if home.exists() and not (home.is_dir() and ((home / MARK).exists() or not any(home.iterdir()))):
        raise CommandError(f"{home} is there and no demo made it: choose another --home")
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    (home / MARK).write_text("Made by `emeroteca demo`, and removed by the next one.\n", encoding="utf-8")


def _crawl_all(home: Path, stand: Newsstand) -> None:
    environment = {**os.environ, **stand.environment, "EMEROTECA_CONTACT": CONTACT}
    environment.pop("EMEROTECA_DATABASE_URL", None)
    for site in all_sites():
        words = ["--home", str(home), "crawl", site.name, "--delay", "0"]
        print(f"$ emeroteca {' '.join(words)}", flush=True)
        ended = subprocess.run([sys.executable, "-m", "crawler.cli", *words], env=environment, check=False)
        if ended.returncode not in {0, 1}:
            raise CommandError(f"the crawl of {site.name} ended with status {ended.returncode}: see the messages above")


def _report(home: Path) -> None:
    settings = Settings(home=home, database_url=None)
    with settings.database() as database:
        sites = status(database)
    files = sorted(settings.collection.warc.glob("*.warc.gz"))
    captures = sum(sum(site["captures"].values()) for site in sites)
    print(f"\nWhat is in {home}/:")
    print(f"  {captures} captures in {len(files)} WARC files, {decimal(sum(file.stat().st_size for file in files))}")
    for site in sites:
        refused = ", ".join(f"{count} {reason}" for reason, count in site["refusals"].items())
        print(
            f"  {site['site']}: {site['articles']} articles in {site['revisions']} revisions"
            + (f"; refused: {refused}" if refused else "")
        )
    print(f"  WARC files: {settings.collection.warc}/")
    print(f"  rows:       {home / 'corpus.db'}")
    print("\nGo on with:")
    print(f"  emeroteca --home {home} status")
    print(f"  emeroteca --home {home} search biblioteca")
    print(f"  emeroteca --home {home} export --format jsonl --output {home}.jsonl")
