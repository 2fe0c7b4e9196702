"""Constructed pages of extreme size or depth, each aimed at one part of extraction.

The sizes are those of real attacks and accidents: beyond the limits of `crawler.extraction.html.limits`, which refuse
or cut a page, and just below them, where a page has to be extracted within its bounds.
"""

from collections.abc import Callable

Pages = dict[str, Callable[[], bytes]]
MILLION = 1_000_000
LD = b'<script type="application/ld+json">'


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


def extreme_pages() -> Pages:
    """Constructed pages of extreme size or depth, by name."""
    return {
        **_huge_pages(),
        **_many_of_one_kind(),
        **_long_texts(),
        **_long_values(),
        **_deep_pages(),
        **_structured_data(),
        **_charsets(),
        **_open_markup(),
    }


def _huge_pages() -> Pages:
    """Pages far beyond what extraction takes."""
    ld, million = LD, MILLION
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


#: Just below `limits.MOST_ELEMENTS`.
_ELEMENTS = 49_000


def _many(element: bytes, count: int = _ELEMENTS) -> bytes:
    """The element so many times, each with another number where it has `%d`."""
    return b"".join(element % number for number in range(count)) if b"%d" in element else element * count


def _many_of_one_kind() -> Pages:
    """As many elements as a page may have, all of one kind."""
    in_head = {
        "tags": b'<meta property="article:tag" content="parola %d">',
        "dates": b'<meta property="article:published_time" content="2021-01-01T10:00:00.%dZ">',
        "authors": b'<meta name="author" content="Ada Rossi%d">',
        "names": b'<meta name="dc.%d" content="2021-01-01">',
        "canonical links": b'<link rel="canonical" href="/a%d">',
    }
    in_body = {
        "headlines": b"<h1>Titolo uno due tre %d</h1>",
        "paragraphs": b"<p class='c'>Una frase %d</p>",
        "classes": b"<div class='c%d'>Una frase lunga</div>",
        "links": b"<a href='/%d'>parola</a> ",
        "pictures": b'<img src="/a%d.jpg">',
        "times": b"<time>%d gennaio 2021</time>",
        "bylines": b'<a rel="author" class="author byline" href="/author/a%d">Ada Rossi</a>',
        "properties": b"<span itemprop='author'>Ada Rossi%d</span>",
        "players": b"<iframe src='https://www.youtube.com/embed/%d'></iframe>",
        "hidden boxes": b"<div style='display:none'>Una frase %d</div>",
        "open buttons": b"<button>parola",
        "line breaks": b"parola<br>",
    }
    within = {
        "items of a list": (b"<ul>", b"<li>voce %d</li>"),
        "cells of a row": (b"<table><tr>", b"<td>cella %d</td>"),
        "captions of a figure": (b"<figure><img src='/a.jpg'>", b"<figcaption>Una didascalia %d</figcaption>"),
        "pictures of a figure": (b"<figure><figcaption>Una didascalia</figcaption>", b"<img src='/a%d.jpg'>"),
        "sources of a quote": (b"<blockquote>Una frase", b"<footer>Ada %d</footer>"),
    }
    figure = b'<figure><img src="/a%d.jpg"><figcaption>Una didascalia della foto</figcaption></figure>'
    pages: Pages = {
        f"49,000 {name} in the head": lambda one=one: _page(b"", _many(one)) for name, one in in_head.items()
    }  # type: ignore[misc]
    pages |= {f"49,000 {name}": lambda one=one: _page(_many(one)) for name, one in in_body.items()}  # type: ignore[misc]
    pages |= {f"49,000 {name}": lambda a=a, b=b: _page(a + _many(b)) for name, (a, b) in within.items()}  # type: ignore[misc]
    return pages | {
        "16,000 figures": lambda: _page(_many(figure, 16_000)),
        "30,000 figures": lambda: _page(_many(figure, 30_000)),
        "90,000 meta tags": lambda: _page(b"", _many(in_head["tags"], 90_000)),
        "90,000 authors": lambda: _page(b"", _many(in_head["authors"], 90_000)),
    }


def _long_texts() -> Pages:
    """Texts beyond `limits.MOST_TEXT`, and just below it, in several scripts."""
    sentences = {
        "Latin": "Una parola, poi altre. ",
        "Cyrillic": "Слово за словом. ",
        "Chinese": "新闻文章。",
        "Arabic": "كلمة جديدة، ",
        "emoji": "\U0001f600 ",
        "white space": "a" + " " * 98 + "b",
        "accents in a row": "\u0301\u0323",
    }
    pages: Pages = {
        f"a paragraph of 990,000 characters, {name}": lambda text=text: _page(  # type: ignore[misc]
            b"<p>" + (text * (990_000 // len(text))).encode() + b"</p>"
        )
        for name, text in sentences.items()
    }
    return pages | {
        "a headline of 10 MB": lambda: _page(b"").replace(b"<h1>", b"<h1>" + b"Titolo " * 1_400_000),
        "a headline of 900 KB": lambda: _page(b"").replace(b"<h1>", b"<h1>" + b"Titolo " * 130_000),
        "a paragraph of 50 MB": lambda: _page(b"<p>" + b"parola " * 7_000_000 + b"</p>"),
        "accents in a row, as references": lambda: _page(b"<p>a" + b"&#769;&#803;" * 90_000 + b"b"),
        "a day in words, 60,000 times": lambda: _page(b"<p>" + b"12 gennaio 2021, " * 58_000 + b"</p>"),
    }


def _long_values() -> Pages:
    """Attributes just below `limits.MOST_OF_VALUE` and, together, `limits.MOST_OF_VALUES`; and longer ones."""
    words = {"class": b"aa bb cc ", "style": b"display: ", "id": b"comment- ", "itemprop": b"author x "}
    pages: Pages = {
        f"4 MB of {name}": lambda name=name, text=text: _page(  # type: ignore[misc]
            _many(b"<div " + name.encode() + b"='" + text * 2000 + b"%d'>Una frase lunga abbastanza</div>", 200)
        )
        for name, text in words.items()
    }
    base = b"<html><head><base href='https://notizie.example.org/" + b"a/" * 90_000 + b"'></head><body><h1>Prova</h1>"
    return pages | {
        "17 MB of class": lambda: _page(_many(b"<div class='" + b"aa bb cc " * 20_000 + b"%d'>Una frase</div>", 90)),
        "4 MB of rel": lambda: _page(b"", _many(b"<link href='/x' rel='" + b"canonical " * 1900 + b"%d'>", 200)),
        "4 MB of srcset": lambda: _page(
            _many(b"<figure><img srcset='" + b"/a.jpg 1x, " * 1700 + b"%d'></figure>", 200)
        ),
        "4 MB of authors": lambda: _page(
            b"", _many(b"<meta name='author' content='" + b"Ada%d Rossi e " * 1 + b"Ada Rossi e " * 1600 + b"'>", 200)
        ),
        "a base of 180 KB for 30,000 pictures": lambda: base + _many(b"<img src='x%d'>", 30_000),
        "20 attributes of each of 45,000 elements": lambda: _page(
            b"<p a b c d e f g h i j k l m n o q r s t u>x" * 45_000
        ),
        "10 million attributes": lambda: _page(b"<p " + b"a " * 7 * MILLION + b">x"),
    }


def _deep_pages() -> Pages:
    """Elements on a thousand levels, many on each, which cost the product where each looks at those around it."""
    found = {
        "captions": (b"<figure><img src='/a.jpg'>", b"<figcaption>x</figcaption>y"),
        "sources": (b"<blockquote>", b"<footer>x</footer>y"),
        "links": (b"", b"<a href='/x' class='jeg_post_title article__author-name'>x</a>y"),
        "texts": (b"", b"<p class='article__text jeg_author byline article__block'>x</p>y"),
    }
    pages: Pages = {
        f"{count} {name} on each of 1,100 levels": lambda a=a, b=b, count=count: _page(
            a + (b"<div>" + b * count) * 1100
        )  # type: ignore[misc]
        for name, (a, b) in found.items()
        for count in (7, 40)
    }
    return pages | {
        "1,000 hidden boxes in each other": lambda: _page(
            b"<div hidden><p>Una frase</p>" * 1000 + _many(b"<p>a%d", 2000)
        ),
        "20 articles on each of 2,000 levels": lambda: _page(
            (b"<article>" + b"<p>Una frase di prova.</p>" * 20) * 2000
        ),
    }


def _structured_data() -> Pages:
    """JSON-LD just below `limits.MOST_OF_JSON`, each with one property that has it all."""
    values = {
        "authors": b'"author":[' + _many(b'"Ada Rossi%d",', 110_000) + b'"x"]',
        "author references": b'"author":[' + _many(b'{"@id":"a%d"},', 100_000) + b'"x"]',
        "one author": b'"author":"' + b"Ada Rossi, " * 170_000 + b'"',
        "one headline": b'"headline":"' + b"Una riga " * 210_000 + b'"',
        "dates": b'"datePublished":[' + _many(b'"2021-01-01T10:00:%d",', 75_000) + b'"x"]',
        "digits": b'"datePublished":"' + b"1" * 1_900_000 + b'"',
        "a number": b'"x":' + b"1" * 1_900_000,
        "keywords": b'"keywords":"' + _many(b"a%d,", 230_000) + b'"',
        "pictures": b'"image":[' + _many(b'"/a%d",', 180_000) + b'"x"]',
        "accents in a row": b'"headline":"x' + b"\\u0301\\u0323" * 150_000 + b'"',
    }
    pages: Pages = {
        f"2 MB of JSON-LD: {name}": lambda value=value: _page(
            b"", LD + b'{"@type":"NewsArticle",' + value + b"}</script>"
        )  # type: ignore[misc]
        for name, value in values.items()
    }
    text = _many(b"Una frase diversa numero %d zyx ", 29_000)
    body = LD + b'{"@type":"NewsArticle","headline":"x","articleBody":"' + text + b'"}</script>'
    return pages | {
        "20,000 paragraphs beside another articleBody": lambda: _page(
            _many(b"<p>Una frase diversa numero %d xyz", 20_000), body
        ),
        "48,000 scripts of JSON-LD": lambda: _page(b"", _many(LD + b'{"@type":"Thing","n":"%d"}</script>', 48_000)),
    }


def _charsets() -> Pages:
    """Labels of charsets that write texts in other ways, and of codecs of Python that are no charsets."""
    labels = (
        *("utf-7", "iso-2022-jp", "hz-gb-2312", "iso-2022-kr", "big5", "gb18030", "utf-32", "johab"),
        *("punycode", "idna", "unicode_escape", "rot13", "zlib", "base64", "hex", "undefined", "charmap", "mbcs"),
    )
    text = b"<p>" + b"+AGE-\\u0041 ~{ abc- xn--a \xe9\xff " * 33_000
    return {
        f"the charset {label}": lambda label=label: b'<meta charset="' + label.encode() + b'">' + _page(text)  # type: ignore[misc]
        for label in labels
    }


def _open_markup() -> Pages:
    """Elements, tags and comments that never end."""
    openings = (
        *(b"<script>", b"<style>", b"<textarea>", b"<title>", b"<!DOCTYPE ", b'<a href="', b"<![CDATA[", b"<?xml "),
        *(b"<noscript>", b"<svg>", b"<math>", b"<plaintext>", b"<iframe>", b"<a ", b"</"),
    )
    pages: Pages = {
        f"{opening.decode()} without an end": lambda opening=opening: _page(opening + b"abc def=" * 2 * MILLION)  # type: ignore[misc]
        for opening in openings
    }
    return pages | {
        "4 million references": lambda: _page(b"<p>" + b"&#65;" * 3 * MILLION),
        "2 million comments": lambda: _page(b"<p>" + b"x<!---->" * 2 * MILLION),
        "3 million end tags": lambda: _page(b"<p>" + b"x</b>" * 3 * MILLION),
    }
