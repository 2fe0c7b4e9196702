"""Compares a site's crawls and extraction results with its own past; each deviation is an alarm of one line.

Called by the command `health`; its figures come from storage.corpus.read.health_stats.
"""

import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any, Final

from storage.corpus.read.health_stats import ENOUGH, CaptureSample, HealthStats

#: Rises of a rate that raise an alarm: of refusals, and of missing fields and warnings.
MAX_REFUSAL_RISE: Final = 0.10
MAX_FIELD_RISE: Final = 0.25
#: Fall of the mean agreement of page objects and trafilatura that raises an alarm.
MAX_AGREEMENT_FALL: Final = 0.10
#: Weeks of which the same weekday says what to expect, and how many of them must have had articles.
WEEKS, ENOUGH_WEEKS = 8, 3
#: Share of the expected articles below which a day raises an alarm.
MIN_SHARE: Final = 0.5
#: Age of the last capture that raises an alarm, in intervals between crawls.
MAX_MISSED_CRAWLS: Final = 3
#: How late a crawl of the timetable may begin without an alarm.
MAX_OVERDUE: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Alarm:
    """`kind` is one of: never-crawled, stale, crawl-ended, route-broken, schedule-failed, schedule-overdue, quiet-day,
    refusals, agreement, field, warning."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Health:
    """A site's alarms, and the figures behind them."""

    site: str
    stats: HealthStats
    day: date
    expected: float | None
    seen: int
    alarms: tuple[Alarm, ...]


def health(
    site: str,
    stats: HealthStats,
    now: datetime,
    day: date,
    plan: Mapping[str, Any] | None = None,
    *,
    running: bool = True,
) -> Health:
    """The health of a site. now: aware. day: the local day whose number of articles is checked, a whole one.
    plan: its row of the timetable, with the `outcome` of the last run; without an interval, crawls are expected as far
    apart as they have been. running: whether a crawl of the site is under way."""
    expected = expected_on(stats.published, day)
    seen = stats.published[day]
    alarms = (
        *_crawling(stats, now, plan, running=running),
        *(_timetable(plan, now, running=running) if plan is not None else ()),
        *_quiet(day, seen, expected),
        *_refusals(stats.recent, stats.before),
        *_agreement(stats.recent, stats.before),
        *_reading(stats.recent, stats.before),
    )
    return Health(site, stats, day, expected, seen, alarms)


def expected_on(published: Counter[date], day: date) -> float | None:
    """How many articles such a weekday has had lately, the median; None where there is too little to go by."""
    if not published or min(published) > day - timedelta(weeks=ENOUGH_WEEKS):
        return None
    counts = [published[day - timedelta(weeks=week)] for week in range(1, WEEKS + 1)]
    since = min(published)
    known = [count for week, count in enumerate(counts, 1) if day - timedelta(weeks=week) >= since]
    return median(known) if sum(1 for count in known if count) >= ENOUGH_WEEKS else None


def _crawling(stats: HealthStats, now: datetime, plan: Mapping[str, Any] | None, *, running: bool) -> Iterator[Alarm]:
    every = plan["every_seconds"] if plan is not None else None
    usual = timedelta(seconds=every) if every else _usual_interval(stats)
    if stats.last_capture is None:
        yield Alarm("never-crawled", "nothing has been captured yet")
    elif usual is not None and (age := now - stats.last_capture) > max(MAX_MISSED_CRAWLS * usual, timedelta(hours=1)):
        yield Alarm("stale", f"the last capture is {_span(age)} old, and crawls are {_span(usual)} apart")
    ended = next((run for run in stats.crawls if run.finished_at is not None), None)
    if stats.crawls and stats.crawls[0].finished_at is None and not running:
        yield Alarm(
            "crawl-ended", "the last crawl was cut off (killed, or the machine stopped): the next one recovers it"
        )
    elif ended is not None and ended.outcome != "finished":
        yield Alarm("crawl-ended", f"the last crawl ended before its work was done: {ended.outcome}")
    if ended is not None and ended.broken_routes:
        yield Alarm("route-broken", f"{ended.broken_routes} lists could not be read in the last crawl")


def _timetable(plan: Mapping[str, Any], now: datetime, *, running: bool) -> Iterator[Alarm]:
    status, outcome, due = plan["exit_status"], plan["outcome"], plan["due_at"]
    if outcome == "cut-off" or status not in (None, 0, 1):
        ended = f"{outcome}, exit status {status}" if status is not None else outcome
        again = shlex.join(["emeroteca", "crawl", plan["site"], *plan["options"]])
        began = f"{plan['started_at']:%Y-%m-%d %H:%M} UTC"
        yield Alarm("schedule-failed", f"the scheduled crawl of {began} ended as {ended}: see its log, or {again}")
    if not running and now - due > MAX_OVERDUE:
        advice = "nothing runs the timetable: emeroteca schedule run, or schedule install"
        yield Alarm("schedule-overdue", f"a crawl is due since {due:%Y-%m-%d %H:%M} UTC, and {advice}")


def _usual_interval(stats: HealthStats) -> timedelta | None:
    starts = [run.started_at for run in stats.crawls]
    apart = [(later - sooner).total_seconds() for later, sooner in pairwise(starts)]
    return timedelta(seconds=median(apart)) if len(apart) >= ENOUGH_WEEKS else None


def _quiet(day: date, seen: int, expected: float | None) -> Iterator[Alarm]:
    if expected is not None and seen < MIN_SHARE * expected:
        yield Alarm("quiet-day", f"{seen} articles of {day}, where {expected:g} were to be expected")


def _refusals(recent: CaptureSample, before: CaptureSample) -> Iterator[Alarm]:
    if recent.captures < ENOUGH or before.captures < ENOUGH:
        return
    now, then = recent.refused.total() / recent.captures, before.refused.total() / before.captures
    if now - then > MAX_REFUSAL_RISE:
        reasons = ", ".join(f"{count} {reason}" for reason, count in recent.refused.most_common(3))
        yield Alarm("refusals", f"{now:.0%} of the last crawl's articles were refused, {then:.0%} before: {reasons}")


def _agreement(recent: CaptureSample, before: CaptureSample) -> Iterator[Alarm]:
    """An alarm where page object and trafilatura agree less than before: a template that the site has changed."""
    if min(recent.compared, before.compared) < ENOUGH or recent.agreement is None or before.agreement is None:
        return
    if before.agreement - recent.agreement > MAX_AGREEMENT_FALL:
        means = f"{recent.agreement:.2f} on the last crawl's articles, {before.agreement:.2f} before"
        yield Alarm("agreement", f"page object and trafilatura agree on the text by {means}: has the template changed?")


def _reading(recent: CaptureSample, before: CaptureSample) -> Iterator[Alarm]:
    if recent.texts < ENOUGH or before.texts < ENOUGH:
        return
    for name, now, then in _risen(recent, before, recent.without, before.without):
        yield Alarm("field", f"{now:.0%} of the new articles have no {name}, {then:.0%} before")
    for name, now, then in _risen(recent, before, recent.warned, before.warned):
        yield Alarm("warning", f"{now:.0%} of the new articles are warned of {name}, {then:.0%} before")


def _risen(
    recent: CaptureSample, before: CaptureSample, now: Counter[str], then: Counter[str]
) -> Iterable[tuple[str, float, float]]:
    for name, count in sorted(now.items()):
        rate, rate_then = count / recent.texts, then[name] / before.texts
        if rate - rate_then > MAX_FIELD_RISE:
            yield name, rate, rate_then


def _span(time: timedelta) -> str:
    hours = time.total_seconds() / 3600
    return f"{hours / 24:.0f} days" if hours >= 48 else f"{hours:.0f} hours" if hours >= 2 else f"{hours * 60:.0f} min"
