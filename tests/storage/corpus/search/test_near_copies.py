"""Near-copies by the bands of MinHash signatures: found on both databases, and kept in step with the revisions."""

import random
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select

from storage.article import Article, Block, BlockType
from storage.corpus.db import schema
from storage.corpus.db.database import Database, changing_schema
from storage.corpus.db.tables import RevisionRow, TextBandRow
from storage.corpus.search.near_copies import NearCopy, near_copies
from storage.corpus.search.search import search
from storage.corpus.search.text_bands import bands, shingles
from storage.corpus.write.capture_result import CaptureResult, Outcome
from storage.corpus.write.store import Store
from storage.corpus.write.targets import Target, TargetKind
from storage.corpus.write.withholding import withhold

WORDS = [f"{first}{second}" for first in ("faro", "molo", "vela", "rete") for second in ("", "netto", "accio", "ine")]
TEXT = " ".join(random.Random(5).choices(WORDS, k=200))


def saved(number: int, body: str, **facts: Any) -> CaptureResult:
    url = f"https://prova.example/{number}"
    article = Article(
        url=url, canonical_url=url, site="prova", language="it", headline=f"Titolo {number}",
        blocks=(Block(type=BlockType.PARAGRAPH, text=body),), published_date=facts.pop("day", None),
    )  # fmt: skip
    return CaptureResult(
        **{"file": "prova.warc.gz", "offset": number, "length": 1, "record_id": f"<urn:uuid:{number}>", "url": url,
        "captured_at": datetime(2026, 3, 1, tzinfo=UTC), "outcome": Outcome.ARTICLE, "site": "prova",
        "article": article} | facts,
    )  # fmt: skip


def copies_of(database: Database, number: int, body: str) -> list[NearCopy]:
    names = {one["headline"]: one["article_id"] for one in search(database, "titolo", limit=100)}
    return near_copies(database, names[f"Titolo {number}"], body)


def stored(database: Database) -> dict[int, set[int]]:
    """The bands of each revision, as they are in the table."""
    found: dict[int, set[int]] = {}
    with database.reading() as connection:
        for band, revision in connection.execute(select(TextBandRow.band, TextBandRow.revision_id)):
            found.setdefault(revision, set()).add(band)
    return found


def expected(database: Database) -> dict[int, set[int]]:
    with database.reading() as connection:
        bodies = connection.execute(select(RevisionRow.id, RevisionRow.body)).all()
    return {id: set(bands(body)) for id, body in bodies if bands(body)}


def test_near_copies_are_found_the_earliest_first(database: Database) -> None:
    words = TEXT.split()
    edited = " ".join(word if at % 25 else "altrove" for at, word in enumerate(words))
    Store(database).save(
        [
            saved(1, TEXT, day=date(2026, 3, 2)),
            saved(2, f"Da noi. {edited}", day=date(2026, 3, 3)),
            saved(3, " ".join(words[:120]), day=date(2026, 3, 1)),
            saved(4, " ".join(random.Random(6).choices(WORDS, k=200)), day=date(2026, 3, 1)),
            saved(5, "Poche parole.", day=date(2026, 3, 1)),
            saved(6, TEXT, day=date(2026, 3, 1)),
        ]
    )
    withhold(database, Target(TargetKind.URL, "https://prova.example/6"), reason="prova")
    half, copy = copies_of(database, 1, TEXT)
    assert (half.headline, half.share) == ("Titolo 3", 1.0), "a part of the text is a copy of it"
    assert copy.headline == "Titolo 2" and 0.5 < copy.share < 1
    assert copies_of(database, 5, "Poche parole.") == []


def test_an_article_stands_once_whatever_its_revisions(database: Database) -> None:
    later = datetime(2026, 3, 2, tzinfo=UTC)
    again = saved(2, f"{TEXT} Aggiornamento.", offset=9, record_id="<urn:uuid:9>", captured_at=later)
    Store(database).save([saved(1, TEXT), saved(2, TEXT.replace("faro", "lume")), again])
    [copy] = copies_of(database, 1, TEXT)
    assert copy.headline == "Titolo 2" and copy.share == 1


def test_bands_are_those_of_the_revisions(database: Database) -> None:
    """Of new ones, of ones that are read anew, and of none that are gone."""
    store = Store(database)
    store.save([saved(1, TEXT), saved(2, "Poche parole."), saved(3, TEXT[::-1])])
    assert stored(database) == expected(database) and len(stored(database)) == 2
    store.save([saved(1, f"{TEXT} E altro ancora.", extractor="prova 2"), saved(3, TEXT[::-1], extractor="prova 2")])
    assert stored(database) == expected(database) and len(stored(database)) == 2
    refused = saved(1, "", article=None, outcome=Outcome.REFUSED, reason="stub", extractor="prova 3")
    store.save([refused])
    assert stored(database) == expected(database) and len(stored(database)) == 1


def test_the_migration_fills_the_bands_of_old_revisions(database: Database) -> None:
    Store(database).save([saved(1, TEXT), saved(2, f"{TEXT} E altro.")])
    with changing_schema(database) as connection:
        schema.downgrade(connection, "0023")
    with changing_schema(database) as connection:
        schema.upgrade(connection)
    assert stored(database) == expected(database) != {}


def test_stored_bands_outlive_the_library() -> None:
    """Another release of the library may make other signatures, with which the stored ones would not be found."""
    assert bands(TEXT)[:3] == PINNED
    assert shingles(TEXT.upper()) == shingles(TEXT)


PINNED = [8201822101565149628, 822001731542828231, 8096989370143989493]
