"""Finds an article by any of its addresses; called by `emeroteca show` and the reading room."""

from typing import Any, Final

from crawler.extraction.html.images import absolute
from crawler.registry import canonical_url_of
from storage.corpus.db.database import Database
from storage.corpus.read.queries import moved_to, show

#: As many as a crawl follows.
MOST_REDIRECTS: Final = 10


def find_article(database: Database, url: str) -> dict[str, Any] | None:
    """An article as `storage.corpus.read.queries.show` gives it, by its URL in any spelling or by its article_id; an
    address that has moved leads on as its captured redirects did. None where there is none. Raises CorpusError."""
    for _ in range(MOST_REDIRECTS):
        name = canonical_url_of(url)
        if found := show(database, name) or show(database, url):
            return found
        target = absolute(moved_to(database, name), url)
        if target is None:
            return None
        url = target
    return None
