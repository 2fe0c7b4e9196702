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
    ],
)
def test_embedded_url(html: str, url: str | None) -> None:
    assert embedded_url(fromstring(html), BASE) == url
