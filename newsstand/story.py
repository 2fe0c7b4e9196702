"""A story: the content of an article, before the HTML of either site."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """The kind of a piece of the body. RELATED (a card for another article) and BANNER are not part of the text."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    QUOTE = "quote"
    LIST = "list"
    TABLE = "table"
    PICTURE = "picture"
    EMBED = "embed"
    RELATED = "related"
    BANNER = "banner"


class Mark(StrEnum):
    PLAIN = ""
    STRONG = "strong"
    EMPHASIS = "em"
    LINK = "a"


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text with one mark; `href` is a link's, as a path on the site or a whole URL."""

    text: str
    mark: Mark = Mark.PLAIN
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A photograph: `number` names its file; `credit` is the text after the © sign, without a year."""

    number: int
    taken: datetime
    caption: str
    agency: str
    photographer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One piece of the body. The fields in use depend on the kind."""

    kind: Kind
    spans: tuple[Span, ...] = ()
    level: int = 2
    items: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    cite: str | None = None
    picture: Picture | None = None
    url: str = ""
    other: int | None = None

    @property
    def text(self) -> str:
        """Its text without marks."""
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stub:
    """The parts of a story that URLs and lists need; cheap to generate."""

    index: int
    number: int
    slug: str
    sections: tuple[str, ...]
    published: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Story(Stub):
    """An article's content at one step of the clock. `revision` is the step of its last edit, 0 for none."""

    headline: str
    second_title: str | None
    lede: str
    pieces: tuple[Piece, ...]
    authors: tuple[str, ...]
    keywords: tuple[str, ...]
    place: str
    modified: datetime
    revision: int
    picture: Picture | None = None
    trim: dict[str, bool] = field(default_factory=dict)
