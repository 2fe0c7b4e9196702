"""An article: its text in blocks, its facts with their sources, its revisions."""

import re
from itertools import pairwise
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crawler.operations.article_lookup import find_article
from crawler.registry import canonical_url_of
from reading_room.citations import FORMS
from reading_room.parameters import bad_request, text_value
from reading_room.rendering import carried, library_of, rendered
from storage.corpus.db.database import Database
from storage.corpus.read.queries import show, withheld_article
from storage.corpus.search.near_copies import near_copies

_ARTICLE_ID: Final = re.compile(r"[0-9a-f]{32}")


def article_page(request: Request) -> Response:
    """`/articles/<article_id>`."""
    found = article_named(request)
    library = library_of(request)
    article = found["article"]
    copies = library.of_corpus(
        ("near copies", article["article_id"]),
        lambda: near_copies(library.database, article["article_id"], article["body"]),
    )
    values: dict[str, Any] = {"copies": copies, "silent": silent_edits(found["revisions"]), "forms": tuple(FORMS)}
    return rendered(request, "article.html", **found, sources=_sources(article), **values)


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


def article_named(request: Request) -> dict[str, Any]:
    """The article of the path, as `emeroteca show --json` has it. Raises HTTPException (404)."""
    name = request.path_params["article_id"]
    if not _ARTICLE_ID.fullmatch(name):
        raise _no_article(library_of(request).database, "")
    library = library_of(request)
    found = library.of_corpus(("article", name), lambda: show(library.database, name))
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
