"""emeroteca withhold: articles that are not shown, exported, searched or packed, until that is lifted."""

import json
import sys
from datetime import date

import click

from crawler.cli.context import Settings, pass_settings
from crawler.cli.exit_status import Group
from crawler.cli.options import DayType
from crawler.event_log import print_line
from crawler.registry import canonical_url_of
from storage.corpus.write import withholding
from storage.corpus.write.targets import Target, TargetKind
from storage.exceptions import CommandError


@click.group(name="withhold", cls=Group)
def command() -> None:
    """Withhold articles: they are not shown, exported, searched, packed or replayed, and the change feed says that they
    are gone.

    Nothing is lost: files and rows stay as they are, and `lift` shows the articles again. What is captured later of the
    same URLs or authors is withheld too. emeroteca help takedown: what else there is.
    """


@command.command(name="add")
@click.option("--url", metavar="U", help="The article at this URL, in any spelling.")
@click.option("--article", metavar="ID", help="The article with this article_id.")
@click.option("--pattern", metavar="P", help="All articles at URLs of this form: * stands for any characters.")
@click.option("--author", metavar="NAME", help="All articles with this author, as printed, in any case.")
@click.option("--reason", required=True, metavar="TEXT", help="Why; stored with the withholding.")
@click.option("--right", metavar="TEXT", help="The right that demands it: a law, a contract, a court's file number.")
@click.option("--until", type=DayType(), metavar="D", help="Last day of an embargo, UTC; it ends by itself.")
@pass_settings
def add(
    settings: Settings,
    url: str | None,
    article: str | None,
    pattern: str | None,
    author: str | None,
    reason: str,
    right: str | None,
    until: date | None,
) -> None:
    """Withhold what one of --url, --article, --pattern and --author names.

    \b
    emeroteca withhold add --url https://alanews.it/cronaca/festa-in-piazza/ --reason "request of 3 May"
    emeroteca withhold add --pattern "https://alanews.it/interni/*" --reason embargo --until 2027-12-31
    """
    target = target_of(url, article, pattern, author)
    with settings.database() as database:
        number, count = withholding.withhold(database, target, reason=reason, by_right=right, until=until)
    print(f"withholding {number}: {count} articles are not shown any more", file=sys.stderr)


def target_of(url: str | None, article: str | None, pattern: str | None, author: str | None) -> Target:
    """The target that one of four options names. Raises click.UsageError unless it is exactly one."""
    values = dict(zip(TargetKind, (url and canonical_url_of(url), article, pattern, author), strict=True))
    named = [Target(kind, value) for kind, value in values.items() if value]
    if len(named) != 1:
        raise click.UsageError("say one of --url, --article, --pattern and --author")
    return named[0]


@command.command(name="list")
@click.option("--all", "lifted", is_flag=True, help="Also those that are lifted or over.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, a line each.")
@pass_settings
def show(settings: Settings, lifted: bool, as_json: bool) -> None:
    """Show what is withheld, why, by what right, and how many articles that are."""
    with settings.database() as database:
        rows = withholding.withholdings(database, lifted=lifted)
    if not rows:
        print("nothing is withheld", file=sys.stderr)
    for row in rows:
        if as_json:
            print(json.dumps(row, default=lambda moment: moment.isoformat(), ensure_ascii=False))
            continue
        right = f", by {row['by_right']}" if row["by_right"] else ""
        until = f", until {row['until']}" if row["until"] else ""
        ended = f", lifted {row['lifted_at']:%Y-%m-%d}" if row["lifted_at"] else f": {row['articles']} articles"
        print_line(
            f"{row['id']}: {row['kind']} {row['value']}, since {row['placed_at']:%Y-%m-%d}{until}, "
            f"for: {row['reason']}{right}{ended}"
        )


@command.command(name="lift")
@click.argument("number", type=click.IntRange(min=1))
@pass_settings
def lift(settings: Settings, number: int) -> None:
    """Show again what withholding NUMBER withholds, unless another one does too.

    \b
    emeroteca withhold lift 3
    """
    with settings.database() as database:
        count = withholding.lift(database, number)
    if count is None:
        raise CommandError(f"no withholding {number} is in force: see emeroteca withhold list")
    print(f"withholding {number} is lifted: {count} articles are shown again", file=sys.stderr)
