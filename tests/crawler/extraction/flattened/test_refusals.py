"""A dump without an article is refused, and the refusal says why."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.extraction.extract_flattened import extract_flattened
from crawler.extraction.refusals import PageRefused, RefusalReason

MENU = "  • Cronaca\n  • Esteri\nNo Result\nView All Result\n  • Login\n"
LOGIN = "Welcome Back!\nLogin to your account below\nForgotten Password?\nRetrieve your password\nLog In\n"
FIXTURE = Path(__file__).parents[3] / "fixtures" / "flat" / "sputnik-comments" / "dump.txt"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", RefusalReason.EMPTY_BODY),
        (" \r\n\t\n", RefusalReason.EMPTY_BODY),
        ("Access Denied\nYou don't have permission to access this page.\nReference #18", RefusalReason.ACCESS_DENIED),
        ("404\nPagina non trovata\nTorna alla home", RefusalReason.ERROR_PAGE),
        (MENU, RefusalReason.NOT_AN_ARTICLE),
        (LOGIN, RefusalReason.NOT_AN_ARTICLE),
        (MENU + LOGIN + MENU, RefusalReason.NOT_AN_ARTICLE),
    ],
)
def test_no_article(text: str, reason: RefusalReason) -> None:
    with pytest.raises(PageRefused) as refusal:
        extract_flattened(text)
    assert refusal.value.reason is reason


def test_a_headline_without_text() -> None:
    dump = (
        "https://it.sputniknews.com/20220301/una-storia-14000001.html\nUna storia\nUn lede. 01.03.2022, Sputnik Italia"
    )
    with pytest.raises(PageRefused) as refusal:
        extract_flattened(dump)
    assert refusal.value.reason is RefusalReason.NO_TEXT


def test_a_date_after_the_capture_is_set_aside() -> None:
    article = extract_flattened(FIXTURE.read_text(), captured_at=datetime(2021, 5, 1, tzinfo=UTC))
    assert (article.published_at, article.published_date) == (None, None)
    assert any(warning.startswith("date-after-capture") for warning in article.warnings)


def test_the_caller_s_url_wins() -> None:
    dump = (FIXTURE.parent.parent / "sputnik-gallery" / "dump.txt").read_text()
    article = extract_flattened(dump, url="https://it.sputniknews.com/20220108/il-mercato-14520001.html?utm_source=x")
    assert article.canonical_url == "https://it.sputniknews.com/20220108/il-mercato-14520001.html"
    assert article.native_id == "14520001"
    assert "url-unknown" not in article.warnings
