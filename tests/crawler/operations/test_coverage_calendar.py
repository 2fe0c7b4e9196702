"""The calendar shows each day of a year once, with the share of its articles and the reasons of its gaps."""

from collections import Counter
from datetime import date

from crawler.operations.coverage import DayCoverage, total
from crawler.operations.coverage_calendar import calendar_page

WHOLE = DayCoverage(date(2024, 2, 29), routes=Counter(sitemap=2), known=2, extracted=1, moved=1)
GAPS = DayCoverage(
    date(2023, 5, 1), known=4, extracted=1, refused=Counter(gone=1), not_asked=Counter(robots=1), missing_urls=["u"]
)


def test_a_square_for_each_day() -> None:
    page = calendar_page({"a<b": [GAPS, WHOLE, DayCoverage(None, known=1)]})
    assert page.count("<rect") == 365 + 366
    assert page.index('aria-label="2024"') < page.index('aria-label="2023"')
    assert "<h2>a&lt;b</h2>" in page
    assert 'class="all"><title>2024-02-29: 1 of 2</title>' in page
    assert 'class="few"><title>2023-05-01: 1 of 4; 1 gone, 1 robots, 1 missing</title>' in page
    assert page.count('class="none"') == 365 + 366 - 2


def test_the_total_is_the_sum_of_all_days() -> None:
    whole = total([GAPS, WHOLE])
    assert (whole.day, whole.known, whole.captured, whole.missing) == (None, 6, 4, 1)
    assert (whole.routes, whole.refused, whole.not_asked) == (Counter(sitemap=2), Counter(gone=1), Counter(robots=1))
    assert GAPS.missing_urls == ["u"] and total([]) == DayCoverage(None)
