"""The view `corpus` has dates as instants, the page's own form beside them; `revisions_all` has every revision."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

#: The views as of this migration, but for the revisions that they show.
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
    {dates}, r.published_date, r.dates, r.body, r.blocks,
    (SELECT {array}{object}('url', i.url, 'caption', i.caption, 'credit', i.credit){end} FROM (
        SELECT m.url, m.caption, m.credit FROM images m
        WHERE m.revision_id = r.id ORDER BY m.position) i) AS images,
    r.links, r.word_count, r.fidelity, r.warnings,
    a.article_id, r.number AS revision, a.revision_count AS revisions, r.content_hash,
    r.first_captured_at, r.last_captured_at,
    f.name AS warc_file, c.record_offset AS warc_offset, c.record_id AS warc_record_id,
    c.payload_digest, r.extractor
FROM articles a
JOIN revisions r ON {revisions}
JOIN captures c ON c.id = r.capture_id
JOIN warc_files f ON f.id = c.warc_file_id
"""
INSTANTS = """r.published_utc AS published_at, r.published_at AS published_at_local,
    r.modified_utc AS modified_at, r.modified_at AS modified_at_local"""
TEXTS = "r.published_at, r.modified_at"
NEWEST = "r.article = a.id AND r.number = a.revision_count"
WORDS = {
    "sqlite": {"array": "json_group_array(", "end": ")", "object": "json_object"},
    "postgresql": {"array": "coalesce(json_agg(", "end": "), CAST('[]' AS json))", "object": "json_build_object"},
}


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute("DROP VIEW corpus")
    op.add_column("revisions", sa.Column("modified_utc", sa.String(32) if is_sqlite else sa.DateTime(timezone=True)))
    if is_sqlite:
        op.get_bind().connection.create_function("utc_text", 1, _utc_text, deterministic=True)
    convert = "utc_text(modified_at)" if is_sqlite else "CAST(modified_at AS timestamptz)"
    op.execute(f"UPDATE revisions SET modified_utc = {convert} WHERE modified_at IS NOT NULL")
    _create("corpus", INSTANTS, NEWEST)
    _create("revisions_all", INSTANTS, "r.article = a.id")


def downgrade() -> None:
    op.execute("DROP VIEW revisions_all")
    op.execute("DROP VIEW corpus")
    op.drop_column("revisions", "modified_utc")
    _create("corpus", TEXTS, NEWEST)


def _create(view: str, dates: str, revisions: str) -> None:
    words = WORDS[op.get_bind().dialect.name]
    op.execute(VIEW.format(view=view, dates=dates, revisions=revisions, **words).strip())


def _utc_text(moment: str) -> str:
    """An ISO 8601 text in UTC, of one width; a time that UTC would carry out of the years 1 to 9999 stays."""
    aware = datetime.fromisoformat(moment)
    try:
        aware = aware.astimezone(UTC)
    except OverflowError:
        aware = aware.replace(tzinfo=UTC)
    return aware.isoformat(timespec="microseconds")
