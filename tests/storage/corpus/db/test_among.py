"""Many keys at once: found by the index, on both databases."""

from sqlalchemy import select, text

from storage.corpus.db.among import among
from storage.corpus.db.database import Database
from storage.corpus.db.tables import CaptureRow, WarcFileRow
from storage.corpus.db.upsert import insert_new


def test_keys_are_found_however_many_and_whatever_they_hold(database: Database) -> None:
    names = [f"{n} 'è\"\\.warc.gz" for n in range(3000)]
    with database.writing() as connection:
        insert_new(connection, WarcFileRow, [{"name": name} for name in names])
        found = connection.execute(
            select(WarcFileRow.name).where(among(WarcFileRow.name, [*names[::2], "none"]))
        ).scalars()
        assert sorted(found) == sorted(names[::2])
        pairs = connection.execute(select(WarcFileRow.id, WarcFileRow.name).order_by(WarcFileRow.id)).all()[:5]
        wanted = [(id, name) for id, name in pairs] + [(pairs[0].id, names[-1])]
        both = select(WarcFileRow.id).where(among((WarcFileRow.id, WarcFileRow.name), wanted))
        assert sorted(connection.scalars(both)) == [id for id, _ in pairs]
        assert list(connection.scalars(select(WarcFileRow.id).where(among(WarcFileRow.id, [])))) == []


def test_captures_are_looked_up_by_the_index(database: Database) -> None:
    wanted = select(CaptureRow.id).where(among((CaptureRow.warc_file_id, CaptureRow.record_offset), [(1, 2)]))
    with database.writing() as connection:
        if database.dialect == "sqlite":
            compiled = wanted.compile(connection, compile_kwargs={"literal_binds": True})
            plan = connection.execute(text(f"EXPLAIN QUERY PLAN {compiled}"))
        else:
            connection.execute(text("SET LOCAL enable_seqscan = off"))
            compiled = wanted.compile(connection, compile_kwargs={"literal_binds": True})
            plan = connection.execute(text(f"EXPLAIN {compiled}"))
        said = " ".join(str(row) for row in plan)
    assert "uq_captures" in said or "sqlite_autoindex_captures" in said
