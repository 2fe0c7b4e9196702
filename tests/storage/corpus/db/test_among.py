"""Many keys at once: found by the index, on both databases."""

from sqlalchemy import select, text

from storage.corpus.db.among import among
from storage.corpus.db.database import Database
from storage.corpus.db.tables import Capture, WarcFile
from storage.corpus.db.upsert import insert_new


def test_keys_are_found_however_many_and_whatever_they_hold(database: Database) -> None:
    names = [f"{n} 'è\"\\.warc.gz" for n in range(3000)]
    with database.writing() as connection:
        insert_new(connection, WarcFile, [{"name": name} for name in names])
        found = connection.execute(select(WarcFile.name).where(among(WarcFile.name, [*names[::2], "none"]))).scalars()
        assert sorted(found) == sorted(names[::2])
        pairs = connection.execute(select(WarcFile.id, WarcFile.name).order_by(WarcFile.id)).all()[:5]
        wanted = [(id, name) for id, name in pairs] + [(pairs[0].id, names[-1])]
        both = select(WarcFile.id).where(among((WarcFile.id, WarcFile.name), wanted))
        assert sorted(connection.scalars(both)) == [id for id, _ in pairs]
        assert list(connection.scalars(select(WarcFile.id).where(among(WarcFile.id, [])))) == []


def test_captures_are_looked_up_by_the_index(database: Database) -> None:
    wanted = select(Capture.id).where(among((Capture.warc_file_id, Capture.record_offset), [(1, 2)]))
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
