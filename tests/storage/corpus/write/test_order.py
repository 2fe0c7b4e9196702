"""The same set of captures gives the same corpus: in any order, twice, in any partition, on both databases."""

import io
import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from storage.article import Article, Block, BlockType, Fidelity, Image
from storage.corpus.db.database import Database, open_database
from storage.corpus.db.tables import ArticleRow, Base, CaptureRow, RevisionRow, WarcFileRow
from storage.corpus.export.export import export_jsonl
from storage.corpus.write.capture_result import CaptureResult, Outcome
from storage.corpus.write.store import Store

START = datetime(2026, 3, 1, tzinfo=UTC)
TEXTS = ("Il faro è spento.", "Il  faro è\u00a0spento.", "Il faro è di nuovo acceso.", "Il faro\nchiude.")


@st.composite
def captures(draw: st.DrawFn) -> list[CaptureResult]:
    """Captures of few articles with few texts at few instants, so that all kinds of ties occur."""
    made = []
    for offset in range(draw(st.integers(1, 8))):
        native_id = draw(st.sampled_from([None, "1", "2"]))
        article = Article(
            url=f"https://a.example/{native_id}?{draw(st.integers(0, 1))}",
            canonical_url=f"https://a.example/{native_id or 'x'}-{draw(st.integers(0, 1)) if native_id else ''}",
            site="prova",
            native_id=native_id,
            headline="Il faro",
            authors=tuple(draw(st.lists(st.sampled_from(["Ada", "Ugo"]), max_size=2))),
            keywords=tuple(draw(st.lists(st.sampled_from(["mare", "Mare", "\ud800"]), max_size=3))),
            blocks=(Block(type=BlockType.PARAGRAPH, text=draw(st.sampled_from(TEXTS))),),
            images=tuple(Image(url=url) for url in draw(st.lists(st.sampled_from(["i\0", "j"]), max_size=2))),
            fidelity=draw(st.sampled_from(Fidelity)),
        )
        refused = draw(st.integers(0, 5)) == 0
        made.append(
            CaptureResult(
                file=draw(st.sampled_from(["a.warc.gz", "B.warc.gz"])),
                offset=offset,
                length=7,
                record_id=f"<urn:uuid:{draw(st.sampled_from(['a-b', 'aB', 'ab', 'a']))}>",
                url="https://a.example/",
                captured_at=START + timedelta(microseconds=draw(st.integers(0, 3))),
                outcome=Outcome.REFUSED if refused else Outcome.ARTICLE,
                reason="no-text" if refused else None,
                article=None if refused else article,
                site="prova",
                extractor="prova 1",
            )
        )
    return made


def empty(database: Database) -> None:
    with database.writing() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(delete(table))


def export(database: Database) -> bytes:
    out = io.BytesIO()
    export_jsonl(database, out)
    return out.getvalue()


def built(database: Database, batches: Sequence[Sequence[CaptureResult]]) -> bytes:
    empty(database)
    for batch in batches:
        Store(database).save(batch)
    return export(database)


def revisions(database: Database) -> list[tuple[object, ...]]:
    """All revisions with all their facts, those without a number too, under names that no order changes."""
    facts = [column for column in RevisionRow.__table__.c if column.name not in {"id", "capture_id", "article"}]
    statement = (
        select(ArticleRow.article_id, *facts, WarcFileRow.name, CaptureRow.record_offset)
        .join(CaptureRow, CaptureRow.id == RevisionRow.capture_id)
        .join(WarcFileRow)
        .join(ArticleRow, ArticleRow.id == RevisionRow.article)
        .order_by(ArticleRow.article_id, RevisionRow.content_hash)
    )
    with database.reading() as connection:
        return [tuple(row) for row in connection.execute(statement)]


@given(captures(), st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rows_are_a_function_of_the_set_of_captures(
    database: Database, made: list[CaptureResult], data: st.DataObject
) -> None:
    whole = built(database, [made])
    expected = revisions(database)
    again = data.draw(st.lists(st.sampled_from(made), max_size=4))
    order = data.draw(st.permutations(made + again))
    cuts = sorted(data.draw(st.sets(st.integers(0, len(order)), max_size=4)))
    batches = [order[start:end] for start, end in zip([0, *cuts], [*cuts, len(order)], strict=True)]
    assert built(database, batches) == whole
    assert revisions(database) == expected


@given(captures())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_exports_of_both_databases_are_the_same_bytes(
    tmp_path: Path, postgres_url: str, made: list[CaptureResult]
) -> None:
    here, there = f"sqlite:///{tmp_path / 'corpus.db'}", postgres_url
    with open_database(here) as sqlite, open_database(there) as postgres:
        assert built(sqlite, [made]) == built(postgres, [made])


def many(count: int) -> list[CaptureResult]:
    """Captures of a few articles that change often."""
    chance = random.Random(7)
    return [
        CaptureResult(
            file="a.warc.gz",
            offset=n,
            length=7,
            record_id=f"<urn:uuid:{n}>",
            url="https://a.example/",
            captured_at=START + timedelta(minutes=n),
            outcome=Outcome.ARTICLE,
            site="prova",
            article=Article(
                url="https://a.example/",
                canonical_url="https://a.example/",
                site="prova",
                native_id=str(chance.randrange(20)),
                headline="Il faro",
                keywords=tuple(chance.sample(["mare", "costa", "porto", "vento"], 3)),
                blocks=(Block(type=BlockType.PARAGRAPH, text=f"Testo {chance.randrange(5)}."),),
            ),
        )
        for n in range(count)
    ]


def test_four_writers_at_once_give_what_one_gives(database: Database) -> None:
    made = many(240)
    whole = built(database, [made])
    empty(database)
    batches = [made[n : n + 40] for n in range(0, 240, 20)]
    with ThreadPoolExecutor(4) as writers:
        list(writers.map(Store(database).save, batches))
    assert export(database) == whole


def test_a_capture_read_anew_replaces_what_it_gave(database: Database) -> None:
    made, other = many(40), many(80)[40:]
    moved = [
        CaptureResult(**{name: getattr(new, name) for name in CaptureResult.__slots__} | {"article": old.article})
        for new, old in zip(made, other, strict=True)
    ]
    whole = built(database, [moved])
    assert built(database, [made, moved]) == whole
    assert built(database, [made, moved[:13], moved[13:]]) == whole


def test_ties_are_broken_alike_in_every_order(database: Database) -> None:
    made = [
        replace(one, captured_at=START, article=replace(one.article, native_id="1", **facts))
        for one, facts in zip(
            many(3),
            (
                {"headline": "Primo", "canonical_url": "https://a.example/b"},
                {"headline": "Secondo", "canonical_url": "https://a.example/c"},
                {"headline": "Terzo", "canonical_url": "https://a.example/a"},
            ),
            strict=True,
        )
    ]
    orders = {(built(database, [[one] for one in order]), str(revisions(database))) for order in permutations(made)}
    assert len(orders) == 1
