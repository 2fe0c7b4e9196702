"""An explanation says of a page what `extract` makes of it, and from where."""

import json
from collections.abc import Iterator

import pytest
from lxml import html

from crawler.extraction.explanation import explain
from crawler.extraction.explanation_page import explanation_page
from crawler.extraction.extract import extract
from crawler.extraction.generic.trim import trim_rules, trimmed
from crawler.extraction.pages.page import Page
from crawler.registry import SiteSource, site_sources, use_sources
from newsstand.message import Request
from newsstand.newsroom import Newsroom
from storage.article import Block, BlockType

TEXT = "Undici barche di carta hanno attraversato ieri il bacino piccolo del porto vecchio, davanti a molti curiosi."
PAGE = f"""<html lang="it"><head><title>La regata | Il Molo</title>
<meta property="og:title" content="La regata di carta">
<meta property="og:type" content="article"><meta property="article:published_time" content="2026-01-05T09:30:00+01:00">
<script>alert("from the archive")</script></head><body onload="alert(1)"><nav><a href="/">Home page del Molo</a></nav>
<article class="testo"><h1>La regata di carta</h1><p class="firma">di Nives Bordolana</p><p>{TEXT}</p>
<p>{TEXT[::-1]}</p>
<p onclick="alert(2)" style="background:url(http://tracker.example/)">La prossima edizione si terrà in primavera, con
una giuria di bambini.</p><img src="http://tracker.example/x.png"><iframe src="http://tracker.example/"></iframe></article>
<footer>Via del Molo 1, tutti i diritti riservati</footer></body></html>"""
URL = "https://ilmolo.example/regata"


def test_the_fields_are_those_of_the_article_with_their_sources() -> None:
    page = Page(url=URL, html=PAGE)
    found, article = explain(page), extract(Page(url=URL, html=PAGE)).as_json()
    fields = {one.name: one for one in found.fields}
    for name in ("headline", "authors", "published_at", "published_date", "language", "word_count"):
        assert fields[name].value == article[name]
    assert fields["headline"].source == "meta:og:title"
    assert ("h1", "La regata di carta") in [(one.source, one.value) for one in fields["headline"].candidates]
    assert fields["published_at"].source == "meta:article:published_time"
    assert fields["authors"].source == "byline"
    assert found.refusal is None and found.agreement is not None and found.agreement > 0.9
    assert found.container is not None and "article.testo" in found.container


def test_the_parts_of_the_confidence_are_the_number() -> None:
    """Of a text that is not short their sum is it."""
    more = "".join(f"<p>{TEXT.replace('Undici', count)}</p>" for count in ("Dodici", "Tredici", "Quindici", "Venti"))
    page = Page(url=URL, html=PAGE.replace("</article>", f"{more}</article>"))
    article = extract(page)
    assert article.word_count >= 60 and article.confidence is not None
    whole = sum(part.value for part in explain(page).confidence)
    assert round(max(0.0, min(1.0, whole)), 2) == article.confidence


def test_the_blocks_are_kept_as_the_article_has_them() -> None:
    found = explain(Page(url=URL, html=PAGE))
    kept = {one.text: one.reasons for one in found.blocks if one.is_kept}
    assert TEXT in kept and kept[TEXT][0] == "trafilatura took it"
    left = {one.text for one in found.blocks if not one.is_kept}
    assert {"Home page del Molo", "Via del Molo 1, tutti i diritti riservati"} <= left


def test_no_block_is_kept_that_the_article_has_not() -> None:
    found, article = explain(Page(url=URL, html=PAGE)), extract(Page(url=URL, html=PAGE))
    kept = [one.text for one in found.blocks if one.is_kept]
    assert kept and all(text in " ".join(article.body.split()) for text in kept)


def test_a_block_that_was_trimmed_says_so() -> None:
    tail = "<h3>Leggi anche</h3><p>Un altro articolo del giornale, con un titolo abbastanza lungo da leggere.</p>"
    page = PAGE.replace("<img ", f"{tail}<img ")
    found, article = explain(Page(url=URL, html=page)), extract(Page(url=URL, html=page))
    for one in found.blocks:
        assert one.is_kept == (one.text in " ".join(article.body.split())) or one.text == article.headline, one.text
    named = [reason for one in found.blocks for reason in one.reasons if "named like boilerplate" in reason]
    assert any("nav" in reason or "footer" in reason for reason in named)


@pytest.mark.parametrize(
    ("url", "body", "reason"),
    [
        ("https://ilmolo.example/x", "<html><body><h1>Accesso negato</h1></body></html>", "access-denied"),
        ("https://ilmolo.example/", "<html><body class='home'><h2><a href='/a'>Una notizia</a></h2></body></html>", ""),
    ],
)
def test_a_refusal_is_explained(url: str, body: str, reason: str) -> None:
    found = explain(Page(url=url, html=body))
    assert found.refusal is not None and (found.refusal[0] == reason or not reason)
    json.dumps(found.as_json())


def test_a_page_of_a_template() -> None:
    room = Newsroom(articles=10, seed=3)
    truth = next(iter(room.truth("alanews")))
    answer = room.respond(Request("GET", "https", "alanews.it", truth["url"].partition("alanews.it")[2], "", {}))
    found = explain(Page.from_bytes(answer.body, truth["url"]))
    assert found.reader.startswith("AlanewsPage")
    assert dict(found.fits)["jnews"]
    fields = {one.name: one for one in found.fields}
    assert fields["headline"].value == truth["headline"]
    assert any(one.is_kept for one in found.blocks) and not all(one.is_kept for one in found.blocks)
    assert found.agreement is not None


def test_the_page_is_marked_and_runs_nothing() -> None:
    page = Page(url=URL, html=PAGE)
    written = explanation_page(page, explain(page))
    tree = html.fromstring(written)
    marked = {one.text_content().strip(): one.get("data-emeroteca") for one in tree.xpath("//*[@data-emeroteca]")}
    assert marked[TEXT] == "kept"
    assert marked["Via del Molo 1, tutti i diritti riservati"] == "left"
    assert "Content-Security-Policy" in written
    body = written.partition("<main>")[2]
    for part in ("<script", "onload", "onclick", "tracker.example", "<iframe", "<img", "href="):
        assert part not in body
    assert "data-emeroteca" not in html.tostring(page.tree, encoding="unicode")


def test_each_rule_that_trims_is_named() -> None:
    texts = ("La regata", "di Nives", TEXT, TEXT[::-1], TEXT, "Leggi anche:", "Il mercato del pesce torna in piazza")
    blocks = [Block(type=BlockType.PARAGRAPH, text=text) for text in texts]
    rules = {id(left): rule for left, rule in trim_rules(blocks, ["La regata"])}
    assert [rules.get(id(block), "").partition(",")[0] for block in blocks] == [
        *("the headline", "a short line before the text begins", "", "", "a repetition of another block"),
        *("the tail of the text", "the tail of the text"),
    ]
    assert trimmed(blocks, ["La regata"]) == [block for block in blocks if id(block) not in rules]


SITE_FILE = """name = "ilmolo"
hosts = ["ilmolo.example"]
[selectors]
body = ".testo"
drop = [".condividi", "aside.box"]
headline = "h1"
authors = ".firma"
"""


@pytest.fixture
def described() -> Iterator[None]:
    before = site_sources()
    use_sources((SiteSource("ilmolo.toml", SITE_FILE),))
    yield
    use_sources(before)


@pytest.mark.usefixtures("described")
def test_what_a_selector_drops_names_it() -> None:
    noise = "<aside class='box'>Iscriviti alla lettera del molo</aside><p hidden>Testo nascosto del molo</p>"
    noise += "<div class='sharedaddy'>Condividi la regata</div>"
    page = PAGE.replace("<img ", f"{noise}<img ")
    found = explain(Page(url=URL, html=page))
    assert found.reader.startswith("SelectorPage")
    reasons = {one.text: (one.is_kept, *one.reasons) for one in found.blocks}
    assert reasons["Iscriviti alla lettera del molo"] == (
        False,
        "dropped: aside.box is selected by selectors.drop 'aside.box'",
    )
    assert reasons["Testo nascosto del molo"] == (False, "dropped: p is hidden")
    assert reasons["Condividi la regata"] == (False, "dropped: div.sharedaddy has the role drop by its class")
    assert reasons["Home page del Molo"] == (False, "outside the template's body")
    assert reasons[TEXT] == (True, "the template's body has it")
    sources = {one.name: one.source for one in found.fields}
    assert (sources["headline"], sources["authors"]) == ("selector", "selector")


def test_the_source_of_a_field_is_what_was_read_not_what_is_alike() -> None:
    """Title, headline and metadata say the same, and htmldate repeats the declared day."""
    node = {
        "@type": "NewsArticle",
        "headline": "La regata di carta",
        "articleSection": "Porto",
        "keywords": "vela, molo",
    }
    node |= {"author": {"@type": "Organization", "name": "Il Molo"}}
    page = PAGE.replace("<head>", f'<head><script type="application/ld+json">{json.dumps(node)}</script>')
    sources = {one.name: one.source for one in explain(Page(url=URL, html=page)).fields}
    assert sources["headline"] == "json-ld:headline"
    assert sources["section"] == "json-ld:articleSection"
    assert sources["keywords"] == "json-ld:keywords"
    assert sources["authors"] == "byline"
    assert (sources["published_at"], sources["published_date"]) == ("meta:article:published_time", "htmldate")
    assert sources["description"] is None and sources["canonical_url"] is None
