"""trafilatura as the witness of a page object, and as the reader in its place."""

from pathlib import Path

import pytest

from crawler.extraction.extract import extract, extract_with_witness
from crawler.extraction.generic import witness
from crawler.extraction.pages.page import Page
from crawler.extraction.refusals import PageRefused, RefusalReason
from crawler.extraction.version import Reader, extractor_of
from storage.article import BlockType
from storage.exceptions import InvalidArgument

URL = "https://alanews.it/cronaca/il-faro-riapre/"
SENTENCES = [
    f"Il faro numero {n} del porto di Castel Verde riapre dopo {n + 2} anni di lavori e di attesa." for n in range(8)
]
BODY = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
#: The template's box of related posts, which the page object drops.
BOX = '<div class="jnews_inline_related_post"><p>Leggi anche: la barca della domenica torna al molo.</p></div>'


def page(content: str, around: str = "", url: str = URL) -> Page:
    html = f"""<html lang="it"><head><title>Il faro riapre - alanews</title>
    <meta property="og:type" content="article">
    <meta property="article:published_time" content="2026-01-20T10:00:00+01:00">
    </head><body class="single single-post"><article class="post"><h1 class="jeg_post_title">Il faro riapre</h1>
    <div class="entry-content"><div class="content-inner">{content}</div></div>{around}</article></body></html>"""
    return Page.from_bytes(html.encode(), url=url, content_type="text/html; charset=utf-8")


def test_both_readers_agree_on_a_known_template() -> None:
    extraction = extract_with_witness(page(BODY))
    assert extraction.agreement is not None
    assert extraction.agreement > 0.9
    assert extraction.article == extract(page(BODY))


def test_agreement_falls_where_the_template_has_changed() -> None:
    """Half of the text stands outside of the element that the page object knows."""
    half = BODY[: len(BODY) // 2].rpartition("<p>")[0]
    changed = extract_with_witness(page(half, f'<div class="story-part">{BODY.removeprefix(half)}</div>'))
    assert changed.agreement is not None
    assert changed.agreement < 0.8


def test_a_page_without_a_known_template_has_no_agreement() -> None:
    assert extract_with_witness(page(BODY, url="https://news.example/2026/01/faro.html")).agreement is not None
    other = f"<html><head><title>Il faro riapre</title></head><body><h1>Il faro riapre</h1>{BODY}</body></html>"
    generic = Page.from_bytes(other.encode(), url="https://news.example/2026/01/faro.html")
    assert extract_with_witness(generic).agreement is None


def test_pages_too_large_for_trafilatura_are_read_by_the_page_object_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(witness, "_TOO_LARGE", lambda tree: True)
    assert extract_with_witness(page(BODY)).agreement is None
    with pytest.raises(PageRefused) as refused:
        extract(page(BODY), Reader.TRAFILATURA)
    assert (refused.value.reason, refused.value.detail) == (RefusalReason.NO_TEXT, "too large for trafilatura")


@pytest.mark.parametrize("url", [URL, "https://news.example/2026/01/faro.html"])
def test_trafilatura_reads_what_the_page_object_leaves(url: str) -> None:
    read = page(BODY + BOX, f'<div class="altro"><p>{SENTENCES[0].replace("faro", "molo")}</p></div>', url)
    own, other = extract(read), extract(read, Reader.TRAFILATURA)
    assert [block.text for block in other.blocks if block.type is BlockType.PARAGRAPH][:8] == SENTENCES
    assert "Leggi anche" not in other.body
    assert "molo" in other.body, "outside of the container, which trafilatura does not know"
    assert "molo" not in own.body
    assert (other.headline, other.published_at, other.site) == (own.headline, own.published_at, own.site)


def test_trafilatura_reads_pages_without_a_template_too() -> None:
    other = f"<html><head><title>Il faro riapre</title></head><body><h1>Il faro riapre</h1>{BODY}</body></html>"
    generic = Page.from_bytes(other.encode(), url="https://news.example/2026/01/faro.html")
    assert extract(generic, Reader.TRAFILATURA).body == "\n\n".join(SENTENCES)


def test_real_markup_of_both_sites_is_read_by_either_reader() -> None:
    for name, url in (
        ("alanews/picture-first-autoload", "https://alanews.it/cronaca/nebbia/"),
        ("sputniknews/g2-short", "https://it.sputniknews.com/20220214/nebbia-15000000.html"),
    ):
        html = (Path(__file__).parents[2] / "fixtures" / name / "page.html").read_bytes()
        read = Page.from_bytes(html, url=url)
        assert (extract_with_witness(read).agreement or 0) > 0.9, name
        assert extract(read, Reader.TRAFILATURA).body, name


def test_another_reader_is_another_extractor() -> None:
    own, other = extractor_of(None), extractor_of(None, Reader.TRAFILATURA)
    assert other == f"{own} as reader"
    assert [Reader.of(own), Reader.of(other)] == list(Reader)
    with pytest.raises(InvalidArgument, match=r"'own' is no reader \(EMEROTECA_READER\): there are page-obj"):
        Reader("own")


@pytest.mark.parametrize(("divs", "is_read"), [(147, True), (148, False)])
def test_trafilatura_is_no_witness_of_pages_of_150_levels(divs: int, is_read: bool) -> None:
    deep = f"<html><body>{'<div>' * divs}{SENTENCES[0]}"
    try:
        witness.trafilatura_body(Page(url=URL, html=deep))
    except PageRefused:
        assert not is_read
    else:
        assert is_read


def test_trafilatura_is_no_witness_of_pages_of_more_than_20000_elements() -> None:
    with pytest.raises(PageRefused):
        witness.trafilatura_body(Page(url=URL, html=f"<html><body>{'<b></b>' * 19_999}</body></html>"))


def test_elements_of_known_classes_are_cut_before_trafilatura_reads() -> None:
    cut = "<div class='x vicino'>La barca della domenica torna al molo, dopo due anni di lavori e di attesa.</div>"
    read = Page(url=URL, html=f"<html class='vicino'><body><article>{BODY}{cut}</article></body></html>")
    texts = [block.text for block in witness.trafilatura_body(read, frozenset({"vicino"})).blocks]
    assert texts == SENTENCES
    assert len(read.tree.findall(".//div")) == 1, "the page stays as it is for its other readers"


def test_a_short_text_is_read_alone_where_the_page_is_known_to_be_an_article() -> None:
    short = f"<nav><a href='/'>Home</a></nav><h1>Il faro riapre</h1><article><p>{SENTENCES[0]}</p></article>"
    read = Page(url=URL, html=f"<html><body>{short}</body></html>")
    assert [block.text for block in witness.trafilatura_body(read, sure=True).blocks] == [SENTENCES[0]]
    assert [block.text for block in witness.trafilatura_body(read).blocks] != [SENTENCES[0]]
