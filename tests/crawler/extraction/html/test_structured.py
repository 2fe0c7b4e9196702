"""Structured data is read from markup with the usual faults."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import document_fromstring

from crawler.extraction.html.structured import Structured


def _read(markup: str) -> Structured:
    return Structured.read(document_fromstring(f"<html><body>{markup}</body></html>"))


def _script(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


@pytest.mark.parametrize(
    "text",
    [
        '{"@type": "NewsArticle", "headline": "Uno"}',
        '{"@graph": [{"@type": "WebPage"}, {"@type": ["NewsArticle"], "headline": "Uno"}]}',
        '<!-- {"@type": "NewsArticle", "headline": "Uno",} -->',
        '//<![CDATA[\n{"@type": "https://schema.org/NewsArticle", "headline": "Uno"}\n//]]>',
        '{"@type": "WebPage", "mainEntity": {"@type": "NewsArticle", "headline": "Uno"}}',
    ],
)
def test_the_article_is_found(text: str) -> None:
    structured = _read(_script(text))
    assert [node["headline"] for node in structured.articles] == ["Uno"]
    assert structured.broken == 0


def test_a_script_that_cannot_be_read_is_counted() -> None:
    structured = _read(_script('{"@type": ') + _script('{"@type": "Article"}'))
    assert (structured.broken, len(structured.articles)) == (1, 1)


def test_a_reference_is_resolved() -> None:
    structured = _read(_script('[{"@type": "Person", "@id": "#a", "name": "Ada"}, {"@type": "Person", "@id": "#b"}]'))
    assert structured.resolve({"@id": "#a"})["name"] == "Ada"
    assert structured.resolve({"@id": "#c"}) == {"@id": "#c"}
    assert structured.resolve("Ada") == "Ada"


def test_meta_and_links() -> None:
    structured = _read(
        '<meta property="OG:Title" content=" Uno "><meta name="author" content="Ada"><meta name="author" content="Ugo">'
        '<meta itemprop="datePublished" content="2026"><meta name="empty"><link rel="Canonical Alternate" href=" /a ">'
    )
    assert structured.meta_first("none", "og:title") == "Uno"
    assert structured.meta_all("author") == ["Ada", "Ugo"]
    assert structured.meta_first("itemprop:datePublished") == "2026"
    assert structured.links == {"canonical": ["/a"], "alternate": ["/a"]}
    assert "missing" not in structured.meta


def test_a_property_of_a_nested_item_has_the_outer_s_name_before_it() -> None:
    structured = _read(
        '<div itemscope><h1 itemprop="headline">Uno</h1><div itemprop="author" itemscope>'
        '<meta itemprop="name" content="Ada"></div>'
        '<time itemprop="datePublished" datetime="2026-01-05">ieri</time></div>'
    )
    assert structured.micro_first("headline") == "Uno"
    assert structured.micro_first("author/name") == "Ada"
    assert structured.micro_first("datePublished") == "2026-01-05"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text("ab@", max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["@type", "@id", "@graph", "item", "name"]), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(JSON)
def test_any_json_is_read(data: object) -> None:
    structured = _read(_script(json.dumps(data)))
    assert structured.broken == (data is None)
    assert all("@type" in node for node in structured.json_ld)
