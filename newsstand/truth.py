"""The ground truth common to all sites."""

from typing import Any

from newsstand.story import Kind, Piece, Story

_TYPES = {
    Kind.PARAGRAPH: "paragraph", Kind.HEADING: "heading", Kind.QUOTE: "quote", Kind.LIST: "list",
    Kind.TABLE: "table", Kind.PICTURE: "caption", Kind.EMBED: "embed",
}  # fmt: skip


def block(piece: Piece) -> dict[str, Any] | None:
    """A piece in the JSON form of an article's blocks; None for pieces outside the article."""
    kind = _TYPES.get(piece.kind)
    if kind is None:
        return None
    match piece.kind:
        case Kind.HEADING:
            return {"type": kind, "text": piece.text, "level": piece.level}
        case Kind.QUOTE:
            return {"type": kind, "text": piece.text, "cite": piece.cite}
        case Kind.LIST:
            return {"type": kind, "text": "\n".join(piece.items), "items": list(piece.items)}
        case Kind.TABLE:
            return {"type": kind, "text": "\n".join("\t".join(row) for row in piece.rows)}
        case Kind.PICTURE if piece.picture:
            return {"type": kind, "text": piece.picture.caption}
        case Kind.EMBED:
            return {"type": kind, "text": "", "url": piece.url}
    return {"type": kind, "text": piece.text}


def as_truth(
    story: Story,
    *,
    site: str,
    urls: list[str],
    section: str,
    alternative_headline: str | None,
    blocks: list[dict[str, Any]],
    images: list[dict[str, Any]],
    links: list[str],
) -> dict[str, Any]:
    """The ground truth as JSON: the names of the article's JSON form, and `urls`, `revision`, `index` of our own."""
    return {
        "index": story.index,
        "revision": story.revision,
        "url": urls[0],
        "urls": urls,
        "canonical_url": urls[0],
        "site": site,
        "native_id": str(story.number),
        "language": "it",
        "headline": story.headline,
        "alternative_headline": alternative_headline,
        "description": story.lede,
        "section": section,
        "authors": list(story.authors),
        "keywords": list(story.keywords),
        "published_at": story.published.isoformat(),
        "modified_at": story.modified.isoformat(),
        "published_date": story.published.date().isoformat(),
        "blocks": blocks,
        "images": images,
        "links": links,
    }
