"""What routes have named, and the timetable of crawls."""

import sqlalchemy as sa
from alembic import op

from migrations.types import MOMENT, NUMBER, ORDERED

revision = "0010"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "discoveries",
        sa.Column("url_key", sa.BigInteger(), autoincrement=False, primary_key=True),
        sa.Column("route", ORDERED, primary_key=True),
        sa.Column("site", ORDERED, sa.ForeignKey("sites.name"), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("day", sa.Date()),
        sa.Column("published", sa.Text()),
        sa.Column("lastmod", sa.Text()),
        sa.Column("via", sa.Text()),
        sa.Column("refused", sa.Text()),
        sa.Column("first_seen_at", MOMENT, nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=False),
    )
    op.create_index("ix_discoveries_site_day", "discoveries", ["site", "day"])
    op.create_table(
        "schedules",
        sa.Column("site", ORDERED, primary_key=True),
        sa.Column("every_seconds", NUMBER),
        sa.Column("cron", sa.Text()),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("started_at", MOMENT),
        sa.Column("finished_at", MOMENT),
        sa.Column("exit_status", NUMBER),
    )


def downgrade() -> None:
    op.drop_table("schedules")
    op.drop_index("ix_discoveries_site_day", "discoveries")
    op.drop_table("discoveries")
