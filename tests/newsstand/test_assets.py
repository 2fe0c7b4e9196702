"""Style sheets, pictures, the font and the script of the newsstand."""

import struct
import zlib

import pytest

from newsstand.assets.font import ornament
from newsstand.assets.png import picture
from newsstand.assets.respond import THEME, respond


def test_pictures_are_whole_png_files() -> None:
    png = picture("harbour", 12, 5)
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", png[16:24]) == (12, 5)
    start = png.index(b"IDAT")
    [size] = struct.unpack(">I", png[start - 4 : start])
    assert len(zlib.decompress(png[start + 4 : start + 4 + size])) == 5 * (1 + 3 * 12)
    assert picture("harbour", 12, 5) == png != picture("pier", 12, 5)


def test_the_font_is_truetype() -> None:
    assert ornament().startswith(b"\x00\x01\x00\x00")
    assert b"cmap" in ornament() and b"glyf" in ornament()


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        (f"{THEME}/style.css", "text/css; charset=utf-8"),
        (f"{THEME}/fonts/ornamento.ttf", "font/ttf"),
        (f"{THEME}/assets/js/lazy.js", "text/javascript"),
        ("/wp-content/uploads/2022/06/foto-3176245.jpg", "image/png"),
        ("/wp-content/uploads/2022/06/foto-3176245-360x180.jpg", "image/png"),
        ("/img/07e6/03/01/15000001_0:160:3073:1888_1920x0_80_0_0_" + 32 * "a" + ".jpg", "image/png"),
        ("/i/quote.svg", "image/svg+xml"),
    ],
)
def test_files_by_path(path: str, content_type: str) -> None:
    response = respond(path)
    assert response is not None
    assert (response.status, response.content_type) == (200, content_type)
    assert response.body and response.etag


def test_nothing_else_is_there() -> None:
    assert respond("/wp-content/uploads/2022/06/film.mp4") is None
    assert respond(f"{THEME}/never.png") is None
