"""The first tables: crawls, captures, articles and their revisions, and the view `corpus`."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ORDERED = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")

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
    for table in (
        "images",
        "revision_keywords",
        "revision_authors",
        "keywords",
        "authors",
        "readings",
        "revisions",
        "captures",
        "articles",
        "feed",
        "warc_files",
        "failures",
        "crawls",
        "sites",
    ):
        op.drop_table(table)


def _create_crawls() -> None:
    op.create_table(
        "sites", sa.Column("name", ORDERED, nullable=False), sa.PrimaryKeyConstraint("name", name="pk_sites")
    )
    op.create_table(
        "crawls",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("site", ORDERED, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["sites.name"], name="fk_crawls_site"),
        sa.PrimaryKeyConstraint("id", name="pk_crawls"),
    )
    op.create_index("ix_crawls_site", "crawls", ["site"])
    op.create_table(
        "failures",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("crawl_id", NUMBER, nullable=True),
        sa.Column("site", ORDERED, nullable=True),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["crawl_id"], ["crawls.id"], name="fk_failures_crawl_id"),
        sa.ForeignKeyConstraint(["site"], ["sites.name"], name="fk_failures_site"),
        sa.PrimaryKeyConstraint("id", name="pk_failures"),
    )
    op.create_index("ix_failures_crawl_id", "failures", ["crawl_id"])
    op.create_index("ix_failures_site", "failures", ["site"])
    op.create_table(
        "warc_files",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("name", ORDERED, nullable=False),
        sa.Column("crawl_id", NUMBER, nullable=True),
        sa.Column("size", NUMBER, nullable=True),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("sealed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["crawl_id"], ["crawls.id"], name="fk_warc_files_crawl_id"),
        sa.PrimaryKeyConstraint("id", name="pk_warc_files"),
        sa.UniqueConstraint("name", name="uq_warc_files_name"),
    )


def _create_articles() -> None:
    op.create_table(
        "articles",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("article_id", ORDERED, nullable=False),
        sa.Column("site", ORDERED, nullable=True),
        sa.Column("native_id", sa.Text(), nullable=True),
        sa.Column("canonical_url", sa.Text(), nullable=True),
        sa.Column("revision_count", NUMBER, nullable=False),
        sa.Column("change", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["site"], ["sites.name"], name="fk_articles_site"),
        sa.PrimaryKeyConstraint("id", name="pk_articles"),
        sa.UniqueConstraint("article_id", name="uq_articles_article_id"),
    )
    op.create_index("ix_articles_change", "articles", ["change"])
    op.create_index("ix_articles_site", "articles", ["site"])
    feed = op.create_table(
        "feed",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("position", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_feed"),
    )
    op.bulk_insert(feed, [{"id": 1, "position": 0}])
    op.create_table(
        "captures",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("warc_file_id", NUMBER, nullable=False),
        sa.Column("record_offset", NUMBER, nullable=False),
        sa.Column("length", NUMBER, nullable=False),
        sa.Column("record_id", ORDERED, nullable=False),
        sa.Column("record_type", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("asked_url", sa.Text(), nullable=True),
        sa.Column("asked_key", sa.BigInteger(), nullable=True),
        sa.Column("captured_at", MOMENT, nullable=False),
        sa.Column("http_status", NUMBER, nullable=True),
        sa.Column("content_type", sa.Text(), nullable=True),
        sa.Column("payload_digest", sa.Text(), nullable=True),
        sa.Column("site", ORDERED, nullable=True),
        sa.Column("crawl_id", NUMBER, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("lastmod", sa.Text(), nullable=True),
        sa.Column("article", NUMBER, nullable=True),
        sa.Column("content_hash", ORDERED, nullable=True),
        sa.Column("fidelity", sa.Text(), nullable=True),
        sa.Column("reading", ORDERED, nullable=True),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name="fk_captures_article"),
        sa.ForeignKeyConstraint(["crawl_id"], ["crawls.id"], name="fk_captures_crawl_id"),
        sa.ForeignKeyConstraint(["site"], ["sites.name"], name="fk_captures_site"),
        sa.ForeignKeyConstraint(["warc_file_id"], ["warc_files.id"], name="fk_captures_warc_file_id"),
        sa.PrimaryKeyConstraint("id", name="pk_captures"),
        sa.UniqueConstraint("warc_file_id", "record_offset", name="uq_captures_warc_file_id_record_offset"),
    )
    op.create_index("ix_captures_article", "captures", ["article"])
    op.create_index("ix_captures_asked_key", "captures", ["asked_key"])
    op.create_index("ix_captures_site", "captures", ["site"])


def _create_revisions() -> None:
    op.create_table(
        "revisions",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("article", NUMBER, nullable=False),
        sa.Column("content_hash", ORDERED, nullable=False),
        sa.Column("number", NUMBER, nullable=True),
        sa.Column("changed", sa.JSON(), nullable=False),
        sa.Column("words_added", NUMBER, nullable=False),
        sa.Column("words_removed", NUMBER, nullable=False),
        sa.Column("first_captured_at", MOMENT, nullable=False),
        sa.Column("last_captured_at", MOMENT, nullable=False),
        sa.Column("capture_id", NUMBER, nullable=False),
        sa.Column("reading", ORDERED, nullable=False),
        sa.Column("extractor", sa.Text(), nullable=False),
        sa.Column("fidelity", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("canonical_url", sa.Text(), nullable=True),
        sa.Column("canonical_key", sa.BigInteger(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("alternative_headline", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("section", sa.Text(), nullable=True),
        sa.Column("published_at", sa.Text(), nullable=True),
        sa.Column("published_utc", MOMENT, nullable=True),
        sa.Column("modified_at", sa.Text(), nullable=True),
        sa.Column("published_date", sa.Date(), nullable=True),
        sa.Column("dates", sa.JSON(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("blocks", sa.JSON(), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("word_count", NUMBER, nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name="fk_revisions_article"),
        sa.ForeignKeyConstraint(["capture_id"], ["captures.id"], name="fk_revisions_capture_id"),
        sa.PrimaryKeyConstraint("id", name="pk_revisions"),
        sa.UniqueConstraint("article", "content_hash", name="uq_revisions_article_content_hash"),
    )
    op.create_index("ix_revisions_canonical_key", "revisions", ["canonical_key"])
    op.create_index("ix_revisions_published_date", "revisions", ["published_date"])
    op.create_table(
        "readings",
        sa.Column("article", NUMBER, nullable=False),
        sa.Column("id", ORDERED, nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name="fk_readings_article"),
        sa.PrimaryKeyConstraint("article", "id", name="pk_readings"),
    )


def _create_lists() -> None:
    op.create_table(
        "authors",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_authors"),
    )
    op.create_table(
        "keywords",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_keywords"),
    )
    op.create_table(
        "revision_authors",
        sa.Column("revision_id", NUMBER, nullable=False),
        sa.Column("position", NUMBER, nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["authors.id"], name="fk_revision_authors_author_id"),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name="fk_revision_authors_revision_id"),
        sa.PrimaryKeyConstraint("revision_id", "position", name="pk_revision_authors"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_revision_authors_author_id", "revision_authors", ["author_id"])
    op.create_table(
        "revision_keywords",
        sa.Column("revision_id", NUMBER, nullable=False),
        sa.Column("position", NUMBER, nullable=False),
        sa.Column("keyword_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["keyword_id"], ["keywords.id"], name="fk_revision_keywords_keyword_id"),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name="fk_revision_keywords_revision_id"),
        sa.PrimaryKeyConstraint("revision_id", "position", name="pk_revision_keywords"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_revision_keywords_keyword_id", "revision_keywords", ["keyword_id"])
    op.create_table(
        "images",
        sa.Column("revision_id", NUMBER, nullable=False),
        sa.Column("position", NUMBER, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("caption", sa.Text(), nullable=True),
        sa.Column("credit", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name="fk_images_revision_id"),
        sa.PrimaryKeyConstraint("revision_id", "position", name="pk_images"),
        sqlite_with_rowid=False,
    )
