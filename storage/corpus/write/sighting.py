"""An article as one capture shows it, made ready before any transaction begins."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from storage.article import Article, Fidelity
from storage.corpus.db.bulk import dumped
from storage.corpus.db.sanitise import clean_json
from storage.corpus.db.types import in_utc
from storage.corpus.write.capture_result import CaptureResult
from storage.corpus.write.identity import article_id, content_hash

#: (WARC file name, offset, record id): the records of a file that is gzipped as a whole share its offset.
Place = tuple[str, int, str]


@dataclass(frozen=True, slots=True)
class Sighting:
    """A capture with an article, and its digests.

    `article_id` and `content_hash` say which revision; `reading` digests all that was read, and who read it; `rank`
    is text that sorts captures of one article.
    """

    saved: CaptureResult
    article: Article
    data: dict[str, Any]
    article_id: str
    content_hash: str
    reading: str
    rank: str

    @property
    def place(self) -> Place:
        return self.saved.place


def prepared(saved: CaptureResult) -> tuple[CaptureResult, Sighting | None]:
    """The capture with every text fit for every database, and the sighting it gives, if any."""
    saved = saved.cleaned()
    if saved.article is None:
        return saved, None
    article, data, text = _clean(saved.article)
    if article is not saved.article:
        saved = replace(saved, article=article)
    return saved, Sighting(
        saved=saved,
        article=article,
        data=data,
        article_id=article_id(article, saved.url),
        content_hash=content_hash(article),
        reading=hashlib.sha256(f"{saved.extractor}\n{text}".encode()).hexdigest()[:32],
        rank=ranked(article.fidelity, saved.record_type, saved.captured_at, saved.record_id, saved.file, saved.offset),
    )


def ranked(
    fidelity: str | None, record_type: str, captured_at: datetime, record_id: str, file: str, offset: int
) -> str:
    """HTML over flat text, then a record that holds its payload over a revisit, then the newest; the rest breaks
    ties."""
    kind = 2 * (fidelity == Fidelity.HTML) + (record_type != "revisit")
    moment = in_utc(captured_at).isoformat(timespec="microseconds")
    return f"{kind} {moment} {record_id} {file} {offset:020d}"


def is_html(rank: str) -> bool:
    """Whether a rank is that of an HTML capture."""
    return rank.startswith(("2", "3"))


def _clean(article: Article) -> tuple[Article, dict[str, Any], str]:
    """The article with all its texts clean, its JSON form, and that as text."""
    data = article.as_json()
    text = dumped(data)
    try:
        text.encode()
        if "\\u0000" not in text:
            return article, data, text
    except UnicodeEncodeError:
        pass
    article = Article.from_json(clean_json(data))
    data = article.as_json()
    return article, data, dumped(data)
