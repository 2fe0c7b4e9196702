"""emeroteca show: one article, its revisions and the captures they come from."""

import json
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

import click

from crawler.cli.context import CouldNot, Settings, pass_settings
from crawler.sites import site_on
from storage.corpus.queries import show


@click.command(name="show")
@click.argument("url")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@pass_settings
def command(settings: Settings, url: str, as_json: bool) -> int:
    """Show the article of URL (any spelling of it) or article_id, its revisions, and the WARC records behind them.

    \b
    emeroteca show https://alanews.it/cronaca/festa-in-piazza/
    """
    with settings.database() as database:
        found = show(database, _one_spelling(url)) or show(database, url)
    if found is None:
        raise CouldNot(f"there is no article {url}: emeroteca search finds articles by their text")
    if as_json:
        print(json.dumps(found, default=_plain, ensure_ascii=False, indent=2))
    else:
        _print(found)
    return 0


def _one_spelling(url: str) -> str:
    site = site_on(urlsplit(url).hostname or "")
    article = site.article_url(url) if site else None
    return article.canonical_url if article else url


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _print(found: dict[str, Any]) -> None:
    article = found["article"]
    print(article["headline"])
    for name in ("canonical_url", "site", "section", "published_at", "published_date", "modified_at", "article_id"):
        if article[name] is not None:
            print(f"  {name}: {_plain(article[name])}")
    for name in ("authors", "keywords", "warnings"):
        if article[name]:
            print(f"  {name}: {', '.join(article[name])}")
    if article["description"]:
        print(f"\n{article['description']}")
    print(f"\n{article['body']}\n")
    for revision in found["revisions"]:
        print(
            f"revision {revision['revision'] or '(flat text)'}: seen {_plain(revision['first_captured_at'])} to "
            f"{_plain(revision['last_captured_at'])}, {revision['word_count']} words, "
            f"{revision['content_hash'][:12]}, by {revision['extractor']}"
        )
    for capture in found["captures"]:
        print(
            f"capture {_plain(capture['captured_at'])} {capture['url']}\n"
            f"  {capture['warc_file']} offset {capture['warc_offset']} length {capture['length']} "
            f"{capture['warc_record_id']} {capture['payload_digest']}"
        )
