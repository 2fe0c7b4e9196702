"""The parts around every g2 page: menus, sidebar, footer."""

from newsstand.sputnik.pictures import CDN
from newsstand.sputnik.text import text

_MENU = ("Mondo", "Italia", "Politica", "Economia", "Cultura", "Scienza e Tech", "Sport", "Opinioni", "Multimedia")


def style() -> str:
    """Style sheet and icon, on the host of pictures."""
    return (
        f'<link rel="stylesheet" href="https://{CDN}/css/article.css">'
        f'<link rel="shortcut icon" href="//{CDN}/i/favicon.png">'
    )


def header() -> str:
    """The site header with its menu."""
    items = "".join(f'<li class="header__menu-item"><a href="/{name.lower()[:6]}/">{name}</a></li>' for name in _MENU)
    return (
        '<header class="header"><div class="header__top"><a class="header__logo" href="/">'
        f'<img src="https://{CDN}/i/logo/logo.png" alt="" width="120" height="40" '
        f'srcset="https://{CDN}/i/logo/logo.png 1x, https://{CDN}/i/logo/logo@2x.png 2x">Sputnik Italia</a>'
        '<div class="header__search"><a href="/search/">Cerca</a></div></div>'
        f'<nav class="header__menu"><ul>{items}</ul></nav></header>'
    )


def sidebar(items: list[tuple[str, str, str]]) -> str:
    """The latest news: (URL, time, headline)."""
    shown = "".join(
        f'<div class="lenta__item"><a href="{href}"><span class="lenta__item-text">{text(title)}</span>'
        f'<span class="lenta__item-date">{when}</span></a></div>'
        for href, when, title in items
    )
    return f'<aside class="article-sidebar"><div class="lenta"><h3>Ultime notizie</h3>{shown}</div></aside>'


def userbar() -> str:
    """Emoji, share and comment bar under an article."""
    return (
        '<div class="article__userbar"><div class="emoji"><span>0</span></div>'
        '<div class="article__userbar-share"><a href="#">Condividi</a></div>'
        '<div class="article__userbar-comments">Commenta</div></div>'
    )


def pictures() -> str:
    """A banner in two sizes, and a counter that robots.txt forbids."""
    return (
        f'<picture><source media="(min-width: 900px)" srcset="https://{CDN}/i/banner-wide.png">'
        f'<img src="https://{CDN}/i/banner.png" alt="" height="60"></picture>'
        f'<img src="//{CDN}/i/counter.gif" alt="" style="display:none">'
    )


def footer() -> str:
    """The footer."""
    return (
        f'<footer class="footer">{pictures()}<ul><li><a href="/docs/about/">Il progetto</a></li>'
        '<li><a href="/docs/privacy.html">Informativa sulla privacy</a></li><li><a href="/archive/">Archivio</a></li>'
        "</ul><p>© 2022 Sputnik. Tutti i diritti riservati. 18+</p>"
        "<p>Registrazione e autorizzazione degli utenti indicano l'accettazione delle regole.</p></footer>"
    )
