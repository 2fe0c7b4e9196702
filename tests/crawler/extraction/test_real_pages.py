"""Real pages beside the checkout (none of their text is kept here): compared with what independent selectors see."""

import gzip
import json
from pathlib import Path

import pytest
from lxml import html

from crawler.extraction.extract import extract
from crawler.extraction.pages.page import Page
from crawler.extraction.refusals import PageRefused
from storage.article import Article

SHARED = Path(__file__).resolve().parents[4] / "shared"
PAGES = SHARED / "pages"
BENCHMARK = SHARED / "benchmarks" / "article-extraction-benchmark"
needs_pages = pytest.mark.skipif(not PAGES.is_dir(), reason="no real pages in ../shared/pages")
needs_benchmark = pytest.mark.skipif(not BENCHMARK.is_dir(), reason="no benchmark in ../shared/benchmarks")

REAL = sorted(PAGES.glob("*/*.html"))
PARAGRAPHS = {
    "sputnik": "//*[@itemprop='articleBody']/*[self::p or self::blockquote][not(contains(@class, 'disclaimer'))]",
    "jnews": "//*[contains(concat(' ', @class, ' '), ' content-inner ')]/p",
}
HEADLINE = "//h1[contains(@class, 'jeg_post_title')] | //*[contains(@class, 'header-title')]/h1"
OUTSIDE = (
    "//*[contains(@class, 'related') or contains(@class, 'authorbox') or contains(@class, 'm-a-box') or "
    "contains(@class, 'disclaimer') or contains(@class, 'modal') or contains(@class, 'jeg_post_tags') or "
    "contains(@class, 'jeg_sidebar') or contains(@class, 'google-news')]"
    "[not(.//*[contains(@class, 'content-inner')])]//*[self::p or self::h3 or self::a]"
)


def _tree(path: Path) -> html.HtmlElement:
    return html.fromstring(path.read_bytes().decode("utf-8"))


def _article(path: Path) -> Article:
    canonical = _tree(path).xpath("//link[@rel='canonical']/@href")
    return extract(Page.from_bytes(path.read_bytes(), canonical[0]))


def _text(element: html.HtmlElement) -> str:
    for silent in element.xpath(".//script | .//style | .//figure"):
        silent.drop_tree()
    return " ".join(element.text_content().split())


@needs_pages
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem)
class TestRealPage:
    def test_body_is_exactly_the_containers_paragraphs(self, path: Path) -> None:
        seen = [text for element in _tree(path).xpath(PARAGRAPHS[path.parent.name]) if (text := _text(element))]
        found = [block.text for block in _article(path).blocks if block.type.value in ("paragraph", "quote")]
        assert found == seen

    def test_headline_is_the_visible_one(self, path: Path) -> None:
        assert _article(path).headline == _text(_tree(path).xpath(HEADLINE)[0])

    def test_nothing_from_outside_the_text(self, path: Path) -> None:
        body = _article(path).body
        outside = [text for element in _tree(path).xpath(OUTSIDE) if len(text := _text(element)) > 40]
        assert not [text for text in outside if text in body]

    def test_nothing_twice(self, path: Path) -> None:
        texts = [block.text for block in _article(path).blocks]
        assert len(texts) == len(set(texts))

    def test_time_picture_language_and_id_are_there(self, path: Path) -> None:
        article = _article(path)
        assert article.published_at is not None
        assert article.published_at.utcoffset() is not None
        assert article.images
        assert article.language in ("en", "es")
        assert article.native_id
        assert article.native_id in path.read_text("utf-8", "replace")

    def test_keywords_are_the_visible_tags(self, path: Path) -> None:
        tags = [_text(a) for a in _tree(path).xpath("//*[contains(@class, 'jeg_post_tags')]//a")]
        assert list(_article(path).keywords) == tags


@needs_benchmark
def test_benchmark_pages_are_read_or_refused() -> None:
    truth = json.loads((BENCHMARK / "ground-truth.json").read_text("utf-8"))
    refused = []
    for name, page in truth.items():
        body = gzip.decompress((BENCHMARK / "html" / f"{name}.html.gz").read_bytes())
        try:
            extract(Page.from_bytes(body, page["url"]))
        except PageRefused as refusal:
            refused.append(f"{refusal} {page['url']}")
    assert refused == []
