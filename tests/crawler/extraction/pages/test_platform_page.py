"""The page object of a platform: media before the body, and warnings for what its markup lacks."""

from collections.abc import Iterable, Mapping

import pytest

from crawler.extraction.html.blocks import BodyContent
from crawler.extraction.pages.page import Page
from crawler.extraction.pages.platform_page import PlatformPage
from storage.article import Block, BlockType, Image

SHARED = '<meta property="og:image" content="/shared.jpg">'
TEXT = Block(type=BlockType.PARAGRAPH, text="Undici barche")


class Plain(PlatformPage):
    """A platform with nothing before the body."""

    pictures: tuple[str, ...] = ()

    def body_content(self) -> BodyContent:
        return BodyContent(
            blocks=[TEXT], images=[Image(url=f"https://faro.example/{name}.jpg") for name in self.pictures]
        )


class Rich(Plain):
    """A platform that knows what stands around the body."""

    @staticmethod
    def picture_key(url: str) -> str:
        return url.replace("-300", "")

    def unknown_around_body(self) -> Iterable[str]:
        return ["quiz"]

    def missing(self) -> Mapping[str, object]:
        return {"lede-missing": True, "section-missing": None}


def page(head: str = "") -> Page:
    return Page(url="https://faro.example/a", html=f"<html><head>{head}</head><body>x</body></html>")


def test_a_page_without_media_before_its_body() -> None:
    read = Plain(page())
    assert (read.blocks, read.images, read.warnings) == ((TEXT,), (), ("date-unknown",))


@pytest.mark.parametrize(
    ("of", "pictures", "shown", "warned"),
    [
        (Plain, (), ("shared",), True),
        (Plain, ("b",), ("shared", "b"), True),
        (Plain, ("shared",), ("shared",), False),
        (Plain, ("shared-300",), ("shared", "shared-300"), True),
        (Rich, ("shared-300",), ("shared-300",), False),  # a smaller copy of the shared one
    ],
)
def test_the_shared_picture_unless_the_body_shows_it(
    of: type[Plain], pictures: tuple[str, ...], shown: tuple[str, ...], warned: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Plain, "pictures", pictures)
    read = of(page(SHARED))
    assert [image.url for image in read.images] == [f"https://faro.example/{name}.jpg" for name in shown]
    assert ("picture-from-metadata" in read.warnings) is warned


def test_media_before_the_body(monkeypatch: pytest.MonkeyPatch) -> None:
    player = Block(type=BlockType.EMBED, text="", url="https://v.example/1")
    caption = Block(type=BlockType.CAPTION, text="Il molo")
    lead = BodyContent(blocks=[caption, player], images=[Image(url="https://faro.example/l.jpg")], unknown=["foto"])
    monkeypatch.setattr(Rich, "lead", lead)
    read = Rich(page(SHARED))
    assert read.blocks == (player, TEXT)
    assert [image.url for image in read.images] == ["https://faro.example/l.jpg"]
    assert read.warnings == ("date-unknown", "unknown-block: quiz", "unknown-block: foto", "lede-missing")
    monkeypatch.setattr(Rich, "lead", BodyContent(blocks=[player]))
    assert "picture-from-metadata" in Rich(page(SHARED)).warnings
