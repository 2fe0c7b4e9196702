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


def test_a_link_counts_once_for_each_relation_however_often_it_names_that() -> None:
    found = _read('<link rel="canonical Canonical shortlink canonical" href="/a"><link rel="canonical" href="/a">')
    assert found.links == {"canonical": ["/a", "/a"], "shortlink": ["/a"]}


def test_a_property_of_a_nested_item_has_the_outer_s_name_before_it() -> None:
    structured = _read(
        '<div itemscope><h1 itemprop="headline">Uno</h1><div itemprop="author" itemscope>'
        '<meta itemprop="name" content="Ada"></div>'
        '<time itemprop="datePublished" datetime="2026-01-05">ieri</time></div>'
    )
    assert structured.micro_first("headline") == "Uno"
    assert structured.micro_first("author/name") == "Ada"
    assert structured.micro_first("datePublished") == "2026-01-05"


def test_a_news_article_stands_before_other_articles() -> None:
    structured = _read(
        _script('[{"@type": "Article", "headline": "Uno"}, {"@type": "NewsArticle", "headline": "Due"}]')
    )
    assert [node["headline"] for node in structured.articles] == ["Due", "Uno"]


def test_a_reference_with_a_type_is_resolved_and_a_node_with_facts_is_not() -> None:
    structured = _read(_script('{"@type": "Person", "@id": "#a", "name": "Ada", "url": "/ada"}'))
    assert structured.resolve({"@type": "Person", "@id": "#a"})["name"] == "Ada"
    assert structured.resolve({"@id": "#a", "name": "Ugo"}) == {"@id": "#a", "name": "Ugo"}
    assert structured.resolve({"@type": "Person"}) == {"@type": "Person"}
    assert structured.resolve({"@id": 7}) == {"@id": 7}


def test_only_scripts_of_json_ld_with_something_in_them_are_read() -> None:
    assert _read('<script>{"@type": "Article"}</script>').json_ld == ()
    empty = _read(_script("  ") + '<script type="application/ld+json"></script>')
    assert (empty.json_ld, empty.broken) == ((), 0)
    capitals = '<script type="Application/LD+JSON; charset=utf-8">{"@type": "Article"}</script>'
    assert len(_read(capitals).articles) == 1


@pytest.mark.parametrize(("levels", "found"), [(8, 1), (9, 0)])
def test_lists_and_nodes_in_each_other_are_read_to_a_depth(levels: int, found: int) -> None:
    nodes = '{"mainEntity": ' * levels + '{"@type": "Article"}' + "}" * levels
    assert len(_read(_script(nodes)).articles) == found
    assert len(_read(_script("[" * levels + '{"@type": "Article"}' + "]" * levels)).articles) == found


def test_a_thousand_nodes_are_read() -> None:
    structured = _read(_script('[{"@type": "Article"}' + ', {"@type": "Article"}' * 1200 + "]") + _script("{"))
    assert (len(structured.json_ld), structured.broken, structured.cut) == (1000, 0, False)


def test_values_of_properties() -> None:
    structured = _read(
        "<div itemscope><a itemprop='author url' href='/ada'> Ada </a><link itemprop='image' href=' /i.jpg '>"
        "<p itemprop='author'>Ugo</p><div itemprop='review' itemscope content='bello'>x</div>"
        "<div itemprop='author' itemscope><div itemscope><p itemprop='name'>Eva</p></div></div></div>"
    )
    assert structured.microdata == {
        "author": ["Ada", "Ugo"],
        "url": ["Ada"],
        "image": ["/i.jpg"],
        "review": ["bello"],
        "name": ["Eva"],
    }
    assert structured.micro_first("missing", "author") == "Ada"


def test_properties_are_named_by_the_items_around_them_from_the_outside() -> None:
    logo = "<div itemprop='logo more' itemscope><b itemprop='url'>/l.png</b></div>"
    assert _read(f"<div itemscope><div itemprop='publisher' itemscope>{logo}</div></div>").microdata == {
        "publisher/logo/url": ["/l.png"]
    }


def test_many_properties_in_each_other_are_read_to_a_depth() -> None:
    few = _read("<p itemprop='a'>" + "<b itemprop='b'>" * 25 + "x")
    assert len(few.microdata["b"]) == 25
    many = _read("<i itemprop='c'>y</i>" * 100 + "<p itemprop='a'>" + "<b itemprop='b'>" * 25 + "x")
    assert (len(many.microdata["c"]), len(many.microdata["a"]), len(many.microdata["b"])) == (100, 1, 19)


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


def test_few_properties_in_each_other_are_read_to_any_depth() -> None:
    deep = "<p itemprop='a'>" + "<b itemprop='b'>" * 25 + "x"
    for others, read in ((73, 25), (74, 19)):  # a hundred with those in each other
        assert len(_read("<i itemprop='c'>y</i>" * others + deep).microdata["b"]) == read


def test_scripts_are_read_until_a_thousand_are_broken() -> None:
    structured = _read(_script("{") * 1002 + _script('{"@type": "Article"}'))
    assert (structured.broken, structured.articles) == (1001, [])
    assert len(_read(_script("{") * 1000 + _script('{"@type": "Article"}')).articles) == 1


def test_two_million_characters_of_json_are_read() -> None:
    first, last = '{"@type": "Person", "name": ""}', '{"@type": "Article"}'
    for size, cut in ((2_000_000, False), (2_000_001, True)):
        filled = first.replace('""', f'"{"x" * (size - len(first) - len(last))}"')
        structured = _read(_script(filled) + _script(last))
        assert (structured.cut, len(structured.json_ld)) == (cut, 1 if cut else 2)


@pytest.mark.parametrize(("levels", "name"), [(99, "author/name"), (100, "name")])
def test_the_item_of_a_property_is_looked_for_in_a_hundred_levels(levels: int, name: str) -> None:
    deep = "<i>" * levels + "<b itemprop='name'>Ada</b>" + "</i>" * levels
    assert _read(f"<div itemprop='author' itemscope>{deep}</div>").microdata == {name: ["Ada"]}
