"""The search index on Postgres has a column of days, by which entries are sorted without reading the revisions."""

from alembic import op
from sqlalchemy import inspect

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    # an index that a migration before this one has made has the column
    if "day" in {column["name"] for column in inspect(connection).get_columns("search_index")}:
        return
    # a new table: an index that is made behind an update holds the rows before it, too
    for statement in (
        "DROP INDEX ix_search_index_words",
        "ALTER TABLE search_index RENAME TO search_index_before",
        "ALTER INDEX search_index_pkey RENAME TO search_index_before_pkey",
        "CREATE TABLE search_index (revision_id bigint PRIMARY KEY, day date, words tsvector NOT NULL)",
        "ALTER TABLE search_index ALTER words SET STORAGE EXTERNAL",
        "INSERT INTO search_index SELECT s.revision_id, r.published_date, s.words "
        "FROM search_index_before s JOIN revisions r ON r.id = s.revision_id ORDER BY s.revision_id",
        "DROP TABLE search_index_before",
        "CREATE INDEX ix_search_index_words ON search_index USING gin (words) "
        "WITH (fastupdate = on, gin_pending_list_limit = 16384)",
    ):
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE search_index DROP COLUMN day")
