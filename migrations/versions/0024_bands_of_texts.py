"""The bands by which near-copies are found, filled with the revisions that are there."""

import sqlalchemy as sa
from alembic import op

from storage.corpus.search import text_bands

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "text_bands",
        sa.Column("band", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("revision_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sqlite_with_rowid=False,
    )
    text_bands.fill(op.get_bind())


def downgrade() -> None:
    op.drop_table("text_bands")
