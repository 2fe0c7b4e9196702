"""The first tables: crawls, captures, articles and their revisions, and the view `corpus`.

Constraints and indexes get their names from the naming convention of `Base.metadata`.
"""

import sqlalchemy as sa
from alembic import op

from migrations.types import MOMENT, NUMBER, ORDERED

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


VIEW = """
CREATE VIEW corpus AS
SELECT
    r.url, a.canonical_url, a.site, a.native_id, r.language,
    r.headline, r.alternative_headline, r.description, r.section,
    (SELECT {array}n.name{end} FROM (
        SELECT t.name FROM revision_authors l JOIN authors t ON t.id = l.author_id
        WHERE l.revision_id = r.id ORDER BY l.position) n) AS authors,
    (SELECT {array}n.name{end} FROM (
        SELECT t.name FROM revision_keywords l JOIN keywords t ON t.id = l.keyword_id
        WHERE l.revision_id = r.id ORDER BY l.position) n) AS keywords,
    r.published_at, r.modified_at, r.published_date, r.dates, r.body, r.blocks,
    (SELECT {array}{object}('url', i.url, 'caption', i.caption, 'credit', i.credit){end} FROM (
        SELECT m.url, m.caption, m.credit FROM images m
        WHERE m.revision_id = r.id ORDER BY m.position) i) AS images,
    r.links, r.word_count, r.fidelity, r.warnings,
    a.article_id, r.number AS revision, a.revision_count AS revisions, r.content_hash,
    r.first_captured_at, r.last_captured_at,
    f.name AS warc_file, c.record_offset AS warc_offset, c.record_id AS warc_record_id,
    c.payload_digest, r.extractor
FROM articles a
JOIN revisions r ON r.article = a.id AND r.number = a.revision_count
JOIN captures c ON c.id = r.capture_id
JOIN warc_files f ON f.id = c.warc_file_id
"""

WORDS = {
    "sqlite": {"array": "json_group_array(", "end": ")", "object": "json_object"},
    "postgresql": {"array": "coalesce(json_agg(", "end": "), CAST('[]' AS json))", "object": "json_build_object"},
}


def upgrade() -> None:
    _create_crawls()
    _create_articles()
    _create_revisions()
    _create_lists()
    op.execute(VIEW.format(**WORDS[op.get_bind().dialect.name]).strip())


def downgrade() -> None:
    op.execute("DROP VIEW corpus")
    lists = ("images", "revision_keywords", "revision_authors", "keywords", "authors")
    others = ("readings", "revisions", "captures", "articles", "feed", "warc_files", "failures", "crawls", "sites")
    for table in (*lists, *others):
        op.drop_table(table)


def _create_crawls() -> None:
    op.create_table("sites", sa.Column("name", ORDERED, primary_key=True))
    op.create_table(
        "crawls",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("site", ORDERED, sa.ForeignKey("sites.name"), nullable=False, index=True),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT),
        sa.Column("outcome", sa.Text()),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
    )
    op.create_table(
        "failures",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("crawl_id", NUMBER, sa.ForeignKey("crawls.id"), index=True),
        sa.Column("site", ORDERED, sa.ForeignKey("sites.name"), index=True),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text()),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_table(
        "warc_files",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("name", ORDERED, nullable=False, unique=True),
        sa.Column("crawl_id", NUMBER, sa.ForeignKey("crawls.id")),
        sa.Column("size", NUMBER),
        sa.Column("sha256", sa.Text()),
        sa.Column("sealed_at", MOMENT),
    )


def _create_articles() -> None:
    op.create_table(
        "articles",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("article_id", ORDERED, nullable=False, unique=True),
        sa.Column("site", ORDERED, sa.ForeignKey("sites.name"), index=True),
        *_texts("native_id", "canonical_url"),
        sa.Column("revision_count", NUMBER, nullable=False),
        sa.Column("change", NUMBER, nullable=False, index=True),
    )
    feed = op.create_table(
        "feed",
        sa.Column("id", NUMBER, autoincrement=False, primary_key=True),
        sa.Column("position", NUMBER, nullable=False),
    )
    op.bulk_insert(feed, [{"id": 1, "position": 0}])
    op.create_table(
        "captures",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("warc_file_id", NUMBER, sa.ForeignKey("warc_files.id"), nullable=False),
        sa.Column("record_offset", NUMBER, nullable=False),
        sa.Column("length", NUMBER, nullable=False),
        sa.Column("record_id", ORDERED, nullable=False),
        sa.Column("record_type", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("asked_url", sa.Text()),
        sa.Column("asked_key", sa.BigInteger(), index=True),
        sa.Column("captured_at", MOMENT, nullable=False),
        sa.Column("http_status", NUMBER),
        *_texts("content_type", "payload_digest"),
        sa.Column("site", ORDERED, sa.ForeignKey("sites.name"), index=True),
        sa.Column("crawl_id", NUMBER, sa.ForeignKey("crawls.id")),
        sa.Column("outcome", sa.Text(), nullable=False),
        *_texts("reason", "detail", "lastmod"),
        sa.Column("article", NUMBER, sa.ForeignKey("articles.id"), index=True),
        sa.Column("content_hash", ORDERED),
        sa.Column("fidelity", sa.Text()),
        sa.Column("reading", ORDERED),
        sa.UniqueConstraint("warc_file_id", "record_offset"),
    )


def _create_revisions() -> None:
    op.create_table(
        "revisions",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("article", NUMBER, sa.ForeignKey("articles.id"), nullable=False),
        sa.Column("content_hash", ORDERED, nullable=False),
        sa.Column("number", NUMBER),
        sa.Column("changed", sa.JSON(), nullable=False),
        sa.Column("words_added", NUMBER, nullable=False),
        sa.Column("words_removed", NUMBER, nullable=False),
        sa.Column("first_captured_at", MOMENT, nullable=False),
        sa.Column("last_captured_at", MOMENT, nullable=False),
        sa.Column("capture_id", NUMBER, sa.ForeignKey("captures.id"), nullable=False),
        sa.Column("reading", ORDERED, nullable=False),
        sa.Column("extractor", sa.Text(), nullable=False),
        sa.Column("fidelity", sa.Text(), nullable=False),
        *_texts("url", "canonical_url"),
        sa.Column("canonical_key", sa.BigInteger(), index=True),
        sa.Column("language", sa.Text()),
        sa.Column("headline", sa.Text(), nullable=False),
        *_texts("alternative_headline", "description", "section", "published_at"),
        sa.Column("published_utc", MOMENT),
        sa.Column("modified_at", sa.Text()),
        sa.Column("published_date", sa.Date(), index=True),
        sa.Column("dates", sa.JSON(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("blocks", sa.JSON(), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("word_count", NUMBER, nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.UniqueConstraint("article", "content_hash"),
    )
    op.create_table(
        "readings",
        sa.Column("article", NUMBER, sa.ForeignKey("articles.id"), primary_key=True),
        sa.Column("id", ORDERED, primary_key=True),
        sa.Column("data", sa.JSON(), nullable=False),
    )


def _create_lists() -> None:
    op.create_table(
        "authors",
        sa.Column("id", sa.BigInteger(), autoincrement=False, primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
    )
    op.create_table(
        "keywords",
        sa.Column("id", sa.BigInteger(), autoincrement=False, primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
    )
    op.create_table(
        "revision_authors",
        sa.Column("revision_id", NUMBER, sa.ForeignKey("revisions.id"), primary_key=True),
        sa.Column("position", NUMBER, primary_key=True),
        sa.Column("author_id", sa.BigInteger(), sa.ForeignKey("authors.id"), nullable=False, index=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "revision_keywords",
        sa.Column("revision_id", NUMBER, sa.ForeignKey("revisions.id"), primary_key=True),
        sa.Column("position", NUMBER, primary_key=True),
        sa.Column("keyword_id", sa.BigInteger(), sa.ForeignKey("keywords.id"), nullable=False, index=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "images",
        sa.Column("revision_id", NUMBER, sa.ForeignKey("revisions.id"), primary_key=True),
        sa.Column("position", NUMBER, primary_key=True),
        sa.Column("url", sa.Text(), nullable=False),
        *_texts("caption", "credit"),
        sqlite_with_rowid=False,
    )


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text()) for name in names]
