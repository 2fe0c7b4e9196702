"""What adds to the confidence that a page holds an article, and what takes from it."""

from datetime import date

import pytest

from crawler.extraction.checks.confidence import confidence, confidence_parts, names_list, says_article
from crawler.extraction.generic.page import TextShape
from crawler.extraction.pages.page import Page
from storage.article import Article, Block, BlockType

URL = "https://faro.example/porto/una-barca"


def article(words: int = 300, word: str = "barca", **fields: object) -> Article:
    text = " ".join([word] * words)
    return Article(
        url=URL,
        canonical_url=None,
        site=None,
        headline="Una barca",
        blocks=(Block(type=BlockType.PARAGRAPH, text=text),),
        **fields,
    )  # type: ignore[arg-type]


def shape(paragraphs: int = 6, teasers: int = 0, links: float = 0.0, agreement: float = 1.0) -> TextShape:
    return TextShape(paragraphs=paragraphs, teasers=teasers, links=links, agreement=agreement)


def page(body: str = "<h1>Una barca</h1>", head: str = "", url: str = URL, attributes: str = "") -> Page:
    return Page(url=url, html=f"<html><head>{head}</head><body {attributes}>{body}</body></html>")


def parts(found: Page, text: TextShape, of: Article) -> dict[str, float]:
    return {part.name: part.value for part in confidence_parts(found, text, of)}


MARK = '<meta property="og:type" content="article">'
DAY = {"published_date": date(2024, 2, 1)}


def test_a_long_dated_marked_text_is_beyond_doubt() -> None:
    assert confidence(page(head=MARK), shape(), article(600, **DAY)) == 1.0
    assert parts(page(head=MARK), shape(), article(600, **DAY)) == {
        "letters of the text": 0.3,
        "paragraphs": 0.1,
        "few links": 0.15,
        "trafilatura agrees": 0.1,
        "a date": 0.1,
        "a first headline": 0.05,
        "calls itself an article": 0.3,
        "trafilatura agrees on a long text": 0.3,
    }


@pytest.mark.parametrize(
    ("changed", "name", "value"),
    [
        ({"text": article(100)}, "letters of the text", 0.1498),
        ({"form": shape(paragraphs=1)}, "paragraphs", 0.0333),
        ({"form": shape(links=0.4)}, "few links", 0.09),
        ({"form": shape(links=1.5)}, "few links", None),
        ({"form": shape(agreement=0.5)}, "trafilatura agrees", 0.05),
        ({"text": article(300)}, "a date", None),
        ({"found": page("<p>x</p>")}, "a first headline", None),
        ({"found": page(head=MARK)}, "calls itself an article", 0.3),
        ({"text": article(300)}, "trafilatura agrees on a long text", 0.1199),
        ({"form": shape(paragraphs=5, teasers=3)}, "trafilatura agrees on a long text", None),
        ({"form": shape(paragraphs=4, teasers=2)}, "trafilatura agrees on a long text", None),
        ({"form": shape(paragraphs=5, teasers=2)}, "trafilatura agrees on a long text", 0.1199),
        ({"form": shape(teasers=2)}, "headings that lead elsewhere", None),
        ({"form": shape(teasers=3)}, "headings that lead elsewhere", -0.2),
        ({"form": shape(teasers=9)}, "headings that lead elsewhere", -0.4),
        ({"form": shape(teasers=3, paragraphs=0)}, "headings that lead elsewhere", -0.4),
        ({"form": shape(teasers=3), "found": page(head=MARK)}, "headings that lead elsewhere", -0.1),
        ({"found": page(attributes="class='category'")}, "calls itself a list", -0.3),
        ({"found": page(attributes="class='category'", head=MARK)}, "calls itself a list", None),
        ({"found": page(head='<meta property="og:type" content="Website">')}, "calls itself a site", -0.2),
        ({"found": page("<h1><a href='/'>Una barca</a></h1>")}, "headed by the site", -0.3),
        ({"found": page("<h1><a href='/x'>Una barca</a></h1>")}, "headed by the site", None),
        ({"found": page("<h1><a href='/'>Una</a> barca</h1>")}, "headed by the site", None),
        ({"found": page("<h1><a href='http://['>Una barca</a></h1>")}, "headed by the site", None),
        ({"found": page("<h1><a href='/'>Una barca</a></h1>"), "text": article(**DAY)}, "headed by the site", None),
        ({"found": page(url="https://faro.example/")}, "headed by the site", -0.3),
    ],
)
def test_a_part(changed: dict[str, object], name: str, value: float | None) -> None:
    chosen = {"found": page(), "form": shape(), "text": article(), **changed}
    found = parts(chosen["found"], chosen["form"], chosen["text"]).get(name)  # type: ignore[arg-type]
    assert found == (value and pytest.approx(value, abs=0.0002))


def test_a_short_text_counts_for_less() -> None:
    whole = sum(parts(page(), shape(), article(30)).values())
    assert confidence(page(), shape(), article(30)) == round(whole * 0.75, 2)
    assert confidence(page(), shape(), article(60)) == round(sum(parts(page(), shape(), article(60)).values()), 2)


def test_the_number_is_from_0_to_1() -> None:
    worst = page(
        "<h1><a href='/'>Una barca</a></h1>", '<meta property="og:type" content="website">', "https://faro.example/"
    )
    assert confidence(worst, shape(paragraphs=0, teasers=9, links=1.0, agreement=0.0), article(3)) == 0.0


def test_a_character_of_a_script_without_spaces_counts_for_more() -> None:
    [text, _] = confidence_parts(page(), shape(), article(1, "海" * 300))[:2]
    assert text.value == round(0.3 * 600 / 1200, 4)
    assert confidence(page(), shape(), article(1, "海" * 300)) > confidence(page(), shape(), article(1, "m" * 300))


@pytest.mark.parametrize(
    "head",
    [
        MARK,
        '<meta property="og:type" content="Article:news">',
        '<meta property="article:published_time" content="2024-02-01">',
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Una barca"}</script>',
    ],
)
def test_marks_of_an_article(head: str) -> None:
    assert says_article(page(head=head))


def test_microdata_is_a_mark_and_a_site_is_none() -> None:
    text = "<div itemscope itemtype='https://schema.org/Article'><p itemprop='articleBody'>x</p></div>"
    assert says_article(page(text))
    assert not says_article(page(head='<meta property="og:type" content="website">'))


@pytest.mark.parametrize(
    ("path", "classes", "mark"),
    [
        ("porto/una-barca", "", None),
        ("", "", "/"),
        ("tag/porto/", "", "/tag/porto/"),
        ("it/categories/porto", "", "/it/categories/porto"),
        ("tag/porto/?pagina=2", "", None),
        ("tag/porto/una-barca", "", None),
        ("porto", "archive wide", "archive"),
        ("porto", "tag category", "category"),
        ("porto", "archive single-post", None),
        ("porto", "archive postid-7", None),
    ],
)
def test_marks_of_a_list(path: str, classes: str, mark: str | None) -> None:
    assert names_list(page(url=f"https://faro.example/{path}", attributes=f"class='{classes}'")) == mark


def test_a_declared_list_is_one() -> None:
    head = '<script type="application/ld+json">[{"@type": "ItemList"}, {"@type": "CollectionPage"}]</script>'
    assert names_list(page(head=head)) == "collectionpage"
