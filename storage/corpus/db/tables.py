"""The tables of the corpus.

Captures (`captures`, with their `warc_files` and `crawls`), extraction results (`articles`, their `revisions`, the
lists of a revision, and `readings`), and requests without a capture (`failures`); `discoveries` and `schedules` belong
to crawls. Extraction results are a function of the captures. A test compares the tables with those of the migrations.
docs/schema.md is made from the docstrings and from `doc`.
"""

from datetime import date, datetime
from typing import Any, ClassVar, Final

from sqlalchemy import JSON, BigInteger, Date, Double, ForeignKey, Index, MetaData, Text, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from storage.corpus.db.types import Number, Ordered, UtcDateTime


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
        float: Double(),
        datetime: UtcDateTime(),
        date: Date(),
        dict[str, Any]: JSON(),
        list[Any]: JSON(),
    }


class SiteRow(Base):
    """A news site."""

    __tablename__ = "sites"

    name: Mapped[str] = mapped_column(Ordered, primary_key=True, doc="the site's name in commands (`alanews`)")


class CrawlRow(Base):
    """One run of one spider: its settings, its counts, how it ended."""

    __tablename__ = "crawls"

    id: Mapped[int] = mapped_column(primary_key=True)
    site: Mapped[str] = mapped_column(ForeignKey("sites.name"), index=True, doc="the site that was crawled")
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None] = mapped_column(doc="null while it runs, or where it was cut off")
    outcome: Mapped[str | None] = mapped_column(doc="`finished`, or why it stopped; null while it runs")
    settings: Mapped[dict[str, Any]] = mapped_column(doc="days, limits, delay, user agent")
    counts: Mapped[dict[str, Any]] = mapped_column(doc="captures by outcome, refusals by reason, requests, bytes")


class WarcFileRow(Base):
    """A WARC file."""

    __tablename__ = "warc_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Ordered, unique=True, doc="bare file name, as it is when sealed")
    crawl_id: Mapped[int | None] = mapped_column(ForeignKey("crawls.id"), doc="the crawl that wrote it")
    size: Mapped[int | None] = mapped_column(doc="bytes, once it is sealed")
    sha256: Mapped[str | None] = mapped_column(doc="of the sealed file, hexadecimal")
    sealed_at: Mapped[datetime | None]


class WarcLocationRow(Base):
    """A place outside the collection where a WARC file of the same name was read by a rebuild, or named by `--warc`."""

    __tablename__ = "warc_locations"

    name: Mapped[str] = mapped_column(Ordered, primary_key=True, doc="as `warc_files.name`")
    location: Mapped[str] = mapped_column(
        Ordered, primary_key=True, doc="absolute path or URL; of a file in a WACZ, continued behind that of the WACZ"
    )
    size: Mapped[int | None] = mapped_column(doc="bytes; null where the server does not say")
    sha256: Mapped[str | None] = mapped_column(doc="of the file when it was read, hexadecimal; null for a URL")


class ArticleRow(Base):
    """An article of a site, whatever its text was over time.

    An article that has lost its last capture to a newer reading keeps its row, with no revision, so that the change
    feed can tell.
    """

    __tablename__ = "articles"

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[str] = mapped_column(
        Ordered, unique=True, doc="digest of (site, native id, else canonical URL), the same in every database"
    )
    site: Mapped[str | None] = mapped_column(ForeignKey("sites.name"), index=True)
    native_id: Mapped[str | None] = mapped_column(doc="the site's own id of the article")
    canonical_url: Mapped[str | None] = mapped_column(doc="as its best capture says: HTML over flat text, then newest")
    revision_count: Mapped[int] = mapped_column(doc="also the number of its newest revision; 0: it is gone")
    change: Mapped[int] = mapped_column(index=True, doc="position in the change feed of its last change")
    withheld: Mapped[int | None] = mapped_column(doc="the row of `withholdings` for which it is not shown; null: it is")


#: A capture of a robots.txt. With the value in the statement, since SQLite takes a partial index for no parameter.
IS_ROBOTS: Final = text("outcome = 'robots'")


class CaptureRow(Base):
    """A WARC record with a response (or a text conversion), and what became of it."""

    __tablename__ = "captures"
    __table_args__ = (
        UniqueConstraint("warc_file_id", "record_offset", "record_id"),
        Index("ix_captures_robots", "captured_at", sqlite_where=IS_ROBOTS, postgresql_where=IS_ROBOTS),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    warc_file_id: Mapped[int] = mapped_column(ForeignKey("warc_files.id"))
    record_offset: Mapped[int] = mapped_column(
        doc="bytes from the start of the WARC file to the record, or to the gzip member it shares with others"
    )
    length: Mapped[int] = mapped_column(doc="bytes of the record in the file, compressed; 0 where it shares them")
    record_id: Mapped[str] = mapped_column(Ordered, doc="WARC-Record-ID, with its angle brackets")
    record_type: Mapped[str] = mapped_column(doc="WARC-Type: `response`, `revisit`, `resource`, `conversion`")
    url: Mapped[str] = mapped_column(doc="WARC-Target-URI: what was fetched")
    asked_url: Mapped[str | None] = mapped_column(doc="canonical URL that led here, before redirects")
    asked_key: Mapped[int | None] = mapped_column(
        BigInteger, index=True, doc="first 63 bits of the SHA-256 of asked_url: what is looked up"
    )
    captured_at: Mapped[datetime] = mapped_column(doc="WARC-Date")
    http_status: Mapped[int | None]
    content_type: Mapped[str | None] = mapped_column(doc="as the server said")
    payload_digest: Mapped[str | None] = mapped_column(doc="`sha1:` and base32, as Wayback and Common Crawl index it")
    site: Mapped[str | None] = mapped_column(
        ForeignKey("sites.name"), index=True, doc="its name; the host of a page that `rebuild --any` has taken"
    )
    crawl_id: Mapped[int | None] = mapped_column(ForeignKey("crawls.id"))
    outcome: Mapped[str] = mapped_column(
        doc="`article`, `refused`, `discovery`, `redirect`, `robots`, `requisite` or `other`"
    )
    reason: Mapped[str | None] = mapped_column(doc="name of the refusal")
    detail: Mapped[str | None] = mapped_column(doc="what else is known of the outcome: where a redirect leads ...")
    lastmod: Mapped[str | None] = mapped_column(doc="last change that the list which led here claimed, as it stands")
    article: Mapped[int | None] = mapped_column(ForeignKey("articles.id"), index=True, doc="the article it shows")
    content_hash: Mapped[str | None] = mapped_column(Ordered, doc="with `article`: the revision it shows")
    fidelity: Mapped[str | None] = mapped_column(doc="`html`, or `text` for a flattened dump")
    confidence: Mapped[float | None] = mapped_column(
        doc="of a page without a known template: how sure it is that it is an article, from 0 to 1"
    )
    reading: Mapped[str | None] = mapped_column(Ordered, doc="digest of all that was read from it, extractor included")
    extractor: Mapped[str | None] = mapped_column(doc="program and version that classified it")
    agreement: Mapped[float | None] = mapped_column(
        doc="how far trafilatura finds the body that a page object read, 0 to 1; null where it was not asked"
    )
    source: Mapped[str | None] = mapped_column(
        doc="where it is from: host of a web archive, `commoncrawl`, `cc-news`, `text`; null for the site itself"
    )
    rights: Mapped[list[Any] | None] = mapped_column(
        doc="what it said about reuse, objects with `signal`, `value` and `source`: headers, markup, robots.txt; null: "
        "not read yet"
    )


class RevisionRow(Base):
    """A distinct normalised text (headline, lede, blocks) of an article, shown by its best capture.

    The facts are those of that capture: HTML over flat text, then the newest.
    """

    __tablename__ = "revisions"
    __table_args__ = (UniqueConstraint("article", "content_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    article: Mapped[int] = mapped_column(ForeignKey("articles.id"))
    content_hash: Mapped[str] = mapped_column(Ordered, doc="SHA-256 of the normalised text, hexadecimal")
    number: Mapped[int | None] = mapped_column(
        doc="from 1, in the order of first captures; null for a text known from flat dumps only, of an article that "
        "has HTML captures"
    )
    changed: Mapped[list[Any]] = mapped_column(
        doc="what differs from the revision before: `headline`, `lede`, `body`; empty for the first"
    )
    words_added: Mapped[int] = mapped_column(doc="words in this revision and not in the one before, each as often")
    words_removed: Mapped[int] = mapped_column(doc="words in the one before and not in this revision")
    first_captured_at: Mapped[datetime]
    last_captured_at: Mapped[datetime]
    capture_id: Mapped[int] = mapped_column(ForeignKey("captures.id"), doc="the capture shown: the way to its bytes")
    reading: Mapped[str] = mapped_column(Ordered, doc="that capture's reading")
    extractor: Mapped[str] = mapped_column(doc="program and version that read it")
    fidelity: Mapped[str] = mapped_column(doc="`html`, or `text` for a flattened dump")
    url: Mapped[str | None]
    canonical_url: Mapped[str | None]
    canonical_key: Mapped[int | None] = mapped_column(
        BigInteger, index=True, doc="first 63 bits of the SHA-256 of canonical_url: what is looked up"
    )
    language: Mapped[str | None] = mapped_column(index=True, doc="as the page says (`it`, `it-IT`)")
    headline: Mapped[str]
    alternative_headline: Mapped[str | None]
    description: Mapped[str | None] = mapped_column(doc="the lede")
    section: Mapped[str | None]
    published_at: Mapped[str | None] = mapped_column(doc="ISO 8601 with the source's offset")
    published_utc: Mapped[datetime | None] = mapped_column(doc="the same instant, UTC")
    modified_at: Mapped[str | None] = mapped_column(doc="ISO 8601 with the source's offset")
    modified_utc: Mapped[datetime | None] = mapped_column(doc="the same instant, UTC")
    published_date: Mapped[date | None] = mapped_column(index=True, doc="day of publication in the site's zone")
    dates: Mapped[list[Any]] = mapped_column(doc="what each place of the page says of each date")
    body: Mapped[str] = mapped_column(doc="blocks joined by a blank line, without captions and embeds")
    blocks: Mapped[list[Any]] = mapped_column(doc="objects with `type` and `text`; for some `level`, `cite`, `items`")
    links: Mapped[list[Any]] = mapped_column(doc="absolute URLs of the body's links, each once")
    word_count: Mapped[int] = mapped_column(doc="words of the body, split at white space")
    warnings: Mapped[list[Any]] = mapped_column(doc="short names of what was lost or doubtful in reading")


class TextBandRow(Base):
    """What near-copies have in common: bands of the MinHash signature of a revision's body (decision 091).

    `band` is a 63-bit digest of the band's place and minima; `revision_id` the row of `revisions`, without a reference
    that every deletion would have to check.
    """

    __tablename__ = "text_bands"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012

    band: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    revision_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)


class ReadingRow(Base):
    """What was read from captures that their revision does not show, where it differs from what is shown."""

    __tablename__ = "readings"

    article: Mapped[int] = mapped_column(ForeignKey("articles.id"), primary_key=True)
    id: Mapped[str] = mapped_column(Ordered, primary_key=True, doc="digest of all that was read: `captures.reading`")
    data: Mapped[dict[str, Any]] = mapped_column(doc="`extractor`, and `article` as in the JSON export")


class AuthorRow(Base):
    """An author's name as printed."""

    __tablename__ = "authors"

    id: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False, doc="63-bit digest of the name, the same in every database"
    )
    name: Mapped[str]


class KeywordRow(Base):
    """A keyword as printed."""

    __tablename__ = "keywords"

    id: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False, doc="63-bit digest of the name, the same in every database"
    )
    name: Mapped[str]


class RevisionAuthorRow(Base):
    """The authors of a revision, in the page's order."""

    __tablename__ = "revision_authors"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012

    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, doc="from 0")
    author_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("authors.id"), index=True)


class RevisionKeywordRow(Base):
    """The keywords of a revision, in the page's order."""

    __tablename__ = "revision_keywords"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012

    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, doc="from 0")
    keyword_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("keywords.id"), index=True)


class ImageRow(Base):
    """The images of a revision, in the page's order."""

    __tablename__ = "images"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012

    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, doc="from 0")
    url: Mapped[str]
    caption: Mapped[str | None]
    credit: Mapped[str | None]


class FeedRow(Base):
    """One row: how far the change feed has come. Every transaction that changes articles takes the next position,
    and holds the row until it ends, so that positions become visible in their order."""

    __tablename__ = "feed"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, doc="always 1")
    position: Mapped[int] = mapped_column(doc="the last position taken")
    name: Mapped[str | None] = mapped_column(doc="drawn at random with the first change; part of every cursor")


class WithholdingRow(Base):
    """An order not to show articles; `articles.withheld` says which. A lifted one stays as a record."""

    __tablename__ = "withholdings"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(doc="what `value` is: `url`, `article`, `pattern` or `author`")
    value: Mapped[str] = mapped_column(doc="a URL, an article_id, a URL with `*` for any characters, or a name")
    reason: Mapped[str]
    by_right: Mapped[str | None] = mapped_column(doc="the right that demands it, as the archivist has put it")
    placed_at: Mapped[datetime]
    until: Mapped[date | None] = mapped_column(doc="last day of an embargo, UTC; null: until it is lifted")
    lifted_at: Mapped[datetime | None] = mapped_column(doc="null while it is in force")


class ErasureRow(Base):
    """A tombstone: captures were erased, when, why and by what right; their digests, and nothing of their content."""

    __tablename__ = "erasures"

    id: Mapped[str] = mapped_column(Ordered, primary_key=True, doc="drawn at random; also in HOME/erasures.jsonl")
    erased_at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(doc="what was named: `url`, `article`, `pattern` or `author`")
    reason: Mapped[str]
    by_right: Mapped[str | None] = mapped_column(doc="the right that demanded it, as the archivist has put it")
    records: Mapped[list[Any]] = mapped_column(doc="SHA-256 of the bytes of each erased record, hexadecimal")
    payloads: Mapped[list[Any]] = mapped_column(doc="payload digests of the erased captures")


class ErasedKeyRow(Base):
    """The digest of a URL or of an article_id that was erased: no capture of it is taken again."""

    __tablename__ = "erased_keys"

    digest: Mapped[str] = mapped_column(
        Ordered, primary_key=True, doc="SHA-256, hexadecimal, of the URL's SURT, or of the article_id"
    )
    erasure: Mapped[str] = mapped_column(ForeignKey("erasures.id"))


class FailureRow(Base):
    """A request that gave no capture: no byte of a response came."""

    __tablename__ = "failures"

    id: Mapped[int] = mapped_column(primary_key=True)
    crawl_id: Mapped[int | None] = mapped_column(ForeignKey("crawls.id"), index=True)
    site: Mapped[str | None] = mapped_column(ForeignKey("sites.name"), index=True)
    url: Mapped[str] = mapped_column(doc="URL of the request")
    reason: Mapped[str] = mapped_column(doc="name of the failure: `dns`, `timeout`, `refused` ...")
    detail: Mapped[str | None]
    at: Mapped[datetime]


class DiscoveryRow(Base):
    """An article URL that a route of a site has named. One row a URL and route, however often it is named.

    `url` is canonical, `url_key` its 63-bit digest, as `captures.asked_key`. `day` is the local day of publication
    that the URL or the list claims; `published` and `lastmod` are the list's own claims, ISO 8601; `via` is the list.
    `refused` is the reason for not requesting it (a trap); null where there is none.
    """

    __tablename__ = "discoveries"
    __table_args__ = (Index("ix_discoveries_site_day", "site", "day"),)

    url_key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    route: Mapped[str] = mapped_column(Ordered, primary_key=True)
    site: Mapped[str] = mapped_column(ForeignKey("sites.name"))
    url: Mapped[str]
    day: Mapped[date | None]
    published: Mapped[str | None]
    lastmod: Mapped[str | None]
    via: Mapped[str | None]
    refused: Mapped[str | None]
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]


class ArchiveQueryRow(Base):
    """A part of a web archive's index that an import has asked for, or is to ask for.

    `archive` names the archive: host of its server, with the path of a collection; `commoncrawl`; `cc-news`. `scope` is
    the part: a host and a span of time, a crawl's index, a WARC file. `outcome` is null until all its lines are known:
    `complete`, `excluded` (the archive does not show the site), or why it could not be read (asked again by the next
    run). `resume_key` is where the next answer goes on.
    """

    __tablename__ = "archive_queries"

    site: Mapped[str] = mapped_column(ForeignKey("sites.name"), primary_key=True)
    archive: Mapped[str] = mapped_column(Ordered, primary_key=True)
    scope: Mapped[str] = mapped_column(Ordered, primary_key=True)
    outcome: Mapped[str | None]
    detail: Mapped[str | None]
    resume_key: Mapped[str | None]
    lines: Mapped[int]
    asked_at: Mapped[datetime | None] = mapped_column(doc="of the last answer")


class ArchiveLineRow(Base):
    """A line of a web archive's index: a capture that the archive says it has, and what became of it here.

    `url_key` is the 63-bit digest of `url`; `article` of the article's native id or canonical URL, null for a URL of no
    article. `outcome` is null while it is to be requested; docs/lost-sites.md lists the outcomes.
    """

    __tablename__ = "archive_lines"
    __table_args__ = (Index("ix_archive_lines_site_archive", "site", "archive"),)

    archive: Mapped[str] = mapped_column(Ordered, primary_key=True)
    url_key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    captured_at: Mapped[datetime] = mapped_column(primary_key=True, doc="as the index says, by the second")
    digest: Mapped[str] = mapped_column(
        Ordered, primary_key=True, doc="SHA-1 in base32; empty where the index has none"
    )
    site: Mapped[str] = mapped_column(ForeignKey("sites.name"))
    url: Mapped[str] = mapped_column(doc="of the original, as the index spells it")
    mimetype: Mapped[str | None]
    status: Mapped[int | None] = mapped_column(doc="null for a revisit")
    length: Mapped[int | None] = mapped_column(doc="bytes of the compressed record")
    file: Mapped[str | None] = mapped_column(doc="the archive's WARC file, where its index says")
    record_offset: Mapped[int | None] = mapped_column(BigInteger, doc="bytes from the start of that file to the record")
    article: Mapped[int | None] = mapped_column(BigInteger, index=True)
    outcome: Mapped[str | None]
    detail: Mapped[str | None]
    record_id: Mapped[str | None] = mapped_column(Ordered, doc="of the capture here: `captures.record_id`")
    decided_at: Mapped[datetime | None]


class ArchivePauseRow(Base):
    """Until when nothing is asked of a web archive, which has asked for fewer requests."""

    __tablename__ = "archive_pauses"

    archive: Mapped[str] = mapped_column(Ordered, primary_key=True)
    until: Mapped[datetime]


class ScheduleRow(Base):
    """A site's place in the timetable: `every_seconds`, or a `cron` expression in the site's time zone.

    `options` are words for `emeroteca crawl`. `due_at` is when it is to run next; `started_at`, `finished_at` and
    `exit_status` are of the last run.
    """

    __tablename__ = "schedules"

    site: Mapped[str] = mapped_column(Ordered, primary_key=True)
    every_seconds: Mapped[int | None]
    cron: Mapped[str | None]
    options: Mapped[list[Any]]
    due_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    exit_status: Mapped[int | None]


#: The join of a capture with the revision whose text it shows.
shown_revision = (RevisionRow.article == CaptureRow.article) & (RevisionRow.content_hash == CaptureRow.content_hash)
