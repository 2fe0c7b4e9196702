"""The change feed has a name, so that a cursor of another database is noticed."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("feed", sa.Column("name", sa.Text(), nullable=True))
    op.execute(sa.text("UPDATE feed SET name = :name WHERE position > 0").bindparams(name=secrets.token_hex(4)))


def downgrade() -> None:
    op.drop_column("feed", "name")
