"""Pictures of the pages for docs/, made where EMEROTECA_PICTURES names a folder: `make pictures`."""

import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser

from tests.reading_room.browser import PHONE, WIDE, launched, revised, visit

FOLDER = os.environ.get("EMEROTECA_PICTURES", "")

pytestmark = [
    pytest.mark.skipif(not FOLDER, reason="EMEROTECA_PICTURES names no folder"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

PICTURES = {
    "home": ("/", "light", WIDE),
    "search": ("/search?q=porto", "light", WIDE),
    "context": ("/search/context?q=porto&sort=right", "light", WIDE),
    "over-time": ("/search/frequencies?q=porto&q2=mare", "light", WIDE | {"height": 1000}),
    "article": ("", "light", WIDE),
    "changes": ("/changes", "dark", WIDE),
    "coverage": ("/sites/alanews", "light", WIDE),
    "phone": ("", "dark", PHONE),
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture(browser: Browser, served: str, name: str) -> None:
    address, scheme, size = PICTURES[name]
    with visit(browser, served, color_scheme=scheme, viewport=size) as page:
        page.goto(address if address.count("/") and address != "/changes" else f"{revised(page)}{address}")
        shown = Image.open(io.BytesIO(page.screenshot()))
    shown.quantize(64).save(Path(FOLDER) / f"reading-room-{name}.png", optimize=True)
    assert len(shown.getcolors(1 << 20) or ()) > 10
