"""The URL of what is embedded."""

import pytest
from lxml.html import fromstring

from crawler.extraction.html.embeds import embedded_url

BASE = "https://example.org/a/"


@pytest.mark.parametrize(
    ("html", "url"),
    [
        ('<iframe src="/p/1"></iframe>', "https://example.org/p/1"),
        ('<iframe src="about:blank" data-src="//v.example/2"></iframe>', "https://v.example/2"),
        ('<div><video><source src="v.mp4"></video></div>', "https://example.org/a/v.mp4"),
        ('<amp-youtube data-videoid="abc"></amp-youtube>', "https://www.youtube.com/watch?v=abc"),
        ('<blockquote data-instgrm-permalink="https://i.example/p/3"></blockquote>', "https://i.example/p/3"),
        ('<blockquote><a href="/x">x</a><a href="/y">1 marzo</a></blockquote>', "https://example.org/y"),
        ("<div>https://v.example/4</div>", "https://v.example/4"),
        ("<video></video>", None),
        # its own address before that of a source in it, the first that is one of the web
        ('<video src="/v.mp4"><source src="/w.mp4"></video>', "https://example.org/v.mp4"),
        ('<video><source src="blob:1"><source data-lazy-src="/w.mp4"></video>', "https://example.org/w.mp4"),
        ('<object data="/film.swf"></object>', "https://example.org/film.swf"),
        # a player before what the element around it says, and that before its links
        ('<div data-href="/post"><iframe src="/p/1"></iframe></div>', "https://example.org/p/1"),
        ('<div data-href="/post"><a href="/x">x</a></div>', "https://example.org/post"),
        ('<blockquote cite="/c" data-url="/u">x</blockquote>', "https://example.org/c"),
        ('<div data-url="/u">x</div>', "https://example.org/u"),
        ("<iframe>https://v.example/4</iframe>", None),
        ('<div>nessun indirizzo <a href="mailto:a@b.example">x</a></div>', None),
        ("<div>https://v.example/4 un video</div>", None),
    ],
)
def test_embedded_url(html: str, url: str | None) -> None:
    assert embedded_url(fromstring(html), BASE) == url
