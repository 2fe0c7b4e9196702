"""emeroteca search: articles by their text."""

import json
import re
import sys
from datetime import date

import click

from crawler.cli.context import Settings, check_site, collection_command
from crawler.cli.options import since_option, site_option, until_option
from storage.corpus.search.filters import SearchFilter
from storage.corpus.search.search import search
from storage.display import displayed


@collection_command("search")
@click.argument("query")
@site_option
@since_option
@until_option
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, metavar="N", help="At most N.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, a line an article.")
def command(
    settings: Settings, query: str, site: str | None, since: date | None, until: date | None, limit: int, as_json: bool
) -> None:
    """Find the articles that have the words of QUERY in their headline, lede or body, the best first.

    A word stands for all its forms, with or without accents. "Words in quotes" are a phrase, -word is not wanted (put
    -- before a QUERY that begins with it).

    \b
    emeroteca search biblioteca --site alanews --since 2026-01-01
    emeroteca search '"consiglio comunale" ponte -traffico'
    """
    with settings.database() as database:
        check_site(database, site)
        found = search(database, query, SearchFilter(site=site, since=since, until=until), limit=limit)
    if not found:
        print(f"no article found for {query!r}", file=sys.stderr)
    for article in found:
        if as_json:
            print(json.dumps(article, default=str, ensure_ascii=False))
        else:
            headline, url, snippet = (displayed(article[name]) for name in ("headline", "url", "snippet"))
            found_words = re.sub(r"\*\*(.+?)\*\*", lambda found: click.style(found[1], bold=True), snippet)
            click.echo(f"{article['published_date'] or '?'}  {headline}\n  {url}\n  {found_words}")
