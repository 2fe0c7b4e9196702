"""Exports: filters, and files that are whole or not there."""

import io
import json
import tracemalloc
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from storage.article import Article, Block, BlockType
from storage.corpus.database import Database
from storage.corpus.export import export_jsonl, whole_file, write_export
from storage.corpus.saved import Outcome, Saved
from storage.corpus.store import Store


def fill(database: Database, count: int, words: int = 5) -> None:
    Store(database).save(
        [
            Saved(
                file="a.warc.gz",
                offset=n,
                length=1,
                record_id=f"<urn:uuid:{n}>",
                url=f"https://a.example/{n}",
                captured_at=datetime(2026, 1, 1, tzinfo=UTC),
                outcome=Outcome.ARTICLE,
                article=Article(
                    url=f"https://a.example/{n}",
                    canonical_url=f"https://a.example/{n}",
                    site="pari" if n % 2 == 0 else "dispari",
                    headline=f"Numero {n}",
                    published_date=date(2026, 1, 1 + n) if n < 20 else None,
                    blocks=(Block(type=BlockType.PARAGRAPH, text=f"parola{n} " * words),),
                ),
            )
            for n in range(count)
        ]
    )


def test_lines_are_sorted_by_article(database: Database) -> None:
    fill(database, 30)
    out = io.BytesIO()
    assert export_jsonl(database, out) == 30
    ids = [json.loads(line)["article_id"] for line in out.getvalue().splitlines()]
    assert ids == sorted(ids)


@pytest.mark.parametrize(
    ("chosen", "numbers"),
    [
        ({"site": "pari", "until": date(2026, 1, 5)}, {0, 2, 4}),
        ({"since": date(2026, 1, 19)}, {18, 19}),
        ({"since": date(2026, 1, 3), "until": date(2026, 1, 3)}, {2}),
        ({"site": "altro"}, set()),
    ],
)
def test_days_are_inclusive(database: Database, chosen: dict[str, object], numbers: set[int]) -> None:
    fill(database, 25)
    out = io.BytesIO()
    assert export_jsonl(database, out, **chosen) == len(numbers)  # type: ignore[arg-type]
    found = {int(json.loads(line)["headline"].split()[1]) for line in out.getvalue().splitlines()}
    assert found == numbers


def test_a_file_is_written_whole(database: Database, tmp_path: Path) -> None:
    fill(database, 3)
    path = tmp_path / "corpus.jsonl"
    assert write_export(database, path) == 3
    assert len(path.read_bytes().splitlines()) == 3
    assert list(tmp_path.glob(".*.part")) == []


def test_a_broken_export_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "corpus.jsonl"
    path.write_bytes(b"old")
    with pytest.raises(ZeroDivisionError), whole_file(path) as out:
        out.write(b"new")
        raise ZeroDivisionError
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("corpus.jsonl", b"old")]


class Nowhere(io.RawIOBase):
    def write(self, data: object) -> int:
        return len(data)  # type: ignore[arg-type]


def test_memory_stays_flat(database: Database) -> None:
    fill(database, 300, words=5000)  # 15 MB of text, and as much again in blocks
    tracemalloc.start()
    export_jsonl(database, Nowhere())  # type: ignore[arg-type]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000
