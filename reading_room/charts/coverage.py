"""Coverage as a calendar: SVG, a row of weeks for each year, a square for each day. Colours are in
static/style.css."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from babel.dates import get_month_names
from markupsafe import Markup, escape

from crawler.operations.coverage import DayCoverage
from reading_room.rendering import visible
from reading_room.wording import Wording

_SIDE, _GAP = 11, 2
_STEP: Final = _SIDE + _GAP
_LEFT, _TOP = 34, 18


def years(days: Sequence[DayCoverage], wording: Wording) -> list[Markup]:
    """An SVG element for each year that has days, the newest first; the classes of squares are `none`, `all`, `most`,
    `some` and `few`."""
    by_day = {day.day: day for day in days if day.day is not None}
    return [_year(year, by_day, wording) for year in sorted({day.year for day in by_day}, reverse=True)]


def _year(year: int, days: Mapping[date, DayCoverage], wording: Wording) -> Markup:
    first = date(year, 1, 1)
    monday = first - timedelta(days=first.weekday())
    squares = []
    day = first
    while day.year == year:
        column, row = (day - monday).days // 7, day.weekday()
        found = days.get(day)
        squares.append(
            f'<rect x="{_LEFT + column * _STEP}" y="{_TOP + row * _STEP}" width="{_SIDE}" height="{_SIDE}" rx="2" '
            f'class="{_shade(found)}"><title>{escape(visible(_words(day, found, wording)))}</title></rect>'
        )
        day += timedelta(days=1)
    names = get_month_names("abbreviated", locale=wording.language)
    months = "".join(
        f'<text x="{_LEFT + (date(year, month, 1) - monday).days // 7 * _STEP}" y="12">{escape(names[month])}</text>'
        for month in range(1, 13)
    )
    return Markup(
        f'<svg class="calendar" width="{_LEFT + 54 * _STEP}" height="{_TOP + 7 * _STEP + 4}" role="img" '
        f'aria-label="{escape(wording.say("Coverage"))} {year}">'
        f'<text x="0" y="{_TOP + 10}">{year}</text>{months}{"".join(squares)}</svg>\n'
    )


def _shade(day: DayCoverage | None) -> str:
    if day is None or not day.known:
        return "none"
    share = (day.extracted + day.moved) / day.known
    return "all" if share == 1 else "most" if share >= 0.9 else "some" if share >= 0.5 else "few"


def _words(day: date, found: DayCoverage | None, wording: Wording) -> str:
    if found is None:
        return f"{day}: {wording.say('nothing known')}"
    gaps = [f"{count} {why}" for why, count in (*found.refused.items(), *found.not_asked.items())]
    if found.missing:
        gaps.append(wording.say("{n} missing", n=found.missing))
    share = wording.say("{extracted} of {known}", extracted=found.extracted, known=found.known)
    return f"{day}: {share}" + (f"; {', '.join(gaps)}" if gaps else "")
