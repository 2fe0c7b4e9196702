"""Captures name the extractor that classified them, so that a rebuild skips those of its own version."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("captures", sa.Column("extractor", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("captures", "extractor")
