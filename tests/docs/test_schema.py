"""The page on the schema is in step with the models, and the queries that we recommend run."""

import re
import runpy
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest
from sqlalchemy import text

from storage.article import Article, Block, BlockType
from storage.corpus.db.database import Database
from storage.corpus.export.export import write_export
from storage.corpus.write.capture_result import CaptureResult, Outcome
from storage.corpus.write.store import Store

DOCS = Path(__file__).parents[2] / "docs"
BLOCKS = re.findall(r"```(sql|python)([^\n]*)\n(.*?)```", (DOCS / "queries.md").read_text(encoding="utf-8"), re.S)


def test_the_schema_page_is_what_the_models_say() -> None:
    made = runpy.run_path(str(DOCS / "schema.py"))["reference"]()
    assert (DOCS / "schema.md").read_text(encoding="utf-8") == made, "run make docs"


def test_every_column_has_a_meaning_in_the_view() -> None:
    view = runpy.run_path(str(DOCS / "schema.py"))
    assert list(view["MEANING"]) == list(view["CORPUS"].c.keys())


@pytest.fixture
def filled(database: Database) -> Database:
    moment = datetime(2026, 3, 1, 12, tzinfo=UTC)
    article = Article(
        url="https://a.example/1",
        canonical_url="https://a.example/1",
        site="prova",
        headline="Titolo",
        authors=("Ada Bruni",),
        keywords=("mare",),
        published_at=moment,
        published_date=date(2026, 3, 1),
        blocks=(Block(type=BlockType.QUOTE, text="«Il mare»", cite="Ada"),),
    )
    saved = CaptureResult(
        file="a.warc.gz",
        offset=0,
        length=1,
        record_id="<urn:uuid:1>",
        url="https://a.example/1",
        captured_at=moment,
        outcome=Outcome.ARTICLE,
        site="prova",
        article=article,
    )
    Store(database).save([saved])
    return database


def test_the_queries_run(
    filled: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(BLOCKS) == 10
    monkeypatch.chdir(tmp_path)
    write_export(filled, "corpus.parquet", "parquet")
    for kind, programs, code in BLOCKS:
        if kind == "python":
            exec(code, {})
        elif "duckdb" in programs:
            duckdb.sql(code).fetchall()
        else:
            with filled.reading() as connection:
                connection.execute(text(code)).all()
    assert "Ada Bruni" in capsys.readouterr().out
