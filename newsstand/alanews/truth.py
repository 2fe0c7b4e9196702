"""The ground truth of a post, in the names of the article's JSON form.

Conventions: times carry the offset that Yoast prints (UTC), `published_date` is the day in Rome; a picture's credit
is the text after the bar of its caption; links are those of the text, not of the related posts inside it.
"""

from typing import Any

from newsstand.alanews.head import gmt
from newsstand.alanews.text import credit, link, picture_url
from newsstand.alanews.urls import ROOT, category_name, is_new, old_path, url
from newsstand.story import Mark, Picture, Story
from newsstand.truth import as_truth, block


def _image(picture: Picture, credit_line: str | None) -> dict[str, Any]:
    return {"url": picture_url(picture), "caption": picture.caption, "credit": credit_line}


def urls(story: Story) -> list[str]:
    """Every URL of the post, the canonical one first."""
    old = [ROOT + old_path(story)] if is_new(story) else []
    return [url(story), *old, url(story)[:-1], f"{url(story)}amp/", f"{ROOT}/?p={story.number}"]


def truth(story: Story) -> dict[str, Any]:
    """The ground truth of the post."""
    lead = [_image(story.picture, credit(story.picture))] if story.picture else []
    inside = [_image(piece.picture, None) for piece in story.pieces if piece.picture]
    links = [link(span) for piece in story.pieces for span in piece.spans if span.mark is Mark.LINK]
    shown = as_truth(
        story,
        site="alanews",
        urls=urls(story),
        section=category_name(story.sections[0]),
        alternative_headline=None,
        blocks=[made for piece in story.pieces if (made := block(piece))],
        images=lead + inside,
        links=list(dict.fromkeys(links)),
    )
    return {**shown, "published_at": gmt(story.published), "modified_at": gmt(story.modified)}
