"""Keyword in context: every occurrence, by day or sorted by what stands to its left or right."""

from math import ceil
from typing import Any, Final, cast

from starlette.requests import Request
from starlette.responses import Response

from reading_room.library import Library
from reading_room.parameters import LAST_PAGE, SearchRequest, choice_value
from reading_room.rendering import carried, in_one_snapshot, library_of, rendered
from storage.corpus.search.context import Order, SortedContexts, counted_contexts, sorted_contexts

ORDERS: Final = ("day", "left", "right")
#: Articles on a page in the order of days, and occurrences on a page that is sorted.
_ARTICLES: Final = 25
_LINES: Final = 100
#: Articles that are counted; of more there are "at least" so many.
_COUNTED: Final = 100


@in_one_snapshot
def context_page(request: Request) -> Response:
    """`/search/context?q=&sort=`."""
    order = cast(Order, choice_value(request.query_params, "sort", ORDERS))
    searched = SearchRequest.of(request.query_params, {**carried(request), "sort": order})
    library = library_of(request)
    query, chosen = searched.query, searched.chosen
    numbers: dict[str, Any] = {"occurrences": None, "is_cut": False}
    if order == "day":
        skipped = (searched.page - 1) * _ARTICLES
        asked = {"articles": _ARTICLES, "skipped": skipped, "most": _COUNTED}
        lines, total = library.of_corpus(
            ("contexts", query, chosen, skipped),
            lambda: counted_contexts(library.database, query, chosen, **asked),
        )
        pages = None if total == _COUNTED else ceil(total / _ARTICLES)
    else:
        skipped = (searched.page - 1) * _LINES
        found = sorted_of(library, searched, order)
        lines = found.occurrences[skipped : skipped + _LINES]
        numbers = {"occurrences": len(found.occurrences), "is_cut": found.is_cut}
        total, pages = found.articles, ceil(len(found.occurrences) / _LINES)
    numbers |= {"total": total, "is_least": pages is None or numbers["is_cut"]}
    last = LAST_PAGE if pages is None else min(pages, LAST_PAGE)
    shown: dict[str, Any] = {"lines": lines, "pages": last, "all_pages": pages, "order": order}
    return rendered(request, "context.html", searched=searched, **shown, **numbers)


def sorted_of(library: Library, searched: SearchRequest, order: Order) -> SortedContexts:
    """All occurrences of a search, sorted by their context."""
    query, chosen = searched.query, searched.chosen
    return library.of_corpus(
        ("sorted contexts", query, chosen, order),
        lambda: sorted_contexts(library.database, query, chosen, order=order),
        large=True,
    )
