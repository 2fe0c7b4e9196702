"""Captures have sources, revisions witnesses; the indexes of web archives and what became of each line of them."""

import sqlalchemy as sa
from alembic import op

from migrations.types import MOMENT, NUMBER, ORDERED

revision = "0022"
down_revision = "0020"
branch_labels = None
depends_on = None

#: The views as of this migration, but for the revisions that they show, and their last column.
VIEW = """
CREATE VIEW {view} AS
SELECT
    r.url, a.canonical_url, a.site, a.native_id, r.language,
    r.headline, r.alternative_headline, r.description, r.section,
    (SELECT {array}n.name{end} FROM (
        SELECT t.name FROM revision_authors l JOIN authors t ON t.id = l.author_id
        WHERE l.revision_id = r.id ORDER BY l.position) n) AS authors,
    (SELECT {array}n.name{end} FROM (
        SELECT t.name FROM revision_keywords l JOIN keywords t ON t.id = l.keyword_id
        WHERE l.revision_id = r.id ORDER BY l.position) n) AS keywords,
    r.published_utc AS published_at, r.published_at AS published_at_local,
    r.modified_utc AS modified_at, r.modified_at AS modified_at_local, r.published_date, r.dates, r.body, r.blocks,
    (SELECT {array}{object}('url', i.url, 'caption', i.caption, 'credit', i.credit){end} FROM (
        SELECT m.url, m.caption, m.credit FROM images m
        WHERE m.revision_id = r.id ORDER BY m.position) i) AS images,
    r.links, r.word_count, r.fidelity, r.warnings,
    a.article_id, r.number AS revision, a.revision_count AS revisions, r.content_hash,
    r.first_captured_at, r.last_captured_at,
    f.name AS warc_file, c.record_offset AS warc_offset, c.record_id AS warc_record_id,
    c.payload_digest, r.extractor{witnesses}
FROM articles a
JOIN revisions r ON {revisions}
JOIN captures c ON c.id = r.capture_id
JOIN warc_files f ON f.id = c.warc_file_id
WHERE a.withheld IS NULL
"""
WITNESSES = """,
    (SELECT count(DISTINCT coalesce(w.source, '')) FROM captures w
        WHERE w.article = a.id AND w.content_hash = r.content_hash) AS witnesses"""
REVISIONS = {"corpus": "r.article = a.id AND r.number = a.revision_count", "revisions_all": "r.article = a.id"}
WORDS = {
    "sqlite": {"array": "json_group_array(", "end": ")", "object": "json_object"},
    "postgresql": {"array": "coalesce(json_agg(", "end": "), CAST('[]' AS json))", "object": "json_build_object"},
}


def upgrade() -> None:
    _drop_views()
    op.add_column("captures", sa.Column("source", sa.Text()))
    op.execute("UPDATE captures SET source = 'text' WHERE record_type = 'conversion'")
    _create_views(WITNESSES)
    op.create_table(
        "archive_queries",
        sa.Column("site", ORDERED, sa.ForeignKey("sites.name"), primary_key=True),
        sa.Column("archive", ORDERED, primary_key=True),
        sa.Column("scope", ORDERED, primary_key=True),
        sa.Column("outcome", sa.Text()),
        sa.Column("detail", sa.Text()),
        sa.Column("resume_key", sa.Text()),
        sa.Column("lines", NUMBER, nullable=False),
        sa.Column("asked_at", MOMENT),
    )
    op.create_table(
        "archive_lines",
        sa.Column("archive", ORDERED, primary_key=True),
        sa.Column("url_key", sa.BigInteger(), autoincrement=False, primary_key=True),
        sa.Column("captured_at", MOMENT, primary_key=True),
        sa.Column("digest", ORDERED, primary_key=True),
        sa.Column("site", ORDERED, sa.ForeignKey("sites.name"), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("mimetype", sa.Text()),
        sa.Column("status", NUMBER),
        sa.Column("length", NUMBER),
        sa.Column("file", sa.Text()),
        sa.Column("record_offset", sa.BigInteger()),
        sa.Column("article", sa.BigInteger()),
        sa.Column("outcome", sa.Text()),
        sa.Column("detail", sa.Text()),
        sa.Column("record_id", ORDERED),
        sa.Column("decided_at", MOMENT),
    )
    op.create_index("ix_archive_lines_site_archive", "archive_lines", ["site", "archive"])
    op.create_index("ix_archive_lines_article", "archive_lines", ["article"])
    op.create_table(
        "archive_pauses",
        sa.Column("archive", ORDERED, primary_key=True),
        sa.Column("until", MOMENT, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("archive_pauses")
    op.drop_table("archive_lines")
    op.drop_table("archive_queries")
    _drop_views()
    op.drop_column("captures", "source")
    _create_views("")


def _drop_views() -> None:
    op.execute("DROP VIEW revisions_all")
    op.execute("DROP VIEW corpus")


def _create_views(witnesses: str) -> None:
    words = WORDS[op.get_bind().dialect.name]
    for view, revisions in REVISIONS.items():
        op.execute(VIEW.format(view=view, revisions=revisions, witnesses=witnesses, **words).strip())
