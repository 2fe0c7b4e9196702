"""Captures of robots.txt, a few among many, have an index: an article is shown with what they said."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    robots = sa.text("outcome = 'robots'")
    op.create_index("ix_captures_robots", "captures", ["captured_at"], sqlite_where=robots, postgresql_where=robots)


def downgrade() -> None:
    op.drop_index("ix_captures_robots", "captures")
