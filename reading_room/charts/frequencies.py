"""The chart of frequencies: SVG with a bar for each period and query, and a shade behind periods that the collection
covers in part or not at all. Colours are in static/style.css; every bar leads to its articles."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Final
from urllib.parse import quote

from markupsafe import Markup, escape

from reading_room.charts.periods import Bar
from reading_room.rendering import visible
from reading_room.wording import Wording

_WIDTH: Final = 1000
_HEIGHT: Final = 260
_LEFT: Final = 48
_BELOW: Final = 26
_TOP: Final = 10
#: Labels below the bars.
_LABELS: Final = 8


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn: the bars, the name of each query, and whether articles are counted per thousand. address: of the
    articles that a query finds in the days of a bar."""

    bars: Sequence[Bar]
    names: Sequence[str]
    relative: bool
    address: Callable[[int, Bar], str]


def drawn(chart: Chart, wording: Wording) -> Markup:
    """The chart as an SVG element."""
    values = (bar.value(query, relative=chart.relative) for bar in chart.bars for query in _queries(chart))
    top = _round_up(max(values, default=1))
    step = (_WIDTH - _LEFT) / max(1, len(chart.bars))
    shades = "".join(_shade(place, step, bar) for place, bar in enumerate(chart.bars))
    bars = "".join(_bar(place, step, top, bar, chart, wording) for place, bar in enumerate(chart.bars))
    title = escape(wording.say("Articles over time"))
    return Markup(
        f'<svg class="chart" viewBox="0 0 {_WIDTH} {_HEIGHT + _BELOW}" role="group" aria-label="{title}" '
        f'data-left="{_LEFT}" data-width="{_WIDTH}">'
        '<defs><pattern id="gap" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="2.2" height="6" class="hatch"/></pattern></defs>'
        f"{_axis(top, wording, whole=not chart.relative)}{shades}{bars}{_labels(chart.bars, step)}</svg>"
    )


def _queries(chart: Chart) -> range:
    return range(len(chart.names))


def _round_up(value: float) -> float:
    """The next of 1, 2, 5, 10, 20, 50 ..."""
    if value <= 1:
        return 1
    power: float = 10 ** floor(log10(value))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= value)


def _axis(top: float, wording: Wording, *, whole: bool) -> str:
    lines = []
    for part in (0.0, 0.5, 1.0):
        value = part * top
        y = _y(value, top)
        if whole and value != int(value):
            continue
        label = wording.number(int(value) if value == int(value) else round(value, 1))
        lines.append(
            f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>'
            f'<text class="tick" x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{escape(label)}</text>'
        )
    return "".join(lines)


def _y(value: float, top: float) -> float:
    return _TOP + (_HEIGHT - _TOP) * (1 - value / top)


def _shade(place: int, step: float, bar: Bar) -> str:
    """Nothing behind a period that is covered."""
    if bar.covered == 1:
        return ""
    kind = "uncovered" if not bar.covered else "part"
    return (
        f'<rect class="{kind}" x="{_LEFT + place * step:.2f}" y="{_TOP}" width="{step:.2f}" height="{_HEIGHT - _TOP}"/>'
    )


def _bar(place: int, step: float, top: float, bar: Bar, chart: Chart, wording: Wording) -> str:
    width = step * (0.86 if step > 3 else 1) / len(chart.names)
    parts = []
    for query in _queries(chart):
        value = bar.value(query, relative=chart.relative)
        if not value:
            continue
        y = _y(value, top)
        x = _LEFT + place * step + query * width
        title = _title(bar, query, chart, wording)
        parts.append(
            f'<a href="{escape(chart.address(query, bar))}" aria-label="{title}"><rect class="bar bar{query + 1}" '
            f'x="{x:.2f}" y="{y:.1f}" width="{width:.2f}" height="{_HEIGHT - y:.1f}"><title>{title}</title></rect></a>'
        )
    return "".join(parts)


def _title(bar: Bar, query: int, chart: Chart, wording: Wording) -> Markup:
    facts = {"name": chart.names[query], "period": bar.period, "found": bar.found[query], "of": bar.of}
    words = wording.say("{name}, {period}: {found} of {of} articles", **facts)
    return escape(visible(f"{words}; {coverage_words(bar, wording)}"))


def coverage_words(bar: Bar, wording: Wording) -> str:
    """How far a period is covered, in words."""
    if bar.covered is None:
        return wording.say("coverage not known")
    return wording.say("{percent}% covered", percent=floor(100 * bar.covered))


def _labels(bars: Sequence[Bar], step: float) -> str:
    every = max(1, ceil(len(bars) / _LABELS))
    return "".join(
        f'<text class="tick period" x="{_LEFT + (place + 0.5) * step:.1f}" y="{_HEIGHT + 18}" text-anchor="middle">'
        f"{quote(bar.period)}</text>"
        for place, bar in enumerate(bars)
        if place % every == 0
    )
