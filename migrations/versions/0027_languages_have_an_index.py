"""The languages of revisions have an index: a search asks which there are."""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_revisions_language", "revisions", ["language"])


def downgrade() -> None:
    op.drop_index("ix_revisions_language", "revisions")
