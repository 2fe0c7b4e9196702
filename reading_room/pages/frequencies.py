"""Counts over time: one query or two, absolute or per thousand articles, gaps of coverage shaded."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final, cast

from starlette.requests import Request
from starlette.responses import Response

from crawler.operations.coverage import covered_shares
from crawler.registry import all_sites
from reading_room.charts.frequencies import Chart, coverage_words, drawn
from reading_room.charts.periods import Bar, bars, fitting
from reading_room.library import Library
from reading_room.parameters import SearchRequest, choice_value, text_value
from reading_room.rendering import carried, language_of, library_of, rendered
from reading_room.wording import Wording
from storage.corpus.read.overview import overview
from storage.corpus.search.series import Count, Period, counts

_PERIODS: Final = ("month", "day", "year")
_SCALES: Final = ("absolute", "relative")
#: Seconds for which the coverage of days stands: it reads every URL that routes have discovered.
_COVERAGE_FRESH: Final = 300


def frequencies_page(request: Request) -> Response:
    """`/search/frequencies?q=&q2=&period=&scale=`."""
    params = request.query_params
    scale = choice_value(params, "scale", _SCALES)
    asked_period = cast(Period, choice_value(params, "period", _PERIODS))
    second = text_value(params, "q2", 500)
    shown = {"period": asked_period, "scale": scale, "q2": second or ""}
    searched = SearchRequest.of(params, {**carried(request), **{name: value for name, value in shown.items() if value}})
    library = library_of(request)
    period = _period(library, searched, asked_period)
    queries = [searched.query, *([second] if second else [])]
    series = [_counts(library, query, searched, period) for query in queries]
    drawn_bars = bars(series, _shares(library, searched.chosen.site), period)
    wording = Wording(language_of(request))
    names = [query or wording.say("all articles") for query in queries]
    addresses = _addresses(queries, SearchRequest.of(params, carried(request)))
    chart = Chart(drawn_bars, names, scale == "relative", addresses)
    undated = [next((one.found for one in queried if one.period is None), 0) for queried in series]
    values: dict[str, Any] = {
        "names": names, "period": period, "asked_period": asked_period, "scale": scale, "second": second or "",
        "bars": drawn_bars, "chart": drawn(chart, wording), "undated": undated,
        "coverage": [coverage_words(bar, wording) for bar in drawn_bars],
        "totals": [sum(one.found for one in queried) for queried in series],
    }  # fmt: skip
    return rendered(request, "frequencies.html", searched=searched, **values)


def _period(library: Library, searched: SearchRequest, period: Period) -> Period:
    sites = library.of_corpus("overview", lambda: overview(library.database))
    chosen = searched.chosen
    firsts = [site.first for site in sites if site.first and chosen.site in (None, site.site)]
    lasts = [site.last for site in sites if site.last and chosen.site in (None, site.site)]
    first = max(filter(None, (chosen.since, min(firsts, default=None))), default=None)
    last = min(filter(None, (chosen.until, max(lasts, default=None))), default=None)
    return fitting(first, last, period)


def _counts(library: Library, query: str, searched: SearchRequest, period: Period) -> list[Count]:
    chosen = searched.chosen
    return library.of_corpus(("counts", query, chosen, period), lambda: counts(library.database, query, chosen, period))


def _shares(library: Library, site: str | None) -> Mapping[date, float]:
    sites = [one for one in all_sites() if site in (None, one.name)]
    return library.of_the_moment(
        ("shares", site), lambda: covered_shares(library.database, sites), seconds=_COVERAGE_FRESH
    )


def _addresses(queries: list[str], searched: SearchRequest) -> Callable[[int, Bar], str]:
    """The address of the articles that a query finds in the days of a bar."""
    searches = [replace(searched, query=query) for query in queries]

    def address(query: int, bar: Bar) -> str:
        return searches[query].link("/search", since=bar.first.isoformat(), until=bar.last.isoformat())

    return address
