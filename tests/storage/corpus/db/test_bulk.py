"""Many keys in one condition: looked up by the index, on both databases; rows written in bulk."""

from sqlalchemy import select, text

from storage.corpus.db.bulk import BulkWriter, in_keys
from storage.corpus.db.database import Database
from storage.corpus.db.tables import CaptureRow, WarcFileRow


def test_keys_are_found_however_many_and_whatever_they_hold(database: Database) -> None:
    names = [f"{n} 'è\"\\.warc.gz" for n in range(3000)]
    with database.writing() as connection:
        BulkWriter(connection).insert_new(WarcFileRow, [{"name": name} for name in names])
        found = connection.execute(
            select(WarcFileRow.name).where(in_keys(connection, WarcFileRow.name, [*names[::2], "none"]))
        ).scalars()
        assert sorted(found) == sorted(names[::2])
        pairs = connection.execute(select(WarcFileRow.id, WarcFileRow.name).order_by(WarcFileRow.id)).all()[:5]
        wanted = [(id, name) for id, name in pairs] + [(pairs[0].id, names[-1])]
        both = select(WarcFileRow.id).where(in_keys(connection, (WarcFileRow.id, WarcFileRow.name), wanted))
        assert sorted(connection.scalars(both)) == [id for id, _ in pairs]
        assert list(connection.scalars(select(WarcFileRow.id).where(in_keys(connection, WarcFileRow.id, [])))) == []


def test_captures_are_looked_up_by_the_index(database: Database) -> None:
    columns = (CaptureRow.warc_file_id, CaptureRow.record_offset)
    with database.writing() as connection:
        wanted = select(CaptureRow.id).where(in_keys(connection, columns, [(1, 2)]))
        if database.dialect == "sqlite":
            compiled = wanted.compile(connection, compile_kwargs={"literal_binds": True})
            plan = connection.execute(text(f"EXPLAIN QUERY PLAN {compiled}"))
        else:
            connection.execute(text("SET LOCAL enable_seqscan = off"))
            compiled = wanted.compile(connection, compile_kwargs={"literal_binds": True})
            plan = connection.execute(text(f"EXPLAIN {compiled}"))
        said = " ".join(str(row) for row in plan)
    assert "uq_captures" in said or "sqlite_autoindex_captures" in said
