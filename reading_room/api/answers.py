"""The addresses below /api/: the same functions as the pages, as JSON."""

from dataclasses import asdict
from tempfile import TemporaryFile
from typing import Any, Final, cast

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from reading_room.api.openapi import DOCUMENT
from reading_room.pages.article import article_named, captures_of, copies_of
from reading_room.pages.context import ORDERS, sorted_of
from reading_room.pages.crawls import crawl_number, crawl_numbered, with_state
from reading_room.pages.export import one_of_few, sent
from reading_room.parameters import SearchRequest, bad_request, choice_value, number_value, text_value
from reading_room.rendering import library_of
from storage.corpus.db.plain_json import plain
from storage.corpus.export.export import ExportFilter, export
from storage.corpus.read.crawls import crawls
from storage.corpus.read.overview import overview
from storage.corpus.read.queries import show
from storage.corpus.search.context import Order, contexts
from storage.corpus.search.facets import facets
from storage.corpus.search.search import search
from storage.corpus.search.series import Period, counts
from storage.corpus.write.change_feed import Cursor
from storage.exceptions import InvalidCursor

_PERIODS: Final = ("month", "day", "year")
_MOST: Final = 100
_LAST: Final = 10_000


def openapi(request: Request) -> Response:
    """The OpenAPI document."""
    return JSONResponse(DOCUMENT)


def articles_found(request: Request) -> Response:
    """The articles that a search finds, the number of all, and counts by facet."""
    searched, limit, offset = _paged(request)
    database = library_of(request).database
    total, counted = facets(database, searched.query, searched.chosen)
    found = search(database, searched.query, searched.chosen, limit=limit, offset=offset)
    by_facet = {name: [{"value": value, "articles": n} for value, n in values] for name, values in counted.items()}
    return _json({"total": total, "facets": by_facet, "articles": found})


def occurrences_found(request: Request) -> Response:
    """Every occurrence in the articles of one page; sorted by its context, a page of all occurrences."""
    searched, limit, offset = _paged(request)
    order = cast(Order, choice_value(request.query_params, "sort", ORDERS))
    if order != "day":
        whole = sorted_of(library_of(request), searched, order)
        lines = [asdict(one) for one in whole.occurrences[offset : offset + limit]]
        return _json({"occurrences": lines, "total": len(whole.occurrences), "articles": whole.articles})
    found = contexts(library_of(request).database, searched.query, searched.chosen, articles=limit, skipped=offset)
    return _json({"occurrences": [asdict(one) for one in found]})


def counts_found(request: Request) -> Response:
    """Articles by period, and all articles of it."""
    searched = SearchRequest.of(request.query_params)
    period = cast(Period, choice_value(request.query_params, "period", _PERIODS))
    found = counts(library_of(request).database, searched.query, searched.chosen, period)
    return _json({"counts": [{"period": one.period, "articles": one.found, "of": one.of} for one in found]})


def article(request: Request) -> Response:
    """An article with its revisions and captures, as `emeroteca show --json`."""
    return _json(article_named(request, show))


def copies(request: Request) -> Response:
    """The articles with nearly the same text, the earliest first."""
    found = copies_of(library_of(request), article_named(request)["article"])
    return _json({"copies": [asdict(one) for one in found]})


def captures(request: Request) -> Response:
    """The captures of an article's URLs, whatever became of each."""
    found = article_named(request)["article"]
    return _json({"captures": captures_of(library_of(request), found["article_id"])})


def sites(request: Request) -> Response:
    """The sites with their numbers of articles and days."""
    return _json({"sites": [one._asdict() for one in overview(library_of(request).database)]})


def crawls_held(request: Request) -> Response:
    """The last crawls."""
    library = library_of(request)
    return _json({"crawls": [with_state(library, one) for one in crawls(library.database, limit=_MOST)]})


def one_crawl(request: Request) -> Response:
    """A crawl with captures by outcome, refusals and failures."""
    return _json(crawl_numbered(library_of(request), crawl_number(request)))


def changes(request: Request) -> Response:
    """The change feed after a cursor as JSON lines; the next cursor is in the header Emeroteca-Cursor."""
    try:
        after = Cursor.of(text_value(request.query_params, "after") or "0")
        with one_of_few():
            file = TemporaryFile()  # noqa: SIM115 - the answer's pieces close it
            with library_of(request).exports() as database:
                written = export(database, file, "jsonl", ExportFilter(after=after))
    except InvalidCursor as error:
        raise bad_request(str(error)) from error
    return sent(file, "application/jsonl", {"Emeroteca-Cursor": str(written.cursor)})


def _paged(request: Request) -> tuple[SearchRequest, int, int]:
    params = request.query_params
    limit = number_value(params, "limit", 20, 1, _MOST)
    return SearchRequest.of(params), limit, number_value(params, "offset", 0, 0, _LAST)


def _json(value: Any) -> Response:
    return JSONResponse(plain(value))
