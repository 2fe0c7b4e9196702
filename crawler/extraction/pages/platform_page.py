"""The page object of a platform: media before the body, and warnings for what its markup lacks."""

from collections.abc import Iterable, Mapping
from functools import cached_property

from crawler.extraction.html.blocks import BodyContent
from crawler.extraction.pages.article_page import TemplatePage, field
from storage.article import BlockType, Image


class PlatformPage(TemplatePage):
    """Subclasses give `body_content` and `lead`, and override fields."""

    def template_content(self) -> BodyContent:
        content = self.body_content()
        if self.lead is not None:
            content.blocks[:0] = [block for block in self.lead.blocks if block.type is BlockType.EMBED]
        return content

    def body_content(self) -> BodyContent:
        """The content of the body alone."""
        raise NotImplementedError

    @cached_property
    def lead(self) -> BodyContent | None:
        """The media before the body: pictures with their captions, a player; None without any."""
        return None

    @staticmethod
    def picture_key(url: str) -> str:
        """Equal for the URLs of one picture in several sizes."""
        return url

    def lead_images(self) -> list[Image]:
        """The pictures before the body, else the page's shared one unless the body shows it too."""
        if self.lead is not None and self.lead.images:
            return self.lead.images
        known = {self.picture_key(image.url) for image in self.content.images}
        return [image for image in super().lead_images() if self.picture_key(image.url) not in known]

    def unknown_around_body(self) -> Iterable[str]:
        """Kinds of elements with text beside the body and without a class of the template."""
        return ()

    def missing(self) -> Mapping[str, object]:
        """Warnings to whether they hold: fields that the template's markup lacks and metadata gives."""
        return {}

    @field
    def warnings(self) -> tuple[str, ...]:
        unknown = (*self.unknown_around_body(), *(self.lead.unknown if self.lead else ()))
        found = [*super().warnings, *(f"unknown-block: {kind}" for kind in unknown)]
        found += [name for name, is_missing in self.missing().items() if is_missing]
        shared = self.lead_images() and not (self.lead and self.lead.images)
        return (*found, "picture-from-metadata") if shared else tuple(found)
