"""Four processes that write into Postgres at once give the corpus that one gives in SQLite."""

import subprocess
import sys
from pathlib import Path

from storage.corpus.db.database import open_database
from storage.corpus.export.export import export
from storage.corpus.read.fingerprint import fingerprint
from storage.corpus.write.store import Store

from bench.corpus import revisions  # isort: skip

COUNT = 240

#: Each process takes every fourth batch, and a batch of its neighbour's too.
WRITER = """
import sys
from bench.corpus import revisions
from storage.corpus.db.database import open_database
from storage.corpus.write.store import Store
url, number, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
made = list(revisions(count))
batches = [made[at : at + 20] for at in range(0, count, 20)]
with open_database(url) as database:
    for place, batch in enumerate(batches):
        if place % 4 in (number, (number + 1) % 4):
            Store(database).save(batch)
"""


def test_four_processes_give_what_one_gives(postgres_url: str, tmp_path: Path) -> None:
    open_database(postgres_url).close()
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, postgres_url, str(number), str(COUNT)], cwd=Path(__file__).parents[4]
        )
        for number in range(4)
    ]
    assert [writer.wait(timeout=120) for writer in writers] == [0] * 4
    lines: list[list[bytes]] = []
    with open_database(f"sqlite:///{tmp_path / 'c.db'}") as one, open_database(postgres_url) as many:
        Store(one).save(list(revisions(COUNT)))
        assert fingerprint(one) == fingerprint(many)
        for database in (one, many):
            out = _Lines()
            export(database, out)
            lines.append(out.held)
    assert lines[0] == lines[1]


class _Lines:
    """Keeps what is written."""

    def __init__(self) -> None:
        self.held: list[bytes] = []

    def write(self, data: bytes) -> None:
        self.held.append(data)
