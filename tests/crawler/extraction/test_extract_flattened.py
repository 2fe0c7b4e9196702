"""Which site a flattened dump is of, and what a dump without an article is."""

import pytest

from crawler.extraction.extract_flattened import extract_flattened
from crawler.extraction.refusals import PageRefused, RefusalReason

TEXT = "Undici barche di carta hanno attraversato ieri il bacino piccolo del porto vecchio, sotto la pioggia."
DUMP = f"La regata\n5 gennaio 2026\n{TEXT}\nLa colla ha tenuto fino alla boa, hanno detto gli equipaggi.\n"
FOREIGN, OWN = "https://altro.example/x", "https://alanews.it/porto/la-regata/"


@pytest.mark.parametrize(
    ("lines", "site"),
    [
        ("", None),
        # the first URL of a known site
        (OWN, "alanews"),
        (FOREIGN, None),
        (f"{FOREIGN}\n{OWN}", "alanews"),
        (f"{OWN}\n© Sputnik Italia", "alanews"),
        # its name in a copyright line, behind a title, in a line of its own
        ("© 2026 alanews", "alanews"),
        ("Redazione di alanews", None),
        ("© malanews", None),
        ("© Alanewsroom", None),
        ("La regata - alanews.it", "alanews"),
        ("La regata - info@alanews.it", None),
        ("ALANEWS", "alanews"),
        (f"© 2026 alanews\n{FOREIGN}", "alanews"),
    ],
)
def test_the_site_of_a_dump(lines: str, site: str | None) -> None:
    for dump in (f"{DUMP}{lines}\n", f"{lines}\n{DUMP}"):
        article = extract_flattened(dump)
        assert article.site == site
        assert ("site-unknown" in article.warnings) is (site is None)


def test_the_url_that_the_caller_knows_decides() -> None:
    assert extract_flattened(f"{OWN}\n{DUMP}", url="https://it.sputniknews.com/x").site == "sputniknews"
    assert extract_flattened(f"{OWN}\n{DUMP}", url=FOREIGN).site is None
    assert extract_flattened(f"{OWN}\n{DUMP}", url="la-regata").site == "alanews"


@pytest.mark.parametrize(
    ("dump", "reason"),
    [
        ("Access Denied", RefusalReason.ACCESS_DENIED),
        ("Bad gateway", RefusalReason.ERROR_PAGE),
        ("I cookie: accetta per continuare", RefusalReason.CONSENT_WALL),
        ("Access Denied".ljust(1200, "x"), RefusalReason.ACCESS_DENIED),
        ("Access Denied".ljust(1201, "x"), RefusalReason.NOT_AN_ARTICLE),
        ("La regata", RefusalReason.NOT_AN_ARTICLE),
    ],
)
def test_a_dump_without_an_article(dump: str, reason: RefusalReason) -> None:
    with pytest.raises(PageRefused) as refused:
        extract_flattened(dump)
    assert refused.value.reason is reason
