"""The search index has days of publication, by which the newest articles are found first."""

from alembic import op
from sqlalchemy import Connection, text

from storage.corpus.search import index as search_index

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = _emptied()
    search_index.fill(connection)


def downgrade() -> None:
    """On Postgres the terms of days stay: no word is like them, and they are removed with their revisions."""
    if op.get_bind().dialect.name == "sqlite":
        connection = _emptied()
        rows = connection.execute(text("SELECT id, headline, description, body, language FROM revisions ORDER BY id"))
        add = text("INSERT INTO search_index (rowid, headline, lede, body) VALUES (:id, :headline, :lede, :body)")
        for id, *words in rows:
            headline, lede, body = search_index.stemmed((*words, None))
            connection.execute(add, {"id": id, "headline": headline, "lede": lede, "body": body})


def _emptied() -> Connection:
    connection = op.get_bind()
    op.execute("DROP TABLE search_index")
    for statement in search_index.CREATE[connection.dialect.name]:
        op.execute(statement)
    return connection
