"""Damaged pages for the fuzz run: structural mutations of real pages and fixtures, and constructed extreme pages.

A page is a function of its number and the seed pages.
"""

import gzip
import random
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
_TAG = re.compile(rb"<[^<>]{1,400}>")
_CLASS = re.compile(rb'class="([^"]*)"')
_WORDS = (b"div", b"p", b"span", b"table", b"tr", b"td", b"ul", b"li", b"a", b"article", b"h1", b"h2", b"form", b"br")
_CHARSETS = (b"utf-8", b"utf-16", b"utf-7", b"iso-2022-jp", b"windows-1251", b"big5", b"nonsense", b"hz", b"latin-1")
_ODD = (
    b"\0",
    b"\x80",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    "\u202e".encode(),
    b"&#0;",
    b"&#xD800;",
    b"\x1b$B",
    b"]]>",
    b"<!--",
)
_JSON_TAILS = (b"}", b"]", b'"', b"\\u0000", b"\\ud800", b"[" * 3000, b'{"@graph":' * 500, b"null", b"1e999", b",,")


@cache
def seeds() -> tuple[bytes, ...]:
    """The seed pages: our fixtures, and the real pages beside the checkout, if present."""
    files = [*ROOT.glob("tests/fixtures/*/*/page.html"), *SHARED.glob("pages/*/*.html")]
    packed = SHARED.glob("benchmarks/*/html/*.html.gz")
    pages = [file.read_bytes() for file in sorted(files)]
    return (*pages, *(gzip.decompress(file.read_bytes()) for file in sorted(packed)))


def mutated(number: int) -> bytes:
    """The page with this number: a seed page after one to six mutations."""
    chance = random.Random(number)
    page = chance.choice(seeds())
    for _ in range(chance.randint(1, 6)):
        page = chance.choice(MUTATIONS)(page, chance)
    return page[:5_000_000]


def _place(page: bytes, chance: random.Random) -> int:
    """A random position behind a tag."""
    at = page.find(b">", chance.randint(0, max(0, len(page) - 1)))
    return at + 1


def _cut_out(page: bytes, chance: random.Random) -> bytes:
    first, last = sorted((_place(page, chance), _place(page, chance)))
    return page[:first] + page[last:]


def _double(page: bytes, chance: random.Random) -> bytes:
    first = _place(page, chance)
    last = _place(page[: first + 20_000], chance)
    piece = page[min(first, last) : max(first, last)]
    return page[:first] + piece * chance.randint(1, 30) + page[first:]


def _cut_off(page: bytes, chance: random.Random) -> bytes:
    return page[: chance.randint(0, len(page))]


def _splice(page: bytes, chance: random.Random) -> bytes:
    other = chance.choice(seeds())
    return page[: _place(page, chance)] + other[_place(other, chance) :]


def _retag(page: bytes, chance: random.Random) -> bytes:
    old, new = chance.sample(_WORDS, 2)
    return re.sub(rb"<(/?)" + old + rb"(?=[\s>])", rb"<\1" + new, page)


def _drop_tags(page: bytes, chance: random.Random) -> bytes:
    rate = chance.choice((0.01, 0.1, 0.5))
    return _TAG.sub(lambda found: b"" if chance.random() < rate else found[0], page)


def _rename_classes(page: bytes, chance: random.Random) -> bytes:
    names = sorted({name for found in _CLASS.findall(page) for name in found.split()})
    if not names:
        return page
    old, new = chance.choice(names), chance.choice((*names, b"", b"article__block", b"content-inner", b"comment"))
    return _CLASS.sub(lambda found: found[0].replace(old, new), page)


def _nest(page: bytes, chance: random.Random) -> bytes:
    tag, depth, at = chance.choice(_WORDS), chance.choice((10, 300, 3000)), _place(page, chance)
    opening = b"<" + tag + chance.choice((b"", b' class="article-body"', b' itemprop="articleBody"', b" hidden")) + b">"
    closing = b"</" + tag + b">" if chance.random() < 0.5 else b""
    return page[:at] + opening * depth + page[at : at + 3000] + closing * depth + page[at + 3000 :]


def _odd_bytes(page: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.choice((1, 10, 200))):
        at = chance.randint(0, len(page))
        page = page[:at] + chance.choice(_ODD) * chance.choice((1, 1, 50)) + page[at:]
    return page


def _recode(page: bytes, chance: random.Random) -> bytes:
    label = chance.choice(_CHARSETS)
    page = re.sub(rb'charset="?[\w-]+', b"charset=" + label, page, count=1)
    if chance.random() < 0.3:
        page = page.decode("utf-8", "replace").encode(
            chance.choice(("utf-16", "utf-16-le", "cp1251", "utf-7")), "replace"
        )
    return page


def _long_attribute(page: bytes, chance: random.Random) -> bytes:
    name = chance.choice((b"class", b"id", b"style", b"href", b"srcset", b"content", b"datetime", b"itemprop"))
    value = chance.choice((b"x", b"a b ", b"comment ", b"1 ", b"<")) * chance.choice((1000, 100_000))
    return re.sub(rb"<(div|p|a|img|meta|time)(?=[\s>])", rb"<\1 " + name + b'="' + value + b'"', page, count=1)


def _break_json(page: bytes, chance: random.Random) -> bytes:
    at = page.find(b"ld+json")
    if at < 0:
        script = b'<script type="application/ld+json">{"@type":"NewsArticle","headline":'
        return page.replace(b"</head>", script + chance.choice(_JSON_TAILS) + b"</script></head>", 1)
    at = chance.randint(at, min(len(page), at + 3000))
    return page[:at] + chance.choice(_JSON_TAILS) + page[at + chance.randint(0, 20) :]


def _entities(page: bytes, chance: random.Random) -> bytes:
    bomb = b'<!DOCTYPE html [<!ENTITY a "' + b"x" * 100 + b'"><!ENTITY b "' + b"&a;" * 100 + b'">]>'
    return bomb + page.replace(b"a", b"&b;&amp;&#97;", chance.randint(1, 500))


def _no_breaks(page: bytes, chance: random.Random) -> bytes:
    return re.sub(rb"</?(?:p|div|br)\b[^>]{0,300}>", chance.choice((b"", b" ", b"<br><br>")), page)


Mutation = Callable[[bytes, random.Random], bytes]
MUTATIONS: tuple[Mutation, ...] = (
    *(_cut_out, _double, _cut_off, _splice, _retag, _drop_tags, _rename_classes, _nest),
    *(_odd_bytes, _recode, _long_attribute, _break_json, _entities, _no_breaks),
)


def _page(body: bytes, head: bytes = b"") -> bytes:
    text = b"<p>" + b"Una frase di prova che sta al posto di un articolo vero. " * 4 + b"</p>"
    return (
        b"<html><head><title>Prova</title>"
        + head
        + b"</head><body><h1>Prova</h1>"
        + text * 3
        + body
        + b"</body></html>"
    )


def _nested(tag: bytes, depth: int) -> bytes:
    return _page(b"<" + tag + b">" + (b"<" + tag + b">testo ") * depth)


def extreme_pages() -> dict[str, Callable[[], bytes]]:
    """Constructed pages of extreme size or depth, by name."""
    ld = b'<script type="application/ld+json">'
    million = 1_000_000
    found: dict[str, Callable[[], bytes]] = {
        f"100,000 levels of {tag}": lambda tag=tag: _nested(tag.encode(), 100_000)  # type: ignore[misc]
        for tag in ("div", "span", "blockquote", "ul><li", "table><tr><td", "a", "b", "section", "figure", "itemscope")
    }
    found |= {
        f"an attribute of 50 MB: {name}": lambda name=name: _page(
            b"<div " + name.encode() + b'="' + b"x y" * 17_000_000 + b'">testo</div>'
        )  # type: ignore[misc]
        for name in ("class", "style", "href", "data-x")
    }
    return found | {
        "a paragraph of 20 MB": lambda: _page(b"<p>" + b"parola " * 3 * million + b"</p>"),
        "a million line breaks": lambda: _page(b"<div>" + b"x<br>" * million + b"</div>"),
        "200,000 paragraphs": lambda: _page(
            b"<p>Una riga come tante altre, abbastanza lunga da contare.</p>" * 200_000
        ),
        "200,000 links": lambda: _page(b'<li><a href="/a">Un titolo che porta altrove</a></li>' * 200_000),
        "100,000 times of day": lambda: _page(b'<time datetime="2021-01-01T10:00:00Z">x</time>' * 100_000),
        "100,000 meta tags": lambda: _page(b"", b'<meta property="article:published_time" content="x">' * 100_000),
        "100,000 microdata values": lambda: _page(b'<div itemscope itemprop="a"><i itemprop="b">x</i>' * 100_000),
        "50,000 headlines": lambda: _page(b"<h1>Titolo uno due tre</h1>" * 50_000),
        "2,000 headlines in each other": lambda: _page(b'<h1 itemprop="name">Titolo uno due tre <b></b>' * 2000),
        "JSON of 100,000 levels": lambda: _page(b"", ld + b"[" * 100_000 + b"</script>"),
        "JSON of 20 MB": lambda: _page(
            b"", ld + b'{"@type":"NewsArticle","articleBody":"' + b"x " * 10 * million + b'"}</script>'
        ),
        "100,000 JSON nodes": lambda: _page(
            b"", ld + b"[" + b'{"@type":"NewsArticle","author":{"@id":"a"}},' * 100_000 + b"{}]</script>"
        ),
        "100,000 broken scripts": lambda: _page(b"", (ld + b"{</script>") * 100_000),
        "100,000 attributes": lambda: _page(b"<div " + b" ".join(b"a%d=1" % i for i in range(100_000)) + b">x</div>"),
        "10 MB of NULs": lambda: _page(b"\0" * 10 * million),
        "10 MB of lower-than signs": lambda: _page(b"<" * 10 * million),
        "10 MB of ampersands": lambda: _page(b"&" * 10 * million),
        "10 MB of bad bytes": lambda: _page(b"\xff\xc3(" * 3 * million),
        "an open comment of 10 MB": lambda: _page(b"<!--" + b"-" * 10 * million),
        "a title of 10 MB": lambda: _page(b"", b"<title>" + b"pagina " * million + b"</title>"),
        "a heading of 10 MB": lambda: _page(b"<h1>" + b"errore " * million + b"</h1>"),
        "100,000 commas of keywords": lambda: _page(b"", b'<meta name="keywords" content="' + b"a,b" * 100_000 + b'">'),
        "100,000 keywords": lambda: _page(b"", b'<meta property="article:tag" content="parola %d">' * 100_000),
        "JSON objects of 20,000 levels": lambda: _page(
            b"", ld + b'{"@graph":' * 20_000 + b"1" + b"}" * 20_000 + b"</script>"
        ),
        "10 MB of JSON-LD": lambda: _page(
            b"", ld + b'{"@type":"Thing","name":"x","about":[' + b'{"name":"cosa"},' * 600_000 + b"1]}</script>"
        ),
        "a broken encoding of 10 MB": lambda: _page(b"<p>" + "perché così ".encode("utf-16-le") * 400_000 + b"</p>"),
        "a sentence without end for the phrases of walls": lambda: _page(
            b"<p>" + b"per continuare a leggere, per leggere " * 200_000
        ),
        "a caption of 5 MB with bars and credits": lambda: _page(
            b'<figure><img src="/a.jpg"><figcaption>' + b"| foto ( c ) - ph " * 250_000 + b"</figcaption></figure>"
        ),
        "a date of 5 MB": lambda: _page(
            b'<time datetime="' + b"2021-01-01 " * 450_000 + b'">' + b"1 " * 1000 + b"</time>"
        ),
        "a picture set of 5 MB": lambda: _page(b'<p><img srcset="' + b"/a.jpg 1.1.1w,  " * 300_000 + b'"></p>'),
        "a byline of 5 MB": lambda: _page(b"", b'<meta name="author" content="' + b"Ada  e  " * 600_000 + b'">'),
        "microdata on each of 50,000 levels": lambda: _page(b'<div itemscope itemprop="a">' * 50_000),
        "100,000 authors": lambda: _page(b"", b'<meta name="author" content="' + b"Ada, " * 100_000 + b'">'),
    }
