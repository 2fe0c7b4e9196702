"""WARC files outside the collection have locations, captures a confidence, and those of unknown sites a site."""

import sqlalchemy as sa
from alembic import op

from storage.corpus.db.types import Ordered

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "warc_locations",
        sa.Column("name", Ordered, nullable=False),
        sa.Column("location", Ordered, nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", "location", name="pk_warc_locations"),
    )
    op.add_column("captures", sa.Column("confidence", sa.Double(), nullable=True))
    op.execute(
        "UPDATE captures SET site = (SELECT a.site FROM articles a WHERE a.id = captures.article) "
        "WHERE site IS NULL AND article IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_column("captures", "confidence")
    op.drop_table("warc_locations")
