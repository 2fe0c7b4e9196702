"""What the collection holds of each site, and what has to be done: for `emeroteca status` and the reading room."""

from pathlib import Path
from typing import Any

from crawler.extraction.version import Reader, extractor_of
from crawler.registry import all_sites, site_on
from storage.corpus.db.database import Database
from storage.corpus.read.queries import status
from storage.locks import SiteLock


def site_status(database: Database, locks: Path) -> list[dict[str, Any]]:
    """The counts of `storage.corpus.read.queries.status` with `outdated`: captures whose rows another version than
    today's extractor made. The outcome of a last crawl without an end is `cut-off` where no process holds its lock.
    Raises CorpusError."""
    sites = [_with_outdated(site) for site in status(database)]
    for site in sites:
        crawl = site["last_crawl"]
        if crawl and crawl["finished_at"] is None and not SiteLock(database, locks, site["site"]).is_held():
            crawl["outcome"] = "cut-off"
    return sites


def _with_outdated(site: dict[str, Any]) -> dict[str, Any]:
    name, extractors = site["site"] or "", site.pop("extractors")
    known = next((one for one in all_sites() if one.name == name), None) or site_on(name)
    current = sum(extractors.get(extractor_of(known, reader), 0) for reader in Reader)
    return site | {"outdated": sum(extractors.values()) - current}
