"""Records of a file that is gzipped as a whole share its offset: their ids tell them apart."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

PLACE = "uq_captures_warc_file_id_record_offset"
RECORD = "uq_captures_warc_file_id_record_offset_record_id"


def upgrade() -> None:
    _exchange(PLACE, RECORD, ["warc_file_id", "record_offset", "record_id"])


def downgrade() -> None:
    """Fails, and changes nothing, where records share an offset."""
    _exchange(RECORD, PLACE, ["warc_file_id", "record_offset"])


def _exchange(old: str, new: str, columns: list[str]) -> None:
    view = _taken_away()
    with op.batch_alter_table("captures") as batch:
        batch.drop_constraint(old, type_="unique")
        batch.create_unique_constraint(new, columns)
    if view:
        op.execute(view)


def _taken_away() -> str | None:
    """The view, gone, where the table is about to be copied: SQLite renames none that a view looks at."""
    if op.get_bind().dialect.name != "sqlite":
        return None
    view: str = op.get_bind().exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'corpus'").scalar_one()
    op.execute("DROP VIEW corpus")
    return view
