"""The article: what extraction yields and what the corpus keeps.

Plain frozen data, used by all packages. The JSON form (`Article.as_json`) is a public contract: it is what
`emeroteca extract` prints and what the JSONL export holds. Names are schema.org's NewsArticle in snake_case
where it has a word.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from operator import attrgetter
from typing import Any, Self


class BlockType(StrEnum):
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    QUOTE = "quote"
    LIST = "list"
    TABLE = "table"
    CAPTION = "caption"
    EMBED = "embed"


class Fidelity(StrEnum):
    """What the article was extracted from: a page's HTML, or a flattened text dump of it."""

    HTML = "html"
    TEXT = "text"


class Precision(StrEnum):
    """How exact a date claim is. MONTH and YEAR never become an instant nor a day."""

    SECOND = "second"
    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


#: Blocks that are about the article rather than of it: left out of `Article.body`.
OUTSIDE_BODY = frozenset({BlockType.CAPTION, BlockType.EMBED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A piece of the body, in reading order.

    `text` is one line of normalised text for every type; for a list its items joined by newlines, for a table
    its rows joined by newlines with cells joined by tabs. `level` (2 to 6) is a heading's. `url` is an embed's.
    """

    type: BlockType
    text: str
    level: int | None = None
    cite: str | None = None
    items: tuple[str, ...] = ()
    url: str | None = None

    def as_json(self) -> dict[str, Any]:
        """`type` and `text` always; the other keys where they mean something for the type."""
        shown: dict[str, Any] = {"type": self.type.value, "text": self.text}
        if self.type is BlockType.HEADING:
            shown["level"] = self.level
        if self.type is BlockType.QUOTE:
            shown["cite"] = self.cite
        if self.type is BlockType.LIST:
            shown["items"] = list(self.items)
        if self.type is BlockType.EMBED:
            shown["url"] = self.url
        return shown

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(
            type=BlockType(data["type"]),
            text=data["text"],
            level=data.get("level"),
            cite=data.get("cite"),
            items=tuple(data.get("items") or ()),
            url=data.get("url"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DateClaim:
    """What one place of the page says of one date.

    `field` is `published_at` or `modified_at`; `raw` the characters on the page; `value` what they mean: ISO 8601
    with offset for an instant, `YYYY-MM-DD` for a day, None where it could not be read or is impossible;
    `source` names the place (`microdata:datePublished`, `visible`, `url`, `json-ld:datePublished` ...).
    """

    field: str
    raw: str
    source: str
    precision: Precision
    value: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "field": self.field,
            "raw": self.raw,
            "value": self.value,
            "source": self.source,
            "precision": self.precision.value,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        texts = {name: data[name] for name in ("field", "raw", "source")}
        return cls(**texts, precision=Precision(data["precision"]), value=data.get("value"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture of the article; `credit` without the year in which the page was rendered."""

    url: str
    caption: str | None = None
    credit: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {"url": self.url, "caption": self.caption, "credit": self.credit}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(url=data["url"], caption=data.get("caption"), credit=data.get("credit"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article as one capture shows it.

    `url`, `canonical_url` and `site` are None only for a flattened dump that does not say where it came from.
    `published_at` and `modified_at` are aware datetimes carrying the offset of the source (the site's zone where
    the source has none), None where only the day is known; `published_date` is the day in the site's zone.
    `links` are the absolute URLs of the body's links, in order, each once. `warnings` are short kebab-case names,
    with a detail after a colon where there is one (`paragraphs-glued`, `unknown-block: podcast`). `confidence` is of a
    page without a known template, from 0 to 1; it belongs to the capture and is not part of the JSON form.
    """

    url: str | None
    canonical_url: str | None
    site: str | None
    headline: str
    native_id: str | None = None
    language: str | None = None
    alternative_headline: str | None = None
    description: str | None = None
    section: str | None = None
    authors: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    published_at: datetime | None = None
    modified_at: datetime | None = None
    published_date: date | None = None
    dates: tuple[DateClaim, ...] = ()
    blocks: tuple[Block, ...] = ()
    images: tuple[Image, ...] = ()
    links: tuple[str, ...] = ()
    fidelity: Fidelity = Fidelity.HTML
    warnings: tuple[str, ...] = ()
    confidence: float | None = field(default=None, compare=False)

    @property
    def body(self) -> str:
        """The text: blocks joined by a blank line, without captions and embeds."""
        return "\n\n".join(block.text for block in self.blocks if block.type not in OUTSIDE_BODY)

    @property
    def word_count(self) -> int:
        """Words of the body, split at white space."""
        return len(self.body.split())

    def as_json(self) -> dict[str, Any]:
        """The contract's JSON object: every key always there, in this order; None or [] for what is not known."""
        body = self.body
        return {
            **dict(zip(_TEXTS, _texts(self), strict=True)),
            "authors": list(self.authors),
            "keywords": list(self.keywords),
            "published_at": _iso(self.published_at),
            "modified_at": _iso(self.modified_at),
            "published_date": _iso(self.published_date),
            "dates": [claim.as_json() for claim in self.dates],
            "body": body,
            "blocks": [block.as_json() for block in self.blocks],
            "images": [image.as_json() for image in self.images],
            "links": list(self.links),
            "word_count": len(body.split()),
            "fidelity": self.fidelity.value,
            "warnings": list(self.warnings),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of `as_json` (`body` and `word_count` are derived again). Raises KeyError, ValueError."""
        return cls(
            **{name: data[name] for name in _TEXTS},
            authors=tuple(data["authors"]),
            keywords=tuple(data["keywords"]),
            published_at=_instant(data["published_at"]),
            modified_at=_instant(data["modified_at"]),
            published_date=date.fromisoformat(data["published_date"]) if data["published_date"] else None,
            dates=tuple(DateClaim.from_json(claim) for claim in data["dates"]),
            blocks=tuple(Block.from_json(block) for block in data["blocks"]),
            images=tuple(Image.from_json(image) for image in data["images"]),
            links=tuple(data["links"]),
            fidelity=Fidelity(data["fidelity"]),
            warnings=tuple(data["warnings"]),
        )


#: The attributes of Article that are text or None, in the order of the JSON form.
_TEXTS = (
    *("url", "canonical_url", "site", "native_id", "language"),
    *("headline", "alternative_headline", "description", "section"),
)
_texts = attrgetter(*_TEXTS)


def _iso(moment: date | None) -> str | None:
    return moment.isoformat() if moment is not None else None


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
