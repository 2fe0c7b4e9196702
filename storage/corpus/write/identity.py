"""Digests that identify articles and texts, the same in every database."""

import hashlib
import unicodedata
from collections.abc import Iterator

from storage.article import OUTSIDE_BODY, Article


def article_id(article: Article, url: str) -> str:
    """32 hexadecimal digits for (site, native id), else (site, canonical URL).

    SHA-256 of `site`, a line feed, `id` or `url`, a line feed, and the value; the first 128 bits. `url` is the
    capture's, for an article that knows no canonical URL.
    """
    by_url = f"url\n{article.canonical_url or article.url or url}"
    name = f"id\n{article.native_id}" if article.native_id else by_url
    return hashlib.sha256(f"{article.site or ''}\n{name}".encode()).hexdigest()[:32]


def content_hash(article: Article) -> str:
    """64 hexadecimal digits for the normalised text: headline, lede, and the blocks of the body with their types.

    SHA-256 of lines `name TAB text`; texts are NFC with white space folded to single spaces. Captions and embeds are
    left out: they carry credits and counters that change with the day a page is rendered.
    """
    return hashlib.sha256("\n".join(_lines(article)).encode()).hexdigest()


def _lines(article: Article) -> Iterator[str]:
    yield f"headline\t{normalise(article.headline)}"
    yield f"lede\t{normalise(article.description or '')}"
    for block in article.blocks:
        text = normalise(block.text)
        if text and block.type not in OUTSIDE_BODY:
            yield f"{block.type.value}\t{text}"


def normalise(text: str) -> str:
    """NFC, white space (no-break spaces too) folded to single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def digest_key(text: str) -> int:
    """A positive 63-bit digest, for indexes on texts of any length: the first bits of the SHA-256."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1
