"""Finds the pages of a day each among the links of a site: /2024/03/12/, /archive/20240312, /?d=2024-03-12. Pure."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

#: Links of one form from which it is that of day pages.
FEWEST: Final = 2
_DAY = re.compile(
    r"(?<!\d)(?P<year>20\d\d|19\d\d)(?P<mark>[-/]?)(?P<month>0[1-9]|1[0-2])(?P=mark)(?P<date>[0-3]\d)/?$",
)


def day_page_of(links: Iterable[str]) -> str | None:
    """The address of a day's page, with places for the day as a route `day-archive` has them; None: there is none."""
    forms: Counter[str] = Counter()
    for url in links:
        found = _DAY.search(url)
        if found is not None:
            places = "{day}" if not found["mark"] else f"{{year}}{found['mark']}{{month}}{found['mark']}{{date}}"
            slash = "/" if url.endswith("/") else ""
            forms[f"{url[: found.start()]}{places}{slash}"] += 1
    best = forms.most_common(1)
    return best[0][0] if best and best[0][1] >= FEWEST and "{" not in best[0][0].partition("{")[0] else None
