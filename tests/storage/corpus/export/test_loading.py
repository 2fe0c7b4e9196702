"""Exports load in the tools of data engineers without a warning, their times as instants."""

import subprocess
import sys
import warnings
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pytest
from sqlalchemy import text

from storage.article import Article, Block, BlockType
from storage.corpus.db.database import Database
from storage.corpus.export.export import Form, write_export
from storage.corpus.write.capture_result import CaptureResult, Outcome
from storage.corpus.write.store import Store

#: Published and modified, with offsets so that text order and time order differ.
TIMES = [
    (datetime(2026, 1, 2, 23, 30, tzinfo=timezone(timedelta(hours=-5))), datetime(2026, 1, 3, 2, tzinfo=UTC)),
    (datetime(2026, 7, 1, 10, tzinfo=timezone(timedelta(hours=2))), datetime(2026, 7, 1, 9, 0, 0, 5, tzinfo=UTC)),
    (datetime(2026, 3, 1, 12, tzinfo=UTC), None),
    (None, None),
]
COLUMNS = ["published_at", "modified_at", "first_captured_at"]


@pytest.fixture
def filled(database: Database) -> Database:
    Store(database).save(
        [
            CaptureResult(
                file="a.warc.gz",
                offset=n,
                length=1,
                record_id=f"<urn:uuid:{n}>",
                url=f"https://a.example/{n}",
                captured_at=datetime(2026, 8, 1, 0, 0, n, n, tzinfo=UTC),
                outcome=Outcome.ARTICLE,
                article=Article(
                    url=f"https://a.example/{n}",
                    canonical_url=f"https://a.example/{n}",
                    site="prova",
                    native_id=str(n),
                    headline=f'Numero {n}, "detto" così',
                    authors=("Ada Bruni",),
                    published_at=published,
                    modified_at=modified,
                    published_date=date(2026, 1, 2),
                    blocks=(Block(type=BlockType.PARAGRAPH, text="Una riga.\nUn'altra."),),
                ),
            )
            for n, (published, modified) in enumerate(TIMES)
        ]
    )
    return database


def test_the_view_compares_instants(filled: Database) -> None:
    """The first is modified before it is published, though its text is the greater."""
    later = "SELECT native_id FROM corpus WHERE modified_at > published_at ORDER BY 1"
    local = "SELECT published_at_local FROM corpus WHERE native_id = '0'"
    with filled.reading() as connection:
        assert list(connection.scalars(text(later))) == ["1"]
        assert connection.scalar(text(local)) == "2026-01-02T23:30:00-05:00"
        kinds = {type(value) for value in connection.scalars(text("SELECT published_at FROM corpus"))} - {type(None)}
        assert kinds == ({str} if filled.dialect == "sqlite" else {datetime})


@pytest.mark.parametrize("form", ["csv", "parquet", "jsonl"])
def test_tools_load_instants_without_a_warning(filled: Database, tmp_path: Path, form: Form) -> None:
    path = tmp_path / f"corpus.{form}"
    write_export(filled, str(path), form)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        frames = [_by_pandas(path, form), _by_polars(path, form).to_pandas(), _by_duckdb(path)]
    for frame in frames:
        found = {str(row["native_id"]): (row["published_at"], row["modified_at"]) for _, row in frame.iterrows()}
        for n, expected in enumerate(TIMES):
            for value, moment in zip(found[str(n)], expected, strict=True):
                assert (None if pd.isna(value) else _instant(value)) == moment


def _by_pandas(path: Path, form: Form) -> pd.DataFrame:
    if form == "parquet":
        return pd.read_parquet(path)
    if form == "jsonl":
        return pd.read_json(path, lines=True)
    frame = pd.read_csv(path, parse_dates=COLUMNS)
    assert {str(frame[name].dtype).partition("[")[0] for name in COLUMNS} == {"datetime64"}
    return frame


def _by_polars(path: Path, form: Form) -> pl.DataFrame:
    if form == "csv":
        frame = pl.read_csv(path, try_parse_dates=True)
        assert {frame.schema[name].base_type() for name in COLUMNS} == {pl.Datetime}
        return frame
    return pl.read_parquet(path) if form == "parquet" else pl.read_ndjson(path)


def _by_duckdb(path: Path) -> pd.DataFrame:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        return connection.sql(f"SELECT * FROM '{path}'").pl().to_pandas()


def _instant(value: object) -> datetime:
    """An aware datetime of what a tool gives: its timestamp (UTC where it has no zone), or ISO 8601 text."""
    stamp = pd.Timestamp(value)  # type: ignore[arg-type]
    return (stamp.tz_localize(UTC) if stamp.tzinfo is None else stamp).to_pydatetime()


def test_the_datapackage_is_valid_with_several_forms_of_one_stem(filled: Database, tmp_path: Path) -> None:
    for name, form in (("c.jsonl", "jsonl"), ("c.csv", "csv"), ("c.parquet", "parquet"), ("c.jsonl.gz", "jsonl")):
        write_export(filled, str(tmp_path / name), form)  # type: ignore[arg-type]
    write_export(filled, str(tmp_path / "Di Più.csv"), "csv")
    words = [str(Path(sys.executable).with_name("frictionless")), "validate", "datapackage.json"]
    ended = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
