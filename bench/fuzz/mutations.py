"""Damaged pages: structural mutations of real pages and fixtures.

A page is a function of its number and the seed pages.
"""

import gzip
import random
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
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
