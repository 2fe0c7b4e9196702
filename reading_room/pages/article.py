"""An article: its text in blocks, its facts with their sources, its revisions, captures and near-copies."""

import re
from collections.abc import Callable
from datetime import date
from functools import partial
from itertools import groupby, pairwise
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crawler.extraction.version import Reader
from crawler.operations.article_lookup import find_article
from crawler.registry import canonical_url_of
from reading_room.citations import FORMS
from reading_room.library import Library
from reading_room.parameters import bad_request, text_value
from reading_room.rendering import carried, in_one_snapshot, library_of, rendered
from reading_room.warnings import explained
from storage.corpus.db.database import Database
from storage.corpus.read.queries import with_revisions, withheld_article
from storage.corpus.read.url_captures import url_captures
from storage.corpus.search.near_copies import NearCopy, near_copies

_ARTICLE_ID: Final = re.compile(r"[0-9a-f]{32}")


@in_one_snapshot
def article_page(request: Request) -> Response:
    """`/articles/<article_id>`."""
    found = article_named(request)
    library = library_of(request)
    article = found["article"]
    captures = captures_of(library, article["article_id"])
    values: dict[str, Any] = {
        "article": article,
        "revisions": found["revisions"],
        "copies": copies_of(library, article),
        "silent": silent_edits(found["revisions"]),
        "forms": tuple(FORMS),
        "sources": _sources(article),
        "warnings": [explained(warning) for warning in article["warnings"]],
        "shown": next((one for one in captures if _is_shown(one, article)), None),
        "reader": Reader.of(article["extractor"]).value,
        "calendar": by_month(captures),
        "captures": len(captures),
        "replay": partial(replay_address, library.replay),
    }
    return rendered(request, "article.html", **values)


def copies_of(library: Library, article: dict[str, Any]) -> list[NearCopy]:
    """The near-copies of an article."""
    name = article["article_id"]
    return library.of_corpus(("near copies", name), lambda: near_copies(library.database, name, article["body"]))


def captures_of(library: Library, article_id: str) -> list[dict[str, Any]]:
    """The captures of an article's URLs. One that shows no article changes no article: so not `of_corpus`."""
    return library.of_the_moment(("captures", article_id), lambda: url_captures(library.database, article_id))


def by_month(captures: list[dict[str, Any]]) -> list[tuple[int, list[tuple[date, list[dict[str, Any]]]]]]:
    """The captures by year and month (its first day), as a calendar has them, in the order of their times."""
    months = groupby(captures, key=lambda one: one["captured_at"].date().replace(day=1))
    grouped = [(month, list(found)) for month, found in months]
    return [(year, list(found)) for year, found in groupby(grouped, key=lambda one: one[0].year)]


def replay_address(prefix: str | None, capture: dict[str, Any]) -> str | None:
    """Where pywb replays a capture; None without a prefix."""
    if prefix is None:
        return None
    return f"{prefix}{capture['captured_at']:%Y%m%d%H%M%S}/{capture['url']}"


def _is_shown(capture: dict[str, Any], article: dict[str, Any]) -> bool:
    names = ("warc_file", "warc_offset", "warc_record_id")
    return all(capture[name] == article[name] for name in names)


def silent_edits(revisions: list[dict[str, Any]]) -> set[int]:
    """The numbers of revisions whose text differs from the one before while the declared time of modification does not;
    where a page declares none, nothing is said."""
    numbered = [one for one in revisions if one["revision"]]
    return {
        after["revision"]
        for before, after in pairwise(numbered)
        if after["modified_at"] is not None and after["modified_at"] == before["modified_at"]
    }


def article_by_url(request: Request) -> Response:
    """`/articles?url=`: leads to the article of an address."""
    url = text_value(request.query_params, "url", 2000)
    if url is None:
        raise bad_request("the parameter url is missing: the address of an article")
    database = library_of(request).database
    found = find_article(database, url)
    if found is None:
        raise _no_article(database, url)
    language = "".join(f"?lang={value}" for value in carried(request).values())
    return RedirectResponse(f"/articles/{found['article']['article_id']}{language}", 303)


def article_named(
    request: Request, read: Callable[[Database, str], dict[str, Any] | None] = with_revisions
) -> dict[str, Any]:
    """The article of the path with its revisions, or with what `read` gives. Raises HTTPException (404)."""
    name = request.path_params["article_id"]
    if not _ARTICLE_ID.fullmatch(name):
        raise _no_article(library_of(request).database, "")
    library = library_of(request)
    found = library.of_corpus((read, name), lambda: read(library.database, name))
    if found is None:
        raise _no_article(library.database, name)
    return found


def _no_article(database: Database, name: str) -> HTTPException:
    """Status 451 (RFC 7725) for an article that is withheld, 404 for one that is not there."""
    if withheld_article(database, name) or withheld_article(database, canonical_url_of(name)):
        return HTTPException(451, "this article is withheld")
    return HTTPException(404, "there is no such article in this collection")


def _sources(article: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The claims of each date, by field."""
    claims: dict[str, list[dict[str, Any]]] = {}
    for claim in article["dates"]:
        claims.setdefault(claim["field"], []).append(claim)
    return claims
