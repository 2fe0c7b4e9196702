"""The date line of the platform's pages."""

from datetime import timedelta, timezone

from crawler.extraction.templates.sputnik.visible_date import clock_claims, is_clock, split_updated

ROME = timezone(timedelta(hours=1))


def test_the_platform_s_date_line_claims_both_dates() -> None:
    line = "14:21 14.02.2022 (aggiornato: 14:37 14.02.2022)"
    assert is_clock(line)
    assert [(claim.field, claim.value) for claim in clock_claims(line, ROME)] == [
        ("published_at", "2022-02-14T14:21:00+01:00"),
        ("modified_at", "2022-02-14T14:37:00+01:00"),
    ]
    assert list(clock_claims("14:21 di ieri", ROME)) == []
    assert not is_clock("14:21 di ieri") and not is_clock(f"{line} {'x' * 31}")
    assert [claim.field for claim in clock_claims("14:21 14.02.2022 URL abbreviato", ROME)] == ["published_at"]


def test_updated_time_is_split_off() -> None:
    published, updated = split_updated("14:21 14.02.2022 (aggiornato: 14:37 14.02.2022)")
    assert (published.strip(), updated) == ("14:21 14.02.2022", "14:37 14.02.2022")
    assert split_updated("14:21 14.02.2022") == ("14:21 14.02.2022", None)
