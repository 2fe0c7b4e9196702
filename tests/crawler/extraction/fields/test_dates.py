"""Dates as pages write them, and the choice among what they claim."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.fields import dates
from storage.article import DateClaim, Precision

ROME = ZoneInfo("Europe/Rome")


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("2022-02-14T14:21+0100", "2022-02-14T14:21:00+01:00"),
        ("2021-05-25T14:34+0200", "2021-05-25T14:34:00+02:00"),
        ("20260729T1319+0800", "2026-07-29T13:19:00+08:00"),
        (" 2022-02-14T14:21:05.123Z ", "2022-02-14T14:21:05+00:00"),
        ("2023-10-27 03:00:00", "2023-10-27T03:00:00+02:00"),
        ("2022-02-14T14:21", "2022-02-14T14:21:00+01:00"),
        ("2022-02-14", "2022-02-14"),
        ("20220214", "2022-02-14"),
        ("1574101047", "2019-11-18T19:17:27+01:00"),
        ("1574101047000", "2019-11-18T19:17:27+01:00"),
        ("2022-02-14T14:21:00-03", "2022-02-14T14:21:00-03:00"),
        ("2022-13-45T10:00Z", None),
        ("ieri", None),
    ],
)
def test_iso(raw: str, value: str | None) -> None:
    read = dates.read_iso(raw, ROME)
    assert (read[0].isoformat() if read else None) == value


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("11 Dicembre 2025", "2025-12-11"),
        ("giovedì 1º gennaio 2026", "2026-01-01"),
        ("14:21 14.02.2022", "2022-02-14T14:21:00+01:00"),
        ("26 abril, 2022 - 8:10 pm", "2022-04-26T20:10:00+02:00"),
        ("October 27, 2023", "2023-10-27"),
        ("21/04/2022", "2022-04-21"),
        ("3 mag 2024, 12:05 am", "2024-05-03T00:05:00+02:00"),
        ("31 Febbraio 2024", None),
        ("11 Brumaio 1799", None),
        ("Tempo di lettura: 3 minuti", None),
        ("23:30 GMT 15.01.2022", "2022-01-15T23:30:00+00:00"),
        ("2023年9月4日", "2023-09-04"),
        ("2023年9月4日(月) 10時30分", "2023-09-04T10:30:00+02:00"),
        ("公開 2023年9月4日 午後3時04分", "2023-09-04T15:04:00+02:00"),
        ("입력 2023년 9월 4일 오전 12:05", "2023-09-04T00:05:00+02:00"),
        ("2023年13月4日", None),
    ],
)
def test_visible(raw: str, value: str | None) -> None:
    read = dates.read_visible(raw, ROME)
    assert (read[0].isoformat() if read else None) == value


@pytest.mark.parametrize(
    ("raw", "value", "precision"),
    [
        ("Thu, 20 Nov 2025 23:30:00 -0500", "2025-11-20T23:30:00-05:00", Precision.SECOND),
        ("Thu, 20 Nov 2025 23:30:00 -0000", "2025-11-20", Precision.DAY),
        ("13/11/2025 09:21:40", "2025-11-13", Precision.DAY),
        ("11/13/2025", "2025-11-13", Precision.DAY),
        ("12/12/2025", None, Precision.DAY),
        ("11/12/2025", None, Precision.DAY),
        ("Dec 19th 2025", "2025-12-19", Precision.DAY),
        ("2022-02-14T14:21:05+01:00", "2022-02-14T14:21:05+01:00", Precision.SECOND),
        ("2022-02-14T14:21+01:00", "2022-02-14T14:21:00+01:00", Precision.MINUTE),
        ("2022-02-14T14:21:00+25:00", "2022-02-14T14:21:00+01:00", Precision.SECOND),
        ("946684799", "1999-12-31T23:59:59+00:00", Precision.SECOND),
        ("94668479", None, Precision.DAY),
    ],
)
def test_what_is_declared_is_read_by_its_form(raw: str, value: str | None, precision: Precision) -> None:
    zone = ROME if value and "+01" in value else UTC
    [found] = dates.claim(dates.PUBLISHED, f" {raw} ", "meta", zone)
    assert (found.raw, found.value, found.precision) == (raw, value, precision)


def test_nothing_claims_nothing() -> None:
    assert (
        list(dates.claim(dates.PUBLISHED, " ", "meta", ROME))
        == list(dates.claim(dates.PUBLISHED, None, "m", ROME))
        == []
    )


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("3 mag 2024, 12:30 pm", "2024-05-03T12:30:00+02:00"),
        ("3 mag 2024 ore 9.05", "2024-05-03T09:05:00+02:00"),
        ("3 mag 2024 alle ore 21:05:07", "2024-05-03T21:05:07+02:00"),
        ("3 mag 2024, letto da tante persone alle 9:05", "2024-05-03"),
        ("2023年9月4日 下午3:04", "2023-09-04T15:04:00+02:00"),
        ("2023年9月4日 上午3:04", "2023-09-04T03:04:00+02:00"),
        ("25:10 14.02.2022", None),
    ],
)
def test_the_clock_beside_a_day(raw: str, value: str | None) -> None:
    read = dates.read_visible(raw, ROME)
    assert (read[0].isoformat() if read else None) == value


@pytest.mark.parametrize(("raw", "has"), [("2022-02-14T14:21Z", True), ("2022-02-14T14:21", False), ("ieri", False)])
def test_an_offset_is_seen(raw: str, has: bool) -> None:
    assert dates.has_offset(raw) is has


CAPTURED = datetime(2022, 2, 14, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "since", "fault"),
    [
        ("9998-12-31", None, "date-after-capture"),
        ("9999-01-01", None, "date-impossible"),
        ("2022-02-14T12:10:00Z", None, None),
        ("2022-02-14T12:10:01Z", None, "date-after-capture"),
        ("2022-02-15", None, None),
        ("2022-02-16", None, "date-after-capture"),
        ("1990-01-01", None, None),
        ("1989-12-31", None, "date-impossible"),
        ("2014-01-01", date(2014, 1, 2), None),
        ("2013-12-31", date(2014, 1, 2), "date-before-site"),
        ("mai", None, "date-unreadable"),
    ],
)
def test_what_cannot_be_is_set_aside(raw: str, since: date | None, fault: str | None) -> None:
    [kept], warnings = dates.checked(_claims((raw, "a")), CAPTURED, since)
    assert warnings == ([f"{fault}: a"] if fault else [])
    assert (kept.value is None) is bool(fault)


def test_without_a_zone_the_shown_day_beside_the_instant_is_the_local_one() -> None:
    instant = _claims(("2022-02-13T23:30:00Z", "a"))
    for day, local in (("2022-02-14", 14), ("2022-02-12", 12), ("2022-02-15", 13), ("2022-02-11", 13)):
        claims = [*instant, *_claims((day, "visible"))]
        assert dates.chosen_day(claims, None) == date(2022, 2, local)
        assert dates.chosen_day(claims, ROME) == date(2022, 2, 14)
    modified = list(dates.claim(dates.MODIFIED, "2022-02-14", "visible", None))
    assert dates.chosen_day([*instant, *modified], None) == date(2022, 2, 13)
    assert dates.chosen_day([], None) is None


def test_a_claim_without_its_clock() -> None:
    [found] = _claims(("2022-02-13T23:30:00Z", "a"))
    assert (dates.day_of(found).value, dates.day_of(found).precision) == ("2022-02-13", Precision.DAY)
    [unreadable] = _claims(("mai", "a"))
    assert dates.day_of(unreadable).value is None


def test_naive_time_without_a_zone_is_only_a_day() -> None:
    read = dates.read_iso("2023-10-27 03:00:00", None)
    assert read == (date(2023, 10, 27), Precision.DAY)


def _claims(*pairs: tuple[str, str]) -> list[DateClaim]:
    return [c for raw, source in pairs for c in dates.claim(dates.PUBLISHED, raw, source, ROME)]


def test_the_first_readable_instant_is_chosen_and_its_day_is_local() -> None:
    claims = _claims(("mai", "a"), ("2022-02-14", "b"), ("2022-02-13T23:30:00Z", "c"), ("2022-02-15T00:00Z", "d"))
    assert dates.chosen(claims, dates.PUBLISHED) == datetime(2022, 2, 13, 23, 30, tzinfo=UTC)
    assert dates.chosen_day(claims, ROME) == date(2022, 2, 14)


def test_a_day_stays_a_day() -> None:
    claims = _claims(("2022-02-14", "visible"))
    assert dates.chosen(claims, dates.PUBLISHED) is None
    assert dates.chosen_day(claims, ROME) == date(2022, 2, 14)


def test_what_lies_after_the_capture_is_impossible() -> None:
    captured = datetime(2022, 2, 14, 12, 0, tzinfo=UTC)
    kept, warnings = dates.checked(_claims(("2022-02-14T14:21+0100", "a"), ("1970-01-01", "b")), captured)
    assert [c.value for c in kept] == [None, None]
    assert warnings == ["date-after-capture: a", "date-impossible: b"]


@pytest.mark.parametrize("raw", ["9999-12-31T23:59:59-23:59", "9999-06-01", "0001-01-01T00:00:00+14:00"])
def test_an_instant_that_some_time_zone_cannot_show_is_impossible(raw: str) -> None:
    [kept], [warning] = dates.checked(_claims((raw, "a")), None)
    assert (kept.value, warning) == (None, "date-impossible: a")
    assert dates.chosen_day([kept], ROME) is None


def test_utc_clock_with_the_sites_offset_is_false() -> None:
    claims = _claims(("2023-10-27T08:00:00+00:00", "meta:og"), ("2023-10-27T08:00:00-05:00", "json-ld:datePublished"))
    kept, warnings = dates.checked(claims, None)
    assert kept[1].value is None
    assert warnings == ["false-offset: json-ld:datePublished"]
    for first, second in (
        (("2023-10-27T08:00:00+00:00", "time"), ("2023-10-27T08:00:00-05:00", "json-ld")),
        (("2023-10-27T08:00:00+00:00", "meta:og"), ("2023-10-27T09:00:00-05:00", "json-ld")),
        (("2023-10-27T08:00:00+02:00", "meta:og"), ("2023-10-27T08:00:00-05:00", "json-ld")),
    ):
        assert dates.checked(_claims(first, second), None)[1] == []


@given(
    st.integers(min_value=700_000_000, max_value=4_000_000_000),
    st.integers(min_value=-14 * 4, max_value=14 * 4),
)
def test_iso_round_trip(epoch: int, quarters: int) -> None:
    aware = datetime.fromtimestamp(epoch, timezone(timedelta(minutes=15 * quarters)))
    for written in (aware.isoformat(), aware.strftime("%Y%m%dT%H%M%S%z"), aware.strftime(" %Y-%m-%d %H:%M:%S %z")):
        read = dates.read_iso(written, None)
        assert read is not None
        assert read[0] == aware


def test_what_lies_before_the_site_is_impossible() -> None:
    kept, warnings = dates.checked(_claims(("2009-02-14T14:21+0100", "a"), ("2015-01-01", "b")), None, date(2014, 1, 1))
    assert [c.value for c in kept] == [None, "2015-01-01"]
    assert warnings == ["date-before-site: a"]


MONTHS = "Gennaio Febbraio Marzo Aprile Maggio Giugno Luglio Agosto Settembre Ottobre Novembre Dicembre"
moments = st.builds(
    lambda epoch, zone: datetime.fromtimestamp(epoch, zone),
    st.integers(min_value=700_000_000, max_value=1_890_000_000),
    st.sampled_from([UTC, ROME]),
)
written = st.one_of(
    moments.map(lambda moment: moment.isoformat()),
    moments.map(lambda moment: moment.strftime("%Y%m%dT%H%M%z")),
    moments.map(lambda moment: moment.date().isoformat()),
    st.text(max_size=30),
)
fields = st.sampled_from([dates.PUBLISHED, dates.MODIFIED])


@given(st.lists(st.tuples(fields, written), max_size=6), st.none() | moments)
def test_no_date_is_chosen_that_the_page_does_not_claim_or_that_cannot_be(
    pairs: list[tuple[str, str]], captured_at: datetime | None
) -> None:
    claims = [c for at, (name, raw) in enumerate(pairs) for c in dates.claim(name, raw, f"place-{at}", ROME)]
    kept, warnings = dates.checked(claims, captured_at)
    assert [(c.field, c.raw, c.source) for c in kept] == [(c.field, c.raw, c.source) for c in dict.fromkeys(claims)]
    assert len(warnings) == sum(c.value is None for c in kept)
    for name in (dates.PUBLISHED, dates.MODIFIED):
        moment = dates.chosen(kept, name)
        assert moment is None or moment in [dates.instant(c) for c in kept if c.field == name]
        assert moment is None or captured_at is None or moment <= captured_at + timedelta(minutes=10)


@given(
    st.dates(date(1995, 1, 1), date(2029, 1, 1)),
    st.sampled_from(["{0.day} {1} {0.year}", "giovedì {0.day} {1} {0.year}"]),
)
def test_an_italian_day_without_an_hour_stays_that_day(day: date, shape: str) -> None:
    months = MONTHS.split()
    found = list(dates.claim(dates.PUBLISHED, shape.format(day, months[day.month - 1]), "visible", ROME, visible=True))
    assert dates.chosen(found, dates.PUBLISHED) is None
    assert dates.chosen_day(found, ROME) == day


@given(moments)
def test_a_time_shown_by_the_minute_is_that_minute(moment: datetime) -> None:
    shown = f"{moment.astimezone(ROME):%H:%M %d.%m.%Y}"
    found = list(dates.claim(dates.PUBLISHED, shown, "visible", ROME, visible=True))
    read = dates.chosen(found, dates.PUBLISHED)
    assert read is not None
    assert f"{read.astimezone(ROME):%H:%M %d.%m.%Y}" == shown


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("2020-01-02T10:00+23:59", "2020-01-02T10:00:00+23:59"),
        ("2020-01-02T10:00-03", "2020-01-02T10:00:00-03:00"),
        ("2020-01-02T10:00 GMT", "2020-01-02T10:00:00+00:00"),
        # no offset from UTC is of a day or more: then the page's clock counts
        ("2020-01-02T10:00+24:00", "2020-01-02T10:00:00+01:00"),
        ("2020-01-02T10:00-99:00", "2020-01-02T10:00:00+01:00"),
    ],
)
def test_the_offset_of_an_iso_text(raw: str, read: str) -> None:
    found = dates.read_iso(raw, timezone(timedelta(hours=1)))
    assert found is not None
    assert found[0].isoformat() == read
