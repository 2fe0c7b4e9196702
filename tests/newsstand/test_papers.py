"""The three papers: pages show their truth, every link resolves, feeds and sitemaps are valid, the clock works."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import pytest
from lxml import etree, html

from newsstand.message import Request, Response
from newsstand.newsroom import Newsroom

STARTS = {
    "deichbote": "https://www.deichbote.example/",
    "gazette": "http://gazette-du-canal.example/",
    "almina": "https://www.almina.example/",
}
NO_LINKS = {"/newsletter", "/logo.gif"}


@pytest.fixture(scope="module")
def room() -> Newsroom:
    return Newsroom(articles=40, seed=9)


def ask(room: Newsroom, url: str) -> Response:
    parts = urlsplit(url)
    return room.respond(Request("GET", parts.scheme, parts.hostname or "", parts.path or "/", parts.query, {}))


def tree_of(answer: Response) -> html.HtmlElement:
    return html.fromstring(
        answer.body, parser=html.HTMLParser(encoding="iso-8859-15" if b"8859" in answer.body else "utf-8")
    )


def pages_from(room: Newsroom, start: str) -> Iterator[tuple[str, Response]]:
    """Every page that links lead to from the start, on the hosts of the newsstand."""
    queue, seen = [start], {start}
    while queue:
        url = queue.pop()
        answer = ask(room, url)
        yield url, answer
        if not answer.content_type.startswith("text/html"):
            continue
        for link in tree_of(answer).xpath("//a/@href | //link/@href"):
            target = urljoin(url, link).partition("#")[0]
            if (
                urlsplit(target).hostname in room.by_host
                and target not in seen
                and urlsplit(target).path not in NO_LINKS
            ):
                seen.add(target)
                queue.append(target)


@pytest.mark.parametrize(("name", "start"), STARTS.items())
def test_every_article_is_linked_and_shows_its_truth(room: Newsroom, name: str, start: str) -> None:
    pages = dict(pages_from(room, start))
    assert {url for url, answer in pages.items() if answer.status not in (200, 301)} == set()
    truth = list(room.truth(name))
    assert len(truth) == 40 and len({one["url"] for one in truth}) == 40
    for one in truth:
        assert one["url"] in pages, one["url"]
        tree = tree_of(pages[one["url"]])
        shown = " ".join(tree.text_content().split())
        for text in (
            one["headline"],
            one["description"] or "",
            *one["authors"],
            *(block["text"] for block in one["blocks"]),
        ):
            assert text in shown
        assert tree.find(".//h1").text_content() == one["headline"]


def test_the_day_in_words_is_the_only_one_of_the_gazette(room: Newsroom) -> None:
    for one in room.truth("gazette"):
        answer = ask(room, one["url"])
        day = int(one["published_date"][-2:])
        assert re.search(
            rf">\w+ {'1er' if day == 1 else day} \S+ {one['published_date'][:4]}, par ", answer.body.decode("latin-1")
        )
        assert one["published_date"].encode() not in answer.body
        assert answer.content_type == "text/html" and b"iso-8859-15" in answer.body


@pytest.mark.parametrize(
    ("url", "root", "count"),
    [
        ("https://www.deichbote.example/sitemap.xml", "sitemapindex", 1),
        ("https://www.deichbote.example/sitemap.xml?page=1", "urlset", 48),
        ("https://www.deichbote.example/news-sitemap.xml", "urlset", 8),
        ("https://riyada.almina.example/feed.xml", "rss", 1),
        ("https://riyada.almina.example/atom.xml", "feed", None),
    ],
)
def test_lists_are_valid(room: Newsroom, url: str, root: str, count: int | None) -> None:
    tree = etree.fromstring(ask(room, url).body)
    assert etree.QName(tree).localname == root
    assert count is None or len(tree) == count


def test_the_clock_adds_edits_and_removes(room: Newsroom) -> None:
    later = Newsroom(articles=40, seed=9, clock=2)
    for name in STARTS:
        before = {one["url"]: one for one in room.truth(name)}
        after = {one["url"]: one for one in later.truth(name)}
        assert 5 <= len(after.keys() - before.keys()) <= 6
        gone = before.keys() - after.keys()
        assert gone and all(ask(later, url).status == 404 for url in gone)
        assert [url for url in after.keys() & before.keys() if after[url]["body"] != before[url]["body"]]


def test_other_hosts_redirect_and_unknown_pages_are_missing(room: Newsroom) -> None:
    assert ask(room, "https://deichbote.example/stadt").headers == [("Location", "https://www.deichbote.example/stadt")]
    assert ask(room, "https://www.deichbote.example/stadt/nichts-99").status == 404
    assert ask(room, "http://gazette-du-canal.example/articles/2024/rien-1.html").status == 404
    assert ask(room, "https://riyada.almina.example/x-20001").status == 404
