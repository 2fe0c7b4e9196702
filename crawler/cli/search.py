"""emeroteca search: articles by their text."""

import json
from datetime import datetime

import click

from crawler.cli.context import Settings, pass_settings
from crawler.cli.exit_status import Command
from crawler.cli.export import DAY
from storage.corpus.search.search import search


@click.command(name="search", cls=Command)
@click.argument("query")
@click.option("--site", metavar="S", help="Only this site.")
@click.option("--since", type=DAY, metavar="D", help="First day of publication.")
@click.option("--until", type=DAY, metavar="D", help="Last day of publication.")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, metavar="N", help="At most N.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, a line an article.")
@pass_settings
def command(
    settings: Settings,
    query: str,
    site: str | None,
    since: datetime | None,
    until: datetime | None,
    limit: int,
    as_json: bool,
) -> int:
    """Find the articles that have the words of QUERY in their headline, lede or body, the best first.

    A word stands for all its forms, with or without accents. "Words in quotes" are a phrase, -word is not wanted (put
    -- before a QUERY that begins with it).

    \b
    emeroteca search biblioteca --site alanews --since 2026-01-01
    emeroteca search '"consiglio comunale" ponte -traffico'
    """
    with settings.database() as database:
        found = search(
            database,
            query,
            site=site,
            since=since.date() if since else None,
            until=until.date() if until else None,
            limit=limit,
        )
    for article in found:
        if as_json:
            print(json.dumps(article, default=str, ensure_ascii=False))
        else:
            print(
                f"{article['published_date'] or '?'}  {article['headline']}\n  {article['url']}\n  {article['snippet']}"
            )
    return 0
