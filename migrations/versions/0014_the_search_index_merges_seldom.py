"""SQLite's search index gathers more before it writes, and merges seldom: a revision hardly costs more among many."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_SET = "INSERT INTO search_index (search_index, rank) VALUES ('automerge', {}), ('hashsize', {})"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(_SET.format(16, 8 * 1024 * 1024))


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(_SET.format(8, 1024 * 1024))
