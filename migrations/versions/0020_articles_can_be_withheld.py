"""Articles can be withheld: the views leave them out. Erasures leave tombstones."""

import sqlalchemy as sa
from alembic import op

from storage.corpus.db.types import Ordered

revision = "0020"
down_revision = "0018"
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
    r.published_utc AS published_at, r.published_at AS published_at_local,
    r.modified_utc AS modified_at, r.modified_at AS modified_at_local, r.published_date, r.dates, r.body, r.blocks,
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
{shown}"""
SHOWN = "WHERE a.withheld IS NULL\n"
REVISIONS = {"corpus": "r.article = a.id AND r.number = a.revision_count", "revisions_all": "r.article = a.id"}
WORDS = {
    "sqlite": {"array": "json_group_array(", "end": ")", "object": "json_object"},
    "postgresql": {"array": "coalesce(json_agg(", "end": "), CAST('[]' AS json))", "object": "json_build_object"},
}


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    instant = sa.String(32) if is_sqlite else sa.DateTime(timezone=True)
    op.create_table(
        "withholdings",
        sa.Column("id", number, primary_key=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_right", sa.Text()),
        sa.Column("placed_at", instant, nullable=False),
        sa.Column("until", sa.Date()),
        sa.Column("lifted_at", instant),
        sa.PrimaryKeyConstraint("id", name="pk_withholdings"),
    )
    op.create_table(
        "erasures",
        sa.Column("id", Ordered, nullable=False),
        sa.Column("erased_at", instant, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_right", sa.Text()),
        sa.Column("records", sa.JSON(), nullable=False),
        sa.Column("payloads", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_erasures"),
    )
    op.create_table(
        "erased_keys",
        sa.Column("digest", Ordered, nullable=False),
        sa.Column("erasure", Ordered, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_erased_keys"),
        sa.ForeignKeyConstraint(["erasure"], ["erasures.id"], name="fk_erased_keys_erasure"),
    )
    _drop_views()
    op.add_column("articles", sa.Column("withheld", number))
    _create_views(SHOWN)


def downgrade() -> None:
    _drop_views()
    op.drop_column("articles", "withheld")
    for table in ("erased_keys", "erasures", "withholdings"):
        op.drop_table(table)
    _create_views("")


def _drop_views() -> None:
    for view in REVISIONS:
        op.execute(f"DROP VIEW {view}")


def _create_views(shown: str) -> None:
    words = WORDS[op.get_bind().dialect.name]
    for view, revisions in REVISIONS.items():
        op.execute(VIEW.format(view=view, revisions=revisions, shown=shown, **words).strip())
