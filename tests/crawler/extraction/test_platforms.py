"""A platform and a site on it are added by new files alone; the guide's own example is such a platform."""

import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import spiders
from crawler import registry
from crawler.extraction import platforms, templates
from crawler.extraction.extract import extract
from crawler.extraction.extract_flattened import extract_flattened
from crawler.extraction.pages.page import Page

GUIDE = (Path(__file__).parents[3] / "CONTRIBUTING.md").read_text(encoding="utf-8")
SECTION = GUIDE.partition("## Add a platform")[2].partition("\n## ")[0]
SITE = '''
from zoneinfo import ZoneInfo

from web_poet import handle_urls

from crawler.extraction.templates.bollettino import BollettinoPage
from crawler.site import ArticleUrl, Site

SITE = Site(
    name="faro",
    title="Il Faro",
    hosts=("faro.example",),
    timezone=ZoneInfo("Europe/Rome"),
    language="it",
    parse_url=lambda url: ArticleUrl(canonical_url=url) if url.endswith(".html") else None,
)


@handle_urls("faro.example")
class FaroPage(BollettinoPage):
    """Nothing but the platform's markup."""
'''
TEXT = "Undici barche di carta hanno attraversato ieri il bacino piccolo del porto vecchio, sotto la pioggia."
PAGE = f"""<html lang="it"><head><meta property="og:type" content="article"></head><body><h1>La regata</h1>
<div class="{{body}}"><p>{TEXT}</p><p class="bollettino-nota">Compra una barca!</p></div></body></html>"""
DUMP = f"La regata\n5 gennaio 2026\n{TEXT}\nPubblicato con Bollettino\n"


@pytest.fixture(scope="module")
def added(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The two files, in folders of their own that the packages are extended by; web-poet keeps rules for good."""
    monkeypatch = pytest.MonkeyPatch()
    named, code = re.search(r"`crawler/extraction/templates/(\w+\.py)`:\n\n```python\n(.*?)```", SECTION, re.S).groups()  # type: ignore[union-attr]
    for package, name, text in ((templates, named, code), (spiders, "faro.py", SITE)):
        folder = tmp_path_factory.mktemp(package.__name__)
        (folder / name).write_text(text, encoding="utf-8")
        monkeypatch.setattr(package, "__path__", [*package.__path__, str(folder)])
    _forget()
    yield
    for name in ("crawler.extraction.templates.bollettino", "spiders.faro"):
        sys.modules.pop(name, None)
    monkeypatch.undo()
    _forget()


def _forget() -> None:
    platforms.all_platforms.cache_clear()
    registry.forget()


def _extracted(url: str, body: str = "bollettino-testo") -> tuple[str | None, list[str], tuple[str, ...]]:
    article = extract(Page(url=url, html=PAGE.format(body=body)))
    return article.site, [block.text for block in article.blocks], article.warnings


@pytest.mark.usefixtures("added")
def test_the_page_of_a_site_on_the_platform() -> None:
    assert _extracted("https://faro.example/regata.html") == ("faro", [TEXT], ("date-unknown",))


@pytest.mark.usefixtures("added")
def test_the_page_of_an_unknown_site_on_the_platform() -> None:
    assert _extracted("https://altro.example/regata.html") == ("altro.example", [TEXT], ("date-unknown",))


@pytest.mark.usefixtures("added")
def test_a_known_site_s_page_in_unknown_markup() -> None:
    site, texts, warnings = _extracted("https://faro.example/regata.html", body="altro-nome")
    assert (site, texts[0]) == ("faro", TEXT)
    assert "template-unknown" in warnings


@pytest.mark.usefixtures("added")
def test_a_flattened_dump_of_the_platform() -> None:
    article = extract_flattened(DUMP, url="https://faro.example/regata.html")
    assert (article.site, article.headline, article.language) == ("faro", "La regata", "it")
    assert str(article.published_date) == "2026-01-05"
    assert [block.text for block in article.blocks] == [TEXT]


@pytest.mark.usefixtures("added")
def test_platforms_are_found_by_scanning_and_the_unspecific_one_is_tried_last() -> None:
    assert [platform.name for platform in platforms.all_platforms()] == ["bollettino", "sputnik", "jnews"]


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        (
            "http://mundo.sputniknews.com/amp/20220101/x-12345.html?a=b",
            "https://mundo.sputniknews.com/20220101/x-12345.html",
        ),
        ("https://altro.example/chi-siamo/", None),
    ],
)
def test_a_url_on_a_host_of_no_site_is_read_by_a_platform_s_grammar(url: str, canonical: str | None) -> None:
    found = platforms.parse_platform_url(url)
    assert (found and found.canonical_url) == canonical


def test_capture_times_are_alike_between_changes_of_a_platform_s_markup() -> None:
    before, later, after = (datetime(year, 6, 1, tzinfo=UTC) for year in (2018, 2019, 2022))
    assert platforms.markup_on(before) == platforms.markup_on(later) != platforms.markup_on(after)
