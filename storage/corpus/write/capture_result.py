"""The result of a capture: what crawler.ingest and crawler.rebuild hand to storage.corpus.write.store."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from storage.article import Article
from storage.corpus.db.sanitise import sanitise
from storage.rights import RightsSignal

#: WARC file name, offset, record id: records of a file that is gzipped as a whole share their offset.
RecordKey = tuple[str, int, str]


class Outcome(StrEnum):
    """The kind of result."""

    ARTICLE = "article"
    REFUSED = "refused"  # an article was expected; the reason says why there is none
    DISCOVERY = "discovery"  # a sitemap, a feed, an archive page, an API answer
    REDIRECT = "redirect"
    ROBOTS = "robots"
    REQUISITE = "requisite"  # what a page needs to look as it did: a style sheet, an image, a font, a script
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureResult:
    """A capture with its outcome and, for the outcome ARTICLE, the extracted article.

    `file` is the WARC file's bare name, `offset` and `length` bytes in it; `captured_at` is aware. `asked_url` is
    the canonical URL of the request (before redirects), the key of `Store.last_captures`; where it is None the
    article's canonical URL counts. `lastmod` is the time of the last change that the list with the URL claimed, as
    text. `reason` goes with the outcome REFUSED. `agreement` is how
    far another reader finds the article's body, 0 to 1, None where none was asked. `source` is who else kept the page,
    None for a capture of the site itself. `extractor` is the program and version that classified the capture.
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
    agreement: float | None = None
    source: str | None = None
    rights: tuple[RightsSignal, ...] = ()
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
    def record_key(self) -> RecordKey:
        """Unique to a capture."""
        return (self.file, self.offset, self.record_id)

    def sanitised(self) -> "CaptureResult":
        """The result with text that every database accepts; the article stays as it is."""
        names = ("record_id", "url", "asked_url", "content_type", "detail", "lastmod", "source")
        texts = {name: getattr(self, name) for name in names}
        sanitised = {name: sanitise(text) for name, text in texts.items()}
        return self if sanitised == texts else replace(self, **sanitised)
