"""Times as people write them, and when the next one is."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.operations.timetable import check_cron, due_sites, next_due, plan_next, seconds_in, span_of
from storage.corpus.db.database import Database
from storage.corpus.read.schedules import put_schedule, schedules
from storage.exceptions import InvalidSchedule

ROME = ZoneInfo("Europe/Rome")


@pytest.mark.parametrize(("text", "seconds"), [("60s", 60), ("30m", 1800), ("1d12h", 129_600), ("2 W", 1_209_600)])
def test_spans(text: str, seconds: int) -> None:
    assert seconds_in(text) == seconds


@pytest.mark.parametrize("text", ["", "30", "m", "1x", "-5m", "30s", "1h30", "half an hour"])
def test_no_spans(text: str) -> None:
    with pytest.raises(InvalidSchedule):
        seconds_in(text)


@given(st.integers(60, 10**8))
def test_a_span_is_written_as_it_is_read(seconds: int) -> None:
    assert seconds_in(span_of(seconds)) == seconds


@pytest.mark.parametrize("text", ["", "* * *", "61 * * * *", "hourly?", "* * 31 2 *"])
def test_no_cron(text: str) -> None:
    with pytest.raises(InvalidSchedule):
        check_cron(text)


def test_cron_is_of_the_sites_own_clock() -> None:
    def after(*when: int) -> datetime:
        return next_due(datetime(*when, tzinfo=UTC), ROME, every_seconds=None, cron="30 2 * * *")

    assert after(2026, 1, 10) == datetime(2026, 1, 10, 1, 30, tzinfo=UTC)
    assert after(2026, 7, 10) == datetime(2026, 7, 10, 0, 30, tzinfo=UTC)
    # the night in which half past two does not exist: at three, once
    assert after(2026, 3, 28, 23) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def test_what_was_missed_is_not_made_up_for() -> None:
    due = next_due(datetime(2026, 1, 10, 8, tzinfo=UTC), ROME, every_seconds=1800, cron=None)
    assert due == datetime(2026, 1, 10, 8, 30, tzinfo=UTC)


def test_the_longest_due_comes_first_and_is_planned_anew(database: Database) -> None:
    now = datetime.now(UTC)
    for site, due_at in (
        ("alanews", now - timedelta(1)),
        ("sputniknews", now - timedelta(2)),
        ("x", now + timedelta(1)),
    ):
        put_schedule(database, site, every_seconds=3600, cron=None, options=[], due_at=due_at)
    due = due_sites(database)
    assert [row["site"] for row in due] == ["sputniknews", "alanews"]
    with database.writing() as connection:
        plan_next(connection, due[0])
    assert [row["site"] for row in due_sites(database)] == ["alanews"]
    (row,) = (row for row in schedules(database) if row["site"] == "sputniknews")
    assert timedelta(minutes=59) < row["due_at"] - now < timedelta(minutes=61)
