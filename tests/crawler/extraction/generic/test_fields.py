"""What a page of no known template says of itself: who wrote it, when, under which headline, on what."""

import pytest

from crawler.extraction.generic.page import GenericPage
from crawler.extraction.pages.page import Page

URL = "https://faro.example/porto/una-barca"


def _page(head: str = "", body: str = "") -> GenericPage:
    html = f"<html lang='it'><head><title>t</title>{head}</head><body><h1>Torna la barca</h1>{body}</body></html>"
    return GenericPage(Page(url=URL, html=html))


def _json_ld(text: str) -> str:
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", {text}}}</script>'


PUBLISHER = '"publisher": {"@type": "Organization", "name": "Il Faro"}'


@pytest.mark.parametrize(
    ("head", "body", "authors"),
    [
        (_json_ld('"author": {"@type": "Person", "name": "Ada Neri"}'), "<p>di Ugo Bassi</p>", ("Ada Neri",)),
        ('<meta property="article:author" content="https://social.example/ada">', "<p>di Ada Neri</p>", ("Ada Neri",)),
        ('<meta name="citation_author" content="Neri, Ada">', "", ("Ada Neri",)),
        (
            '<meta name="twitter:label1" content="Scritto da"><meta name="twitter:data1" content="Ada Neri">',
            "",
            ("Ada Neri",),
        ),
        ("", '<span class="byline">Written by <b>Ada Neri</b> 3 min read</span>', ("Ada Neri",)),
        ("", '<p><a href="/autori/ada-neri">Ada Neri</a></p>', ("Ada Neri",)),
        ("", '<p><a href="https://social.example/user/faro">Seguici</a></p>', ()),
        ("", "<div class='comments'><span class='author'>Lettore</span></div>", ()),
        # the publisher is the author where the page names no one else
        (_json_ld(f'{PUBLISHER}, "author": {{"@type": "Organization", "name": "Il Faro"}}'), "", ("Il Faro",)),
        (
            _json_ld(f'{PUBLISHER}, "author": {{"@type": "Organization", "name": "Il Faro"}}'),
            "<p>By Ada Neri</p>",
            ("Ada Neri",),
        ),
        (_json_ld(PUBLISHER), "", ()),
    ],
)
def test_authors(head: str, body: str, authors: tuple[str, ...]) -> None:
    assert _page(head, body).authors == authors
