"""Coverage as a calendar: a page of SVG, a row of weeks for each year, a square for each day."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from html import escape

from crawler.operations.coverage import DayCoverage, total

_SIDE, _GAP = 11, 2
_STEP = _SIDE + _GAP
_LEFT, _TOP = 34, 18

_HEAD = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Coverage</title><style>
body { font: 14px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 56em; color: #222; }
svg text { font-size: 10px; fill: #555; } table { border-collapse: collapse; }
td, th { padding: .1em .8em .1em 0; text-align: left; font-variant-numeric: tabular-nums; }
.none { fill: #eee } .all { fill: #2b8a3e } .most { fill: #8ce99a } .some { fill: #ffd43b } .few { fill: #e8590c }
.key { display: inline-block; width: 11px; height: 11px; margin: 0 .3em 0 1em; }
</style></head><body>
"""
_KEY = (
    ("#2b8a3e", "all that a route knew is an article"), ("#8ce99a", "nine tenths"), ("#ffd43b", "half"),
    ("#e8590c", "less"), ("#eee", "no route knew of any"),
)  # fmt: skip


def calendar_page(coverage: Mapping[str, Sequence[DayCoverage]]) -> str:
    """The HTML page for the days of each site; it needs no other file."""
    parts = [_HEAD, "<h1>Coverage</h1>\n<p>"]
    parts += [f'<span class="key" style="background:{colour}"></span>{words}' for colour, words in _KEY]
    parts.append("</p>\n")
    for site, days in coverage.items():
        whole = total(days)
        parts.append(
            f"<h2>{escape(site)}</h2>\n<p>{whole.known} known, {whole.captured} captured, {whole.extracted} extracted, "
            f"{whole.refused.total()} refused, {whole.not_asked.total()} not asked, {whole.missing} missing</p>\n"
        )
        parts += years(days)
    return "".join([*parts, "</body></html>\n"])


def years(days: Sequence[DayCoverage]) -> list[str]:
    """An SVG element for each year that has days, the newest first; the classes of squares are `none`, `all`, `most`,
    `some` and `few`."""
    by_day = {day.day: day for day in days if day.day is not None}
    return [_year(year, by_day) for year in sorted({day.year for day in by_day}, reverse=True)]


def _year(year: int, days: Mapping[date, DayCoverage]) -> str:
    first = date(year, 1, 1)
    monday = first - timedelta(days=first.weekday())
    squares = []
    day = first
    while day.year == year:
        column, row = (day - monday).days // 7, day.weekday()
        found = days.get(day)
        squares.append(
            f'<rect x="{_LEFT + column * _STEP}" y="{_TOP + row * _STEP}" width="{_SIDE}" height="{_SIDE}" rx="2" '
            f'class="{_shade(found)}"><title>{escape(_words(day, found))}</title></rect>'
        )
        day += timedelta(days=1)
    firsts = [date(year, month, 1) for month in range(1, 13)]
    months = "".join(
        f'<text x="{_LEFT + (first - monday).days // 7 * _STEP}" y="12">{first:%b}</text>' for first in firsts
    )
    return (
        f'<svg width="{_LEFT + 54 * _STEP}" height="{_TOP + 7 * _STEP + 4}" role="img" aria-label="{year}">'
        f'<text x="0" y="{_TOP + 10}">{year}</text>{months}{"".join(squares)}</svg>\n'
    )


def _shade(day: DayCoverage | None) -> str:
    if day is None or not day.known:
        return "none"
    share = (day.extracted + day.moved) / day.known
    return "all" if share == 1 else "most" if share >= 0.9 else "some" if share >= 0.5 else "few"


def _words(day: date, found: DayCoverage | None) -> str:
    if found is None:
        return f"{day}: nothing known"
    reasons: Iterable[str] = (f"{count} {why}" for why, count in (*found.refused.items(), *found.not_asked.items()))
    gaps = [*reasons, *([f"{found.missing} missing"] if found.missing else [])]
    return f"{day}: {found.extracted} of {found.known}" + (f"; {', '.join(gaps)}" if gaps else "")
