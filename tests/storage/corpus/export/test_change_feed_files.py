"""Pieces of the change feed in files: none is ever replaced, and a consumer that is killed anywhere misses nothing."""

import json
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.article import Article, Block, BlockType
from storage.corpus.db.database import Database, open_database
from storage.corpus.export.export import ExportFilter, write_export
from storage.corpus.write.capture_result import CaptureResult, Outcome
from storage.corpus.write.change_feed import Cursor
from storage.corpus.write.store import Store
from storage.exceptions import OutputExists

BEGINNING = ExportFilter(after=Cursor(0))
#: A consumer as docs/data-engineer.md describes it. It ends at once, as if killed, before its step number argv[3].
CONSUMER = """
import itertools, os, sys
from pathlib import Path

home, folder, last_step = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
step = itertools.count(1)

def dies_before(owner, name):
    real = getattr(owner, name)
    def counted(*words, **options):
        if next(step) == last_step:
            os._exit(9)
        return real(*words, **options)
    setattr(owner, name, counted)

for owner, name in ((Path, "replace"), (Path, "unlink"), (os, "fsync")):
    dies_before(owner, name)
from crawler.cli.main import emeroteca

piece = folder / "new.jsonl"
if not piece.exists():
    words = ["--after", "0", "--cursor-file", str(folder / "cursor"), "--output", str(piece)]
    emeroteca.main(["--home", str(home), "export", *words], standalone_mode=False)
if piece.exists():
    with (folder / "consumed").open("ab") as consumed:
        consumed.write(piece.read_bytes())
        consumed.flush()
        os.fsync(consumed.fileno())
    piece.unlink()
"""


def save(database: Database, numbers: Iterable[int], text: str = "Testo.") -> None:
    Store(database).save(
        [
            CaptureResult(
                file="a.warc.gz",
                offset=n,
                length=1,
                record_id=f"<urn:uuid:{n}{text}>",
                url=f"https://a.example/{n}",
                captured_at=datetime(2026, 1, 1, tzinfo=UTC),
                outcome=Outcome.ARTICLE,
                article=Article(
                    url=f"https://a.example/{n}",
                    canonical_url=f"https://a.example/{n}",
                    site="prova",
                    headline=f"Numero {n}",
                    blocks=(Block(type=BlockType.PARAGRAPH, text=text),),
                ),
            )
            for n in numbers
        ]
    )


def headlines(path: Path) -> list[str]:
    return [json.loads(line)["headline"] for line in path.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_a_piece_is_never_replaced_by_another(database: Database, tmp_path: Path, form: str) -> None:
    target = tmp_path / f"new.{form}"
    save(database, range(3))
    first = write_export(database, str(target), form, BEGINNING)  # type: ignore[arg-type]
    piece = target.read_bytes()
    again = write_export(database, str(target), form, ExportFilter(after=first.cursor))  # type: ignore[arg-type]
    assert (again.articles, again.cursor, target.read_bytes()) == (0, first.cursor, piece)
    save(database, range(3, 5))
    with pytest.raises(OutputExists, match="process and remove it"):
        write_export(database, str(target), form, ExportFilter(after=first.cursor))  # type: ignore[arg-type]
    assert target.read_bytes() == piece
    assert list(tmp_path.glob(".*.part")) == []


def test_a_piece_that_is_there_already_is_no_error(database: Database, tmp_path: Path) -> None:
    """An earlier run wrote it and was killed before it wrote the cursor."""
    save(database, range(3))
    for target in (str(tmp_path / "new.jsonl"), f"file://{tmp_path}/url.jsonl"):
        first = write_export(database, target, "jsonl", BEGINNING)
        assert write_export(database, target, "jsonl", BEGINNING) == first
    save(database, [3])
    with pytest.raises(OutputExists):
        write_export(database, f"file://{tmp_path}/url.jsonl", "jsonl", BEGINNING)


def test_pieces_are_named_by_cursor(database: Database, tmp_path: Path) -> None:
    target, after = str(tmp_path / "changes-{cursor}.jsonl"), Cursor(0)
    for numbers in (range(2), range(2, 5)):
        save(database, numbers)
        after = write_export(database, target, "jsonl", ExportFilter(after=after)).cursor
    pieces = sorted(tmp_path.glob("changes-*.jsonl"))
    assert [sorted(headlines(piece)) for piece in pieces] == [
        ["Numero 0", "Numero 1"],
        ["Numero 2", "Numero 3", "Numero 4"],
    ]
    assert pieces[-1].name.endswith(f"-{after}.jsonl")


@pytest.mark.slow
def test_a_consumer_that_is_killed_at_any_step_misses_nothing(tmp_path: Path) -> None:
    """At each step in turn, while more articles come; every article arrives."""
    step, ended_by_itself = 0, False
    while not ended_by_itself:
        step += 1
        folder = tmp_path / f"step-{step}"
        folder.mkdir()
        with open_database(f"sqlite:///{folder / 'corpus.db'}") as opened:
            save(opened, range(4))
            ended_by_itself = consume(folder, step) == 0
            save(opened, range(4, 6))
            save(opened, [100 + n for n in range(2)], text="Altro.")
        assert consume(folder, 0) == consume(folder, 0) == 0
        assert set(headlines(folder / "consumed")) == {f"Numero {n}" for n in (*range(6), 100, 101)}, step
    assert step > 6


def consume(folder: Path, last_step: int) -> int:
    words = [sys.executable, "-c", CONSUMER, str(folder), str(folder), str(last_step)]
    return subprocess.run(words, capture_output=True, check=False).returncode
