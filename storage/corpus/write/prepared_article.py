"""The article of one capture with its digests, computed before the transaction begins.

Used by storage.corpus.write.store, and by crawler.ingest.comparison to compare articles.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from storage.article import Article, Fidelity
from storage.corpus.db.bulk import dumped
from storage.corpus.db.sanitise import sanitise_json
from storage.corpus.db.types import in_utc
from storage.corpus.write.capture_result import CaptureResult
from storage.corpus.write.identity import article_id, content_hash


@dataclass(frozen=True, slots=True)
class PreparedArticle:
    """`result` has the article too; `data` is its JSON form.

    `article_id` and `content_hash` identify the revision; `reading` is the digest of extractor and data; `rank` is
    text that sorts the captures of one article.
    """

    result: CaptureResult
    article: Article
    data: dict[str, Any]
    article_id: str
    content_hash: str
    reading: str
    rank: str


def prepare(result: CaptureResult) -> tuple[CaptureResult, PreparedArticle | None]:
    """The result with sanitised text, and its article with the digests; None for a capture without an article."""
    result = result.sanitised()
    if result.article is None:
        return result, None
    article, data, text = _sanitised(result.article)
    if article is not result.article:
        result = replace(result, article=article)
    captured_at, record_id, file, offset = result.captured_at, result.record_id, result.file, result.offset
    rank = rank_of(article.fidelity, result.record_type, captured_at, record_id, file, offset)
    digest = hashlib.sha256(f"{result.extractor}\n{text}".encode()).hexdigest()[:32]
    id, hash = article_id(article, result.url), content_hash(article)
    return result, PreparedArticle(result, article, data, id, hash, reading=digest, rank=rank)


def rank_of(
    fidelity: str | None, record_type: str, captured_at: datetime, record_id: str, file: str, offset: int
) -> str:
    """Text that is greater for the better capture of an article.

    HTML is better than flattened text, then a record with a payload better than a revisit, then the newest; record id,
    file and offset break ties.
    """
    kind = 2 * (fidelity == Fidelity.HTML) + (record_type != "revisit")
    moment = in_utc(captured_at).isoformat(timespec="microseconds")
    return f"{kind} {moment} {record_id} {file} {offset:020d}"


def is_html(rank: str) -> bool:
    """Whether a rank is that of an HTML capture."""
    return rank.startswith(("2", "3"))


def _sanitised(article: Article) -> tuple[Article, dict[str, Any], str]:
    """The article with sanitised text, its JSON form, and the JSON as text."""
    data = article.as_json()
    text = dumped(data)
    try:
        text.encode()
        if "\\u0000" not in text:
            return article, data, text
    except UnicodeEncodeError:
        pass
    article = Article.from_json(sanitise_json(data))
    data = article.as_json()
    return article, data, dumped(data)
