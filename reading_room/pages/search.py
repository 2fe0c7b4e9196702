"""The search page: a form, the articles found with highlighted text, and counts to narrow them down by."""

from math import ceil
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from reading_room.parameters import LAST_PAGE, SearchRequest
from reading_room.rendering import carried, in_one_snapshot, library_of, rendered
from storage.corpus.search.facets import facets
from storage.corpus.search.search import find

#: Articles on a page.
_ON_PAGE: Final = 20


@in_one_snapshot
def search_page(request: Request) -> Response:
    """The articles of `?q=` and of the filters, a page of them. `/search/counts` has the counts: to count takes longer
    than to find a page."""
    searched = SearchRequest.of(request.query_params, carried(request))
    library = library_of(request)
    chosen, query = searched.chosen, searched.query
    offset = (searched.page - 1) * _ON_PAGE
    found = library.of_corpus(
        ("search", query, chosen, offset),
        lambda: find(library.database, query, chosen, limit=_ON_PAGE, offset=offset),
    )
    all_pages = None if found.is_least else ceil(found.total / _ON_PAGE)
    pages = LAST_PAGE if all_pages is None else min(LAST_PAGE, all_pages)
    values: dict[str, Any] = {"found": found, "first": offset + 1}
    return rendered(request, "search.html", searched=searched, pages=pages, all_pages=all_pages, **values)


@in_one_snapshot
def counts_page(request: Request) -> Response:
    """`/search/counts`: the number of articles that a search finds, and of each facet's values."""
    searched = SearchRequest.of(request.query_params, carried(request))
    library, chosen, query = library_of(request), searched.chosen, searched.query
    total, counts = library.of_corpus(("facets", query, chosen), lambda: facets(library.database, query, chosen))
    return rendered(request, "counts.html", searched=searched, total=total, counts=counts)
