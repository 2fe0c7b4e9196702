"""The search page: a form, the articles found with highlighted text, and counts to narrow them down by."""

from math import ceil
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from reading_room.parameters import LAST_PAGE, SearchRequest
from reading_room.rendering import carried, library_of, rendered
from storage.corpus.search.facets import facets
from storage.corpus.search.search import search

#: Articles on a page.
_ON_PAGE: Final = 20


def search_page(request: Request) -> Response:
    """The articles of `?q=` and of the filters, a page of them."""
    searched = SearchRequest.of(request.query_params, carried(request))
    library = library_of(request)
    chosen, query = searched.chosen, searched.query
    total, counts = library.of_corpus(("facets", query, chosen), lambda: facets(library.database, query, chosen))
    offset = (searched.page - 1) * _ON_PAGE
    found = library.of_corpus(
        ("search", query, chosen, offset),
        lambda: search(library.database, query, chosen, limit=_ON_PAGE, offset=offset),
    )
    all_pages = ceil(total / _ON_PAGE)
    return rendered(
        request,
        "search.html",
        searched=searched,
        total=total,
        counts=counts,
        found=found,
        pages=min(LAST_PAGE, all_pages),
        all_pages=all_pages,
        first=offset + 1,
    )
