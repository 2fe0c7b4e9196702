"""Keyword in context: every occurrence, by day or sorted by what stands to its left or right."""

from math import ceil
from typing import Any, Final, cast

from starlette.requests import Request
from starlette.responses import Response

from reading_room.library import Library
from reading_room.parameters import LAST_PAGE, SearchRequest, choice_value
from reading_room.rendering import carried, library_of, rendered
from storage.corpus.search.context import Order, SortedContexts, contexts, sorted_contexts
from storage.corpus.search.facets import facets

ORDERS: Final = ("day", "left", "right")
#: Articles on a page in the order of days, and occurrences on a page that is sorted.
_ARTICLES: Final = 25
_LINES: Final = 100


def context_page(request: Request) -> Response:
    """`/search/context?q=&sort=`."""
    order = cast(Order, choice_value(request.query_params, "sort", ORDERS))
    searched = SearchRequest.of(request.query_params, {**carried(request), "sort": order})
    library = library_of(request)
    query, chosen = searched.query, searched.chosen
    total, _ = library.of_corpus(("facets", query, chosen), lambda: facets(library.database, query, chosen))
    skipped = (searched.page - 1) * (_ARTICLES if order == "day" else _LINES)
    if order == "day":
        lines = library.of_corpus(
            ("contexts", query, chosen, skipped),
            lambda: contexts(library.database, query, chosen, articles=_ARTICLES, skipped=skipped),
        )
        pages, occurrences, articles = ceil(total / _ARTICLES), None, total
    else:
        found = sorted_of(library, searched, order)
        articles = found.articles
        lines = found.occurrences[skipped : skipped + _LINES]
        pages, occurrences = ceil(len(found.occurrences) / _LINES), len(found.occurrences)
    numbers: dict[str, Any] = {"total": total, "occurrences": occurrences, "articles": articles}
    shown: dict[str, Any] = {"lines": lines, "pages": min(pages, LAST_PAGE), "all_pages": pages, "order": order}
    return rendered(request, "context.html", searched=searched, **shown, **numbers)


def sorted_of(library: Library, searched: SearchRequest, order: Order) -> SortedContexts:
    """All occurrences of a search, sorted by their context."""
    query, chosen = searched.query, searched.chosen
    return library.of_corpus(
        ("sorted contexts", query, chosen, order),
        lambda: sorted_contexts(library.database, query, chosen, order=order),
        large=True,
    )
