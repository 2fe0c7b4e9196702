"""The ground truth of a Sputnik article, in the names of the article's JSON form.

Conventions: a caption block's text is the caption without its credit; credits keep their © sign and have no year;
links are those inside the text and of related cards, absolute, each once; an embed block has no text.
"""

from typing import Any

from newsstand.sputnik import pictures
from newsstand.sputnik.text import link
from newsstand.sputnik.urls import ROOT, SWITCH, g0_path, g1_path, is_g1, section, url
from newsstand.story import Mark, Picture, Story
from newsstand.truth import as_truth, block


def _image(picture: Picture) -> dict[str, Any]:
    return {"url": pictures.address(picture), "caption": picture.caption, "credit": pictures.credit(picture)}


def urls(story: Story) -> list[str]:
    """Every URL of the article, the canonical one first."""
    if is_g1(story):
        return [url(story), f"{ROOT}/amp{g1_path(story)}"]
    moved = [ROOT + g1_path(story), ROOT + g0_path(story)] if story.published.date() < SWITCH else []
    return [url(story), *moved, url(story).replace(".html", "-print.html")]


def truth(story: Story, cards: dict[int, tuple[str, str]]) -> dict[str, Any]:
    """The ground truth. `cards` maps the related articles in the body to their URL and headline."""
    return as_truth(
        story,
        site="sputniknews",
        urls=urls(story),
        section=section(story)[1],
        alternative_headline=None if is_g1(story) else story.second_title,
        blocks=[shown for piece in story.pieces if (shown := block(piece))],
        images=[_image(p) for p in (story.picture, *(piece.picture for piece in story.pieces)) if p],
        links=list(_links(story, cards)),
    )


def _links(story: Story, cards: dict[int, tuple[str, str]]) -> dict[str, None]:
    found: dict[str, None] = {}
    for piece in story.pieces:
        for span in piece.spans:
            if span.mark is Mark.LINK:
                found[link(span)] = None
        if piece.other in cards and not is_g1(story):
            found[cards[piece.other][0]] = None
    return found
