"""The tables of the corpus.

Three kinds of fact: what was fetched (`captures`, with the `warc_files` that hold them and the `crawls` that made
them), what was read from it (`articles`, their `revisions`, and the lists of a revision), and what gave no capture
(`failures`). The second kind is a function of the first. The migrations build the same; a test compares.
"""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, Date, ForeignKey, Index, MetaData, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from storage.corpus.types import Number, Ordered, UtcDateTime


class Base(DeclarativeBase):
    """The root of the models: names for constraints, and a column type for each Python type."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text(),
        int: Number,
        datetime: UtcDateTime(),
        date: Date(),
        dict[str, Any]: JSON(),
        list[Any]: JSON(),
    }


class Site(Base):
    """A news site, known by its name (`alanews`)."""

    __tablename__ = "sites"

    name: Mapped[str] = mapped_column(Ordered, primary_key=True)


class Crawl(Base):
    """One run of one spider: its settings, its counts, how it ended. `outcome` is null while it runs."""

    __tablename__ = "crawls"

    id: Mapped[int] = mapped_column(primary_key=True)
    site: Mapped[str] = mapped_column(ForeignKey("sites.name"), index=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    settings: Mapped[dict[str, Any]]
    counts: Mapped[dict[str, Any]]


class WarcFile(Base):
    """A WARC file by its bare name; once it is sealed, `size` in bytes and `sha256` in hexadecimal."""

    __tablename__ = "warc_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Ordered, unique=True)
    crawl_id: Mapped[int | None] = mapped_column(ForeignKey("crawls.id"))
    size: Mapped[int | None]
    sha256: Mapped[str | None]
    sealed_at: Mapped[datetime | None]


class Article(Base):
    """An article of a site, whatever its text was over time.

    `id` digests (site, native id, else canonical URL). `canonical_url` is the one of its best capture.
    `revision_count` is also the number of its newest revision.
    """

    __tablename__ = "articles"

    id: Mapped[str] = mapped_column(Ordered, primary_key=True)
    site: Mapped[str | None] = mapped_column(ForeignKey("sites.name"), index=True)
    native_id: Mapped[str | None]
    canonical_url: Mapped[str | None]
    revision_count: Mapped[int]


class Capture(Base):
    """A WARC record with a response (or a text conversion), and what became of it.

    `outcome` is one of `saved.Outcome`; `reason` and `detail` name a refusal. `asked_url` is the canonical URL that
    led here, before redirects; `asked_key` its 63-bit digest (an index on long URLs is more than Postgres allows);
    `lastmod` the time of the last change that the list which led here claimed. `record_offset` and `length` are bytes
    of the WARC file. `extractor` names the program and version that judged it.
    """

    __tablename__ = "captures"
    __table_args__ = (
        UniqueConstraint("warc_file_id", "record_offset"),
        Index("ix_captures_article_id_content_hash", "article_id", "content_hash"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    warc_file_id: Mapped[int] = mapped_column(ForeignKey("warc_files.id"))
    record_offset: Mapped[int]
    length: Mapped[int]
    record_id: Mapped[str] = mapped_column(Ordered)
    record_type: Mapped[str]
    url: Mapped[str]
    asked_url: Mapped[str | None]
    asked_key: Mapped[int | None] = mapped_column(BigInteger, index=True)
    captured_at: Mapped[datetime]
    http_status: Mapped[int | None]
    content_type: Mapped[str | None]
    payload_digest: Mapped[str | None]
    site: Mapped[str | None] = mapped_column(ForeignKey("sites.name"), index=True)
    crawl_id: Mapped[int | None] = mapped_column(ForeignKey("crawls.id"))
    outcome: Mapped[str]
    reason: Mapped[str | None]
    detail: Mapped[str | None]
    lastmod: Mapped[str | None]
    article_id: Mapped[str | None] = mapped_column(Ordered, ForeignKey("articles.id"))
    content_hash: Mapped[str | None] = mapped_column(Ordered)
    fidelity: Mapped[str | None]
    extractor: Mapped[str | None]


class Revision(Base):
    """A distinct text of an article, shown by its best capture.

    `number` counts an article's revisions from 1 in the order in which they were first captured; it is null for a
    text known from flattened dumps only, of an article that has HTML captures. `rank` orders captures: the greatest
    one is shown. `published_at` and `modified_at` are ISO 8601 with the source's offset, `published_utc` the same
    instant for sorting; `canonical_key` digests the URL as `asked_key` does.
    """

    __tablename__ = "revisions"
    __table_args__ = (
        UniqueConstraint("article_id", "content_hash"),
        Index("ix_revisions_published_date_article_id", "published_date", "article_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[str] = mapped_column(Ordered, ForeignKey("articles.id"))
    content_hash: Mapped[str] = mapped_column(Ordered)
    number: Mapped[int | None]
    first_captured_at: Mapped[datetime]
    last_captured_at: Mapped[datetime]
    capture_id: Mapped[int] = mapped_column(ForeignKey("captures.id"))
    rank: Mapped[str] = mapped_column(Ordered)
    extractor: Mapped[str]
    fidelity: Mapped[str]
    url: Mapped[str | None]
    canonical_url: Mapped[str | None]
    canonical_key: Mapped[int | None] = mapped_column(BigInteger, index=True)
    language: Mapped[str | None]
    headline: Mapped[str]
    alternative_headline: Mapped[str | None]
    description: Mapped[str | None]
    section: Mapped[str | None]
    published_at: Mapped[str | None]
    published_utc: Mapped[datetime | None]
    modified_at: Mapped[str | None]
    published_date: Mapped[date | None]
    dates: Mapped[list[Any]]
    body: Mapped[str]
    blocks: Mapped[list[Any]]
    links: Mapped[list[Any]]
    word_count: Mapped[int]
    warnings: Mapped[list[Any]]


class Author(Base):
    """A name as printed; `id` is its 63-bit digest, the same in every database."""

    __tablename__ = "authors"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    name: Mapped[str]


class Keyword(Base):
    """A keyword as printed; `id` is its 63-bit digest, the same in every database."""

    __tablename__ = "keywords"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    name: Mapped[str]


class RevisionAuthor(Base):
    """The authors of a revision, in the page's order, from 0."""

    __tablename__ = "revision_authors"

    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("authors.id"), index=True)


class RevisionKeyword(Base):
    """The keywords of a revision, in the page's order, from 0."""

    __tablename__ = "revision_keywords"

    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    keyword_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("keywords.id"), index=True)


class Image(Base):
    """The images of a revision, in the page's order, from 0."""

    __tablename__ = "images"

    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str]
    caption: Mapped[str | None]
    credit: Mapped[str | None]


class Failure(Base):
    """A request that gave no capture: no byte of a response came."""

    __tablename__ = "failures"

    id: Mapped[int] = mapped_column(primary_key=True)
    crawl_id: Mapped[int | None] = mapped_column(ForeignKey("crawls.id"), index=True)
    site: Mapped[str | None] = mapped_column(ForeignKey("sites.name"), index=True)
    url: Mapped[str]
    reason: Mapped[str]
    detail: Mapped[str | None]
    at: Mapped[datetime]
