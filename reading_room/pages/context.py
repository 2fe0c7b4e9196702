"""Keyword in context: every occurrence, by day or sorted by what stands to its left or right."""

from math import ceil
from typing import Any, Final, cast

from starlette.requests import Request
from starlette.responses import Response

from reading_room.parameters import LAST_PAGE, SearchRequest, choice_value
from reading_room.rendering import carried, library_of, rendered
from storage.corpus.search.context import SORTED_ARTICLES, Order, contexts, sorted_contexts
from storage.corpus.search.facets import facets

_ORDERS: Final = ("day", "left", "right")
#: Articles on a page in the order of days, and occurrences on a page that is sorted.
_ARTICLES: Final = 25
_LINES: Final = 100


def context_page(request: Request) -> Response:
    """`/search/context?q=&sort=`."""
    order = cast(Order, choice_value(request.query_params, "sort", _ORDERS))
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
        pages, occurrences = ceil(total / _ARTICLES), None
    else:
        found = library.of_corpus(
            ("sorted contexts", query, chosen, order),
            lambda: sorted_contexts(library.database, query, chosen, order=order),
        )
        lines, pages, occurrences = found[skipped : skipped + _LINES], ceil(len(found) / _LINES), len(found)
    numbers: dict[str, Any] = {"total": total, "occurrences": occurrences, "sorted_articles": SORTED_ARTICLES}
    pages = min(pages, LAST_PAGE)
    return rendered(request, "context.html", searched=searched, lines=lines, pages=pages, order=order, **numbers)
