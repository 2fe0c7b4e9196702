"""The pages: what is found, counted and shown; hostile texts stand as text; English and Italian."""

import re
from html import unescape

import httpx
import pytest
from lxml import html

from tests.reading_room.conftest import HOSTILE

PAGES = ["/", "/search", "/search?q=biblioteca", "/search?q=xyzzy", "/search?site=alanews&page=2"]


def page(visitor: httpx.Client, path: str) -> html.HtmlElement:
    answer = visitor.get(path)
    assert answer.status_code == 200, answer.text
    return html.fromstring(answer.text)


def first_article(visitor: httpx.Client, search: str = "/search?site=alanews") -> str:
    return str(page(visitor, search).xpath("//ol[@class='hits']//h3/a/@href")[0])


def test_a_search_finds_highlights_and_counts(visitor: httpx.Client) -> None:
    tree = page(visitor, "/search?q=biblioteca")
    hits = tree.xpath("//ol[@class='hits']/li")
    marked = {mark.text.lower() for mark in tree.xpath("//mark")}
    assert hits and marked <= {"biblioteca", "biblioteche"} and marked
    total = int(re.findall(r"\d+", tree.xpath("string(//p[@class='total'])"))[0])
    counted = page(visitor, tree.xpath("string(//aside//a[starts-with(@href, '/search/counts')]/@href)"))
    by_site = counted.xpath("//section[@class='facet'][h2='Site']//span[@class='number']/text()")
    assert total == sum(map(int, by_site)) >= len(hits)


def test_a_facet_leads_to_as_many_articles_as_it_says(visitor: httpx.Client) -> None:
    tree = page(visitor, "/search/counts?q=di")
    for item in tree.xpath("//section[@class='facet']//li[a]")[:12]:
        narrowed = page(visitor, item.xpath("string(a/@href)"))
        total = re.findall(r"\d+", narrowed.xpath("string(//p[@class='total'])"))[0]
        assert total == item.xpath("string(span)"), item.xpath("string(a)")


def test_pages_of_results_hold_each_article_once(visitor: httpx.Client) -> None:
    seen: list[str] = []
    path = "/search?site=alanews"
    for _ in range(5):
        tree = page(visitor, path)
        seen += tree.xpath("//ol[@class='hits']//h3/a/@href")
        following = tree.xpath("//a[@rel='next']/@href")
        if not following:
            break
        path = following[0]
    total = int(re.findall(r"\d+", page(visitor, "/search?site=alanews").xpath("string(//p[@class='total'])"))[0])
    assert len(seen) == len(set(seen)) == total > 20


def test_an_article_shows_its_text_and_provenance(visitor: httpx.Client) -> None:
    tree = page(visitor, first_article(visitor))
    text = tree.xpath("string(//article)")
    assert len(text.split()) > 100
    facts = dict(zip(tree.xpath("//dt/text()"), tree.xpath("//dd/text()"), strict=True))
    assert facts["Payload digest"].startswith("sha1:") and facts["WARC file"].endswith(".warc.gz")
    assert tree.xpath("//h2[.='Revisions']/following-sibling::ol/li")


def test_an_article_is_found_by_its_address(visitor: httpx.Client) -> None:
    path = first_article(visitor)
    address = page(visitor, path).xpath("string(//p[@class='address'])")
    answer = visitor.get("/articles", params={"url": f"{address}?utm_source=x"})
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    assert visitor.get("/articles", params={"url": "https://altrove.example/"}).status_code == 404


def test_a_withheld_article_is_nowhere(visitor: httpx.Client) -> None:
    for path in ("/", "/search", "/search?q=riservato", "/search?q=segreta", "/search?site=riserva"):
        text = visitor.get(path).text
        assert "Riservato" not in text and ">riserva</a>" not in text
    assert visitor.get("/articles?url=https://prova.example/riservato").status_code == 451


def test_hostile_texts_are_text(visitor: httpx.Client) -> None:
    path = first_article(visitor, "/search?warning=prova-ostile")
    for shown in (path, "/search?warning=prova-ostile", "/search?q=ostile", "/"):
        answer = visitor.get(shown)
        tree = html.fromstring(answer.text)
        assert not tree.xpath("//script[not(@src)] | //img | //*[@onerror] | //iframe | //style | //base"), shown
        assert not [link for link in tree.xpath("//@href | //@src | //@action") if link.startswith("javascript:")]
        assert "49" not in tree.xpath("string(//h1)") and "\u202e" not in answer.text and "\u2066" not in answer.text
    visible = HOSTILE.replace("\u202e", "\ufffd").replace("\u2066", "\ufffd")
    assert visible in unescape(visitor.get(path).text)


def test_words_of_a_visitor_are_text(visitor: httpx.Client) -> None:
    answer = visitor.get("/search", params={"q": HOSTILE.replace("\u202e", ""), "section": "<b>x</b>"})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text and "<b>x</b>" not in answer.text


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_there_in_italian(visitor: httpx.Client, path: str) -> None:
    address = f"{path}{'&' if '?' in path else '?'}lang=it"
    tree = page(visitor, address)
    assert tree.get("lang") == "it"
    assert tree.xpath("//nav//a[.='Prima pagina']")
    inside = [link for link in tree.xpath("//main//a/@href") if link.startswith(("/search", "/articles"))]
    inside = [link for link in inside if not link.startswith(("/search/export", "/search/query.json"))]
    assert all("lang=it" in link for link in inside), "links carry the language on"
    by_header = visitor.get(path, headers={"accept-language": "de, it;q=0.8, en;q=0.5"})
    assert html.fromstring(by_header.text).get("lang") == "it"


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_whole_without_scripts_and_well_formed(visitor: httpx.Client, path: str) -> None:
    tree = page(visitor, path)
    assert len(tree.xpath("//h1")) == 1 and tree.xpath("//main") and tree.xpath("//title")[0].text
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    for control in tree.xpath("//input[not(@type='hidden')] | //select"):
        assert tree.xpath(f"//label[@for='{control.get('id')}']"), "every control has a label"
    assert tree.xpath("//a[@class='skip'][@href='#content']")


def test_controls_of_direction_in_a_query_show_as_a_sign(visitor: httpx.Client) -> None:
    answer = visitor.get("/search/frequencies", params={"q": "biblioteca \u202eabc", "q2": "\u2066biblioteca"})
    assert answer.status_code == 200 and not re.search("[\u202a-\u202e\u2066-\u2069]", unescape(answer.text))
