"""SQLite's search index merges sixty-four segments at once instead of sixteen."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_SET = "INSERT INTO search_index (search_index, rank) VALUES ('automerge', {0}), ('crisismerge', {0})"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(_SET.format(64))


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(_SET.format(16))
