"""The responses for style sheets, pictures, fonts and scripts by path."""

import re

from newsstand.assets import style
from newsstand.assets.font import ornament
from newsstand.assets.png import picture
from newsstand.message import Response

CSS, SCRIPT, SVG, FONT, PNG = "text/css; charset=utf-8", "text/javascript", "image/svg+xml", "font/ttf", "image/png"
THEME = "/wp-content/themes/jnews"
_TEXTS = {
    f"{THEME}/style.css": (style.ALANEWS, CSS),
    f"{THEME}/colours.css": (style.ALANEWS_COLOURS, CSS),
    f"{THEME}/print.css": (style.ALANEWS_PRINT, CSS),
    f"{THEME}/assets/js/lazy.js": (style.ALANEWS_LAZY, SCRIPT),
    "/css/article.css": (style.SPUTNIK, CSS),
    "/i/quote.svg": (style.QUOTE_MARK, SVG),
}
_FONTS = frozenset({f"{THEME}/fonts/ornamento.ttf", "/fonts/ornamento.ttf"})
#: Pictures by name, with their sizes.
_PICTURES = {
    "/img/paper.png": (16, 16),
    "/favicon.png": (32, 32),
    f"{THEME}/img/mark.png": (24, 24),
    f"{THEME}/img/mark@2x.png": (48, 48),
    f"{THEME}/assets/img/jeg-empty.png": (1, 1),
    "/i/ground.png": (16, 16),
    "/i/favicon.png": (32, 32),
    "/i/logo/logo.png": (120, 40),
    "/i/logo/logo@2x.png": (240, 80),
    "/i/banner.png": (300, 60),
    "/i/banner-wide.png": (900, 60),
    "/i/counter.gif": (1, 1),
}
_UPLOAD = re.compile(r"/wp-content/uploads/\d{4}/\d\d/foto-\d+(?:-(\d{1,4})x(\d{1,4}))?\.jpg")
_PHOTOGRAPH = re.compile(r"/img/[0-9a-f/]+/\d+_[\d:]+_1920x0_80_0_0_[0-9a-f]{32}\.jpg")


def respond(path: str) -> Response | None:
    """The file at a path; None where there is none."""
    if path in _TEXTS:
        return Response.of_text(*_TEXTS[path])
    if path in _FONTS:
        font = _of_bytes(ornament(), FONT)
        font.headers.append(("Access-Control-Allow-Origin", "*"))  # browsers ask for it of another host's font
        return font
    if path in _PICTURES:
        return _of_bytes(picture(path, *_PICTURES[path]), PNG)
    if found := _UPLOAD.fullmatch(path):
        return _of_bytes(picture(path, int(found[1] or 1200), int(found[2] or 800)), PNG)
    if _PHOTOGRAPH.fullmatch(path):
        return _of_bytes(picture(path, 1920, 1080), PNG)
    return None


def _of_bytes(body: bytes, content_type: str) -> Response:
    return Response(body, content_type=content_type, etag=f'"{len(body):x}"')
