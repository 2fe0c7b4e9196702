"""Shells of apps are refused as needs-javascript; pages that a server rendered with the same frameworks are not."""

import pytest

from crawler.extraction.checks.shells import refuse_shells
from crawler.extraction.extract import extract
from crawler.extraction.pages.page import Page
from crawler.extraction.refusals import PageRefused, RefusalReason

TEXT = "".join(
    f"<p>La squadra numero {number} ha riparato il molo davanti a molti abitanti, che hanno applaudito a lungo.</p>"
    for number in range(6)
)
HEAD = '<title>La regata - Il Molo</title><meta property="og:type" content="article">'
META = '<meta property="og:description" content="Undici barche di carta in porto.">'
SHELLS = {
    "react": '<div id="root"></div><script src="/static/js/main.1a2b.js"></script>',
    "create-react-app": '<noscript>You need to enable JavaScript to run this app.</noscript><div id="root"></div>'
    '<script src="/main.js"></script>',
    "vue": '<div id="app"><div class="spinner">Caricamento</div></div><script src="/js/chunk-vendors.js"></script>',
    "next": '<div id="__next"></div><script>self.__next_f=[];' + "x" * 300 + "</script>",
    "angular": '<app-root>Loading...</app-root><script src="runtime.js" type="module"></script>',
    "unknown": '<div class="contenitore"></div><noscript>Per leggere attiva JavaScript.</noscript>'
    '<script src="/a.js"></script>',
    "bare": '<div></div><script src="/bundle.js"></script>',
    "with-menu": '<header><a href="/">Home</a> <a href="/sport">Sport</a></header><div id="app"></div>'
    '<footer>Via del Molo 1</footer><script src="/a.js"></script>',
}
RENDERED = {
    "react": f'<div id="root"><h1>La regata</h1><article>{TEXT}</article></div><script src="/main.js"></script>',
    "next": f'<div id="__next"><main><h1>La regata</h1>{TEXT}</main></div><script src="/_next/x.js"></script>',
    "mount-beside": f'<main><h1>La regata</h1>{TEXT}</main><div id="app"></div><script src="/commenti.js"></script>',
    "noscript": f"<noscript>JavaScript is off</noscript><article><h1>La regata</h1>{TEXT}</article>"
    '<script src="/a.js"></script>',
    "short": "<article><h1>La regata</h1><p>Undici barche di carta hanno attraversato ieri il porto vecchio, sotto la "
    "pioggia e davanti a molti curiosi del quartiere.</p></article><script src='/a.js'></script>",
}


@pytest.mark.parametrize("body", SHELLS.values(), ids=SHELLS)
def test_a_shell(body: str) -> None:
    page = Page(url="https://ilmolo.example/regata", html=f"<html><head>{HEAD}{META}</head><body>{body}</body></html>")
    with pytest.raises(PageRefused) as refused:
        extract(page)
    assert refused.value.reason is RefusalReason.NEEDS_JAVASCRIPT


@pytest.mark.parametrize("body", RENDERED.values(), ids=RENDERED)
def test_a_rendered_page(body: str) -> None:
    page = Page(url="https://ilmolo.example/regata", html=f"<html><head>{HEAD}</head><body>{body}</body></html>")
    assert "barche" in extract(page).body or "squadra" in extract(page).body


P = "<p>{}</p>"
LINKED = "<script src='/a.js'></script>"
ASKS = "<noscript>Attiva JavaScript</noscript>"


@pytest.mark.parametrize(
    ("body", "is_shell"),
    [
        (f"<div id='app'></div>{P.format('x' * 79)}{LINKED}", True),
        (f"<div id='app'></div>{P.format('x' * 80)}{LINKED}", False),
        (f"<div id='app'>{'x' * 59}</div>{LINKED}", True),
        (f"<div id='app'>{'x' * 60}</div>{LINKED}", False),
        (f"<div id='app'>{'x' * 59}</div><div>{'x' * 200}</div>{LINKED}", True),
        (f"<div id='app'>{'x' * 60}</div><div>{'x' * 200}</div>{LINKED}", False),
        (f"<div id='app'></div><div>{'x' * 599}</div>{LINKED}", True),
        (f"<div id='app'></div><div>{'x' * 600}</div>{LINKED}", False),
        ("<div id='app'></div>", False),
        (f"<div id='app'></div><script>{'x' * 201}</script>", True),
        (f"<div id='app'></div><script>{'x' * 200}</script>", False),
        (f"<div id='app'></div><div id='root'>{'x' * 70}</div>{LINKED}", False),
        (f"<div>{'x' * 199}</div>{ASKS}{LINKED}", True),
        (f"<div>{'x' * 200}</div>{ASKS}{LINKED}", False),
        (f"<div>{'x' * 59}</div>{LINKED}", True),
        (f"<div>{'x' * 60}</div>{LINKED}", False),
        (f"<div>{'x' * 59}</div><script>{'x' * 300}</script>", False),
    ],
)
def test_where_a_shell_ends(body: str, is_shell: bool) -> None:
    page = Page(url="https://ilmolo.example/regata", html=f"<html><body>{body}</body></html>")
    try:
        refuse_shells(page)
    except PageRefused as refused:
        assert is_shell and refused.reason is RefusalReason.NEEDS_JAVASCRIPT
    else:
        assert not is_shell
