"""The search index, filled with the revisions that are there."""

from alembic import op

from storage.corpus.search import index as search_index

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    for statement in search_index.CREATE[connection.dialect.name]:
        connection.exec_driver_sql(statement)
    search_index.fill(connection)


def downgrade() -> None:
    op.execute("DROP TABLE search_index")
