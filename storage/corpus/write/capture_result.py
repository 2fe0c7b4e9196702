"""What the corpus is told of a capture."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from storage.article import Article
from storage.corpus.db.sanitise import clean


class Outcome(StrEnum):
    """What became of a capture."""

    ARTICLE = "article"
    REFUSED = "refused"  # an article was expected; the reason says why there is none
    DISCOVERY = "discovery"  # a sitemap, a feed, an archive page, an API answer
    REDIRECT = "redirect"
    ROBOTS = "robots"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureResult:
    """A capture and what was read from it.

    `file` is the WARC file's bare name, `offset` and `length` bytes in it; `captured_at` is aware. `asked_url` is
    the canonical URL for which the request was made (before redirects), the key of `Store.known`; where it is None
    the article's canonical URL counts. `lastmod` is the time of the last change claimed by the list that led here, as
    text. `article` goes with outcome ARTICLE, `reason` with REFUSED. `extractor` names
    the program and version that judged the capture.
    """

    file: str
    offset: int
    length: int
    record_id: str
    url: str
    captured_at: datetime
    outcome: Outcome
    record_type: str = "response"
    http_status: int | None = None
    content_type: str | None = None
    payload_digest: str | None = None
    site: str | None = None
    asked_url: str | None = None
    crawl: int | None = None
    reason: str | None = None
    detail: str | None = None
    lastmod: str | None = None
    article: Article | None = None
    extractor: str = ""

    def __post_init__(self) -> None:
        if (self.article is not None) != (self.outcome is Outcome.ARTICLE):
            raise ValueError("an article goes with the outcome 'article', and only with it")
        if (self.reason is not None) != (self.outcome is Outcome.REFUSED):
            raise ValueError("a reason goes with the outcome 'refused', and only with it")
        published = (self.article.published_at, self.article.modified_at) if self.article else ()
        if any(moment is not None and moment.tzinfo is None for moment in (self.captured_at, *published)):
            raise ValueError(f"a time without an offset, of {self.url}")

    @property
    def place(self) -> tuple[str, int, str]:
        """What no two captures have in common: file, offset, record id."""
        return (self.file, self.offset, self.record_id)

    def cleaned(self) -> "CaptureResult":
        """The same with every text fit for every database, but for the article's."""
        texts = {
            name: getattr(self, name) for name in ("record_id", "url", "asked_url", "content_type", "detail", "lastmod")
        }
        cleaned = {name: clean(text) for name, text in texts.items()}
        return self if cleaned == texts else replace(self, **cleaned)
