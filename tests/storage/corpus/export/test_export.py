"""Exports: filters, and files that are whole or not there."""

import csv
import gzip
import hashlib
import io
import json
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import zstandard

from storage.article import Article, Block, BlockType
from storage.corpus.db.database import Database, open_database
from storage.corpus.export.destination import atomic_file
from storage.corpus.export.export import ExportFilter, export, export_jsonl, write_export
from storage.corpus.read.fingerprint import fingerprint
from storage.corpus.write.capture_result import CaptureResult, Outcome
from storage.corpus.write.change_feed import Cursor
from storage.corpus.write.store import Store

from bench.corpus import revisions  # isort: skip
from storage.exceptions import InvalidCursor


def fill(database: Database, count: int, words: int = 5) -> None:
    Store(database).save(
        [
            CaptureResult(
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
    assert write_export(database, str(path)).articles == 3
    assert len(path.read_bytes().splitlines()) == 3
    assert list(tmp_path.glob(".*.part")) == []


def test_a_broken_export_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "corpus.jsonl"
    path.write_bytes(b"old")
    with pytest.raises(ZeroDivisionError), atomic_file(path) as out:
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


def test_forms_and_compressions_hold_the_same(database: Database, tmp_path: Path) -> None:
    fill(database, 25)
    lines = io.BytesIO()
    export(database, lines)
    for name, unpack in {"a.jsonl": bytes, "a.jsonl.gz": gzip.decompress, "a.jsonl.zst": _unzstd}.items():
        write_export(database, str(tmp_path / name))
        assert unpack((tmp_path / name).read_bytes()) == lines.getvalue()
    expected = [json.loads(line) for line in lines.getvalue().splitlines()]
    write_export(database, str(tmp_path / "a.csv"), "csv")
    with (tmp_path / "a.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["headline"] for row in rows] == [one["headline"] for one in expected]
    assert [json.loads(row["blocks"]) for row in rows] == [one["blocks"] for one in expected]
    write_export(database, f"file://{tmp_path}/b.parquet", "parquet")
    table = pq.read_table(tmp_path / "b.parquet")
    assert str(table.schema.field("first_captured_at").type) == "timestamp[us, tz=UTC]"
    assert str(table.schema.field("published_date").type) == "date32[day]"
    assert table.column("headline").to_pylist() == [one["headline"] for one in expected]
    assert [[b["text"] for b in blocks] for blocks in table.column("blocks").to_pylist()] == [
        [b["text"] for b in one["blocks"]] for one in expected
    ]
    package = json.loads((tmp_path / "datapackage.json").read_bytes())
    assert [one["path"] for one in package["resources"]] == [
        "a.csv",
        "a.jsonl",
        "a.jsonl.gz",
        "a.jsonl.zst",
        "b.parquet",
    ]
    for one in package["resources"]:
        data = (tmp_path / one["path"]).read_bytes()
        assert (one["bytes"], one["hash"]) == (len(data), "sha256:" + hashlib.sha256(data).hexdigest())
        assert one.get("rows", one.get("articles")) == 25
        assert one["corpus_fingerprint"] == fingerprint(database)
        columns = list(expected[0]) if one["format"] == "jsonl" else list(rows[0])
        assert [field["name"] for field in one["schema"]["fields"]] == columns
    assert list(tmp_path.glob("*.part")) == []


@pytest.mark.parametrize(
    ("headline", "cell"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1 sul podio", "'+1 sul podio"),
        ("-10 gradi", "'-10 gradi"),
        ("@porto", "'@porto"),
        ("'=1", "''=1"),
        ("'Sera al porto'", "'Sera al porto'"),
        ("A=1", "A=1"),
    ],
)
def test_a_cell_is_no_formula(database: Database, headline: str, cell: str) -> None:
    """One apostrophe before `'*[=+-@]` is taken away by a reader, and the text is whole again."""
    result = CaptureResult(
        file="a.warc.gz",
        offset=0,
        length=1,
        record_id="<urn:uuid:1>",
        record_type="response",
        url="https://a.example/1",
        captured_at=datetime(2026, 1, 1, tzinfo=UTC),
        http_status=200,
        content_type="text/html",
        payload_digest="sha1:A",
        outcome=Outcome.ARTICLE,
        site="prova",
        extractor="prova",
        article=Article(
            url="https://a.example/1", canonical_url="https://a.example/1", site="prova", headline=headline
        ),
    )
    Store(database).save([result])
    out = io.BytesIO()
    export(database, out, "csv")
    [row] = csv.DictReader(io.StringIO(out.getvalue().decode(), newline=""))
    assert row["headline"] == cell


def test_every_form_is_the_same_bytes_from_both_databases(tmp_path: Path, postgres_url: str) -> None:
    found: list[dict[str, bytes]] = []
    fingerprints = set()
    for url in (f"sqlite:///{tmp_path / 'corpus.db'}", postgres_url):
        folder = tmp_path / str(len(found))
        folder.mkdir()
        with open_database(url) as database:
            Store(database).save(list(revisions(40)))
            fingerprints.add(fingerprint(database))
            cursors = {
                str(write_export(database, str(folder / f"a.{form}"), form).cursor)
                for form in ("jsonl", "csv", "parquet")
            }
        (cursor,) = cursors
        files = {path.name: path.read_bytes().replace(cursor.encode(), b"") for path in sorted(folder.iterdir())}
        found.append(files)
    assert len(found[0]) == 4
    assert found[0] == found[1]
    assert fingerprints == {one["corpus_fingerprint"] for one in json.loads(found[0]["datapackage.json"])["resources"]}


def _unzstd(data: bytes) -> bytes:
    return zstandard.ZstdDecompressor().decompressobj().decompress(data)


def feed(database: Database, after: Cursor) -> tuple[list[str], Cursor]:
    out = io.BytesIO()
    exported = export(database, out, "jsonl", ExportFilter(after=after))
    return [json.loads(line)["article_id"] for line in out.getvalue().splitlines()], exported.cursor


def test_the_feed_gives_each_change_once(database: Database) -> None:
    fill(database, 5)
    ids, cursor = feed(database, Cursor(0))
    assert len(ids) == 5
    fill(database, 5)  # the same again
    assert feed(database, cursor) == ([], cursor)
    fill(database, 7)
    ids, later = feed(database, cursor)
    assert len(ids) == 2
    fill(database, 7, words=9)  # another text each
    assert len(feed(database, later)[0]) == 7
    assert feed(database, later) == feed(database, later)
    with pytest.raises(InvalidCursor, match="--after 0"):
        feed(database, replace(later, position=later.position + 100))


def test_the_cursor_of_a_corpus_that_was_built_anew_is_noticed(tmp_path: Path, postgres_url: str) -> None:
    urls = [f"sqlite:///{tmp_path / 'a.db'}", f"sqlite:///{tmp_path / 'b.db'}", postgres_url]
    cursors = []
    for url in urls:
        with open_database(url) as database:
            assert feed(database, Cursor(0)) == ([], Cursor(0))
            fill(database, 5)
            cursors.append(feed(database, Cursor(0))[1])
            fill(database, 7)
    for url, own in zip(urls, cursors, strict=True):
        with open_database(url) as database:
            assert len(feed(database, Cursor.of(str(own)))[0]) == 2
            for other in (*(set(cursors) - {own}), Cursor(own.position)):  # within the range, and of no feed
                with pytest.raises(InvalidCursor, match="--after 0"):
                    feed(database, other)
    with pytest.raises(InvalidCursor, match="is no cursor"):
        Cursor.of("17-xyz")


def test_the_feed_tells_what_is_gone(database: Database) -> None:
    fill(database, 1)
    _, cursor = feed(database, Cursor(0))
    refused = CaptureResult(
        file="a.warc.gz",
        offset=0,
        length=1,
        record_id="<urn:uuid:0>",
        url="https://a.example/0",
        captured_at=datetime(2026, 1, 1, tzinfo=UTC),
        outcome=Outcome.REFUSED,
        reason="index-page",
    )
    Store(database).save([refused])
    out = io.BytesIO()
    exported = export(database, out, "jsonl", ExportFilter(after=cursor))
    assert (exported.articles, exported.gone) == (0, 1)
    assert json.loads(out.getvalue())["gone"] is True
    assert export_jsonl(database, io.BytesIO()) == 0


def test_a_feed_read_while_others_write_misses_nothing(database: Database) -> None:
    seen: set[str] = set()
    cursor = Cursor(0)
    with ThreadPoolExecutor(3) as writers:
        writing = [
            writers.submit(fill, database, count, words) for count, words in ((60, 1), (40, 2), (80, 3), (90, 4))
        ]
        while not all(one.done() for one in writing):
            ids, cursor = feed(database, cursor)
            seen.update(ids)
        for one in writing:
            one.result()
    ids, cursor = feed(database, cursor)
    assert len(seen.union(ids)) == 90
    assert feed(database, cursor)[0] == []
