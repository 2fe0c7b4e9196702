"""Captures have the agreement of trafilatura with the page object that read them."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("captures", sa.Column("agreement", sa.Double(), nullable=True))


def downgrade() -> None:
    op.drop_column("captures", "agreement")
