"""Captures become revisions, in any order.

What a revision is depends on the set of captures alone. First and last times are minima and maxima, the shown
capture is the greatest by `rank`; all three can be merged one by one in any order, twice, from several processes.
What is left, the numbers, is made anew for every article touched. HTML outranks flat text: where an article has an
HTML capture, texts known from flattened dumps only keep their row but get no number.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, delete, exists, func, insert, select, update
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from storage.article import Article as Extracted
from storage.article import Fidelity
from storage.corpus.identity import article_id, content_hash, key
from storage.corpus.saved import Saved
from storage.corpus.tables import (
    Article,
    Author,
    Base,
    Capture,
    Image,
    Keyword,
    Revision,
    RevisionAuthor,
    RevisionKeyword,
    WarcFile,
)
from storage.corpus.types import in_utc
from storage.corpus.upsert import Values, chunks, insert_new, insert_or_update

#: (article id, content hash)
State = tuple[str, str]

_LISTS: tuple[type[RevisionAuthor] | type[RevisionKeyword] | type[Image], ...] = (
    RevisionAuthor,
    RevisionKeyword,
    Image,
)


@dataclass(frozen=True, slots=True)
class Sighting:
    """An article as one capture shows it, with its digests."""

    saved: Saved
    article: Extracted
    state: State
    rank: str

    @classmethod
    def of(cls, saved: Saved) -> "Sighting | None":
        """The sighting a capture gives, None for a capture without an article."""
        if (article := saved.article) is None:
            return None
        state = (article_id(article, saved.url), content_hash(article))
        return cls(saved, article, state, rank(article.fidelity, saved))


def rank(fidelity: str, saved: Saved) -> str:
    """Text that sorts captures of one article: HTML over flat text, then a record that holds its payload over a
    revisit, then the newest; the rest breaks ties."""
    return ranked(fidelity, saved.record_type, saved.captured_at, saved.record_id, saved.file, saved.offset)


def ranked(fidelity: str, record_type: str, captured_at: datetime, record_id: str, file: str, offset: int) -> str:
    kind = 2 * (fidelity == Fidelity.HTML) + (record_type != "revisit")
    moment = in_utc(captured_at).isoformat(timespec="microseconds")
    return f"{kind} {moment} {record_id} {file} {offset:020d}"


def claim_articles(connection: Connection, sightings: Iterable[Sighting]) -> None:
    """Make the articles' rows and hold them until the transaction ends, in one order so that writers never deadlock."""
    named = {sighting.state[0]: sighting.article for sighting in sightings}
    rows: list[Values] = [
        {
            "id": id,
            "site": article.site,
            "native_id": article.native_id or None,
            "canonical_url": article.canonical_url,
            "revision_count": 0,
        }
        for id, article in sorted(named.items())
    ]
    insert_or_update(
        connection,
        Article,
        rows,
        key=["id"],
        update=lambda new: {"native_id": new.native_id},
        returning=[Article.id],
    )


def merge(connection: Connection, sightings: Sequence[Sighting], captures: Mapping[tuple[str, int], int]) -> None:
    """Merge sightings into revisions; `captures` maps (file, offset) to the capture's row."""
    shown: dict[State, Values] = {}
    best: dict[State, Sighting] = {}
    for sighting in sightings:
        state, moment = sighting.state, sighting.saved.captured_at
        known = shown.get(state, {"first": moment, "last": moment})
        shown[state] = {"first": min(known["first"], moment), "last": max(known["last"], moment)}
        best[state] = max(best.get(state, sighting), sighting, key=lambda one: one.rank)
    rows = [
        _revision(best[state], captures[best[state].saved.file, best[state].saved.offset], **shown[state])
        for state in sorted(best)
    ]
    merged = insert_or_update(
        connection,
        Revision,
        rows,
        key=["article_id", "content_hash"],
        update=_better,
        returning=[Revision.id, Revision.article_id, Revision.content_hash, Revision.rank],
    )
    winners = {
        row.id: best[row.article_id, row.content_hash].article
        for row in merged
        if row.rank == best[row.article_id, row.content_hash].rank
    }
    _write_lists(connection, winners)


def _better(new: ReadOnlyColumnCollection[str, Any]) -> dict[str, ColumnElement[Any]]:
    """What the row that is there becomes: earlier and later times, and all the rest of the greater rank."""
    old = Revision.__table__.c
    wins = new.rank >= old.rank
    fixed = {"id", "article_id", "content_hash", "number", "first_captured_at", "last_captured_at"}
    merged: dict[str, ColumnElement[Any]] = {
        c.name: case((wins, new[c.name]), else_=c) for c in old if c.name not in fixed
    }
    first, last = old.first_captured_at, old.last_captured_at
    merged["first_captured_at"] = case((new.first_captured_at < first, new.first_captured_at), else_=first)
    merged["last_captured_at"] = case((new.last_captured_at > last, new.last_captured_at), else_=last)
    return merged


def _revision(sighting: Sighting, capture: int, *, first: datetime, last: datetime) -> Values:
    article = sighting.article
    data = article.as_json()
    copied = (
        "fidelity url canonical_url language headline alternative_headline description section published_at "
        "modified_at dates body blocks links word_count warnings"
    )
    return {name: data[name] for name in copied.split()} | {
        "article_id": sighting.state[0],
        "content_hash": sighting.state[1],
        "number": None,
        "first_captured_at": first,
        "last_captured_at": last,
        "capture_id": capture,
        "rank": sighting.rank,
        "extractor": sighting.saved.extractor,
        "canonical_key": key(article.canonical_url) if article.canonical_url else None,
        "published_utc": article.published_at,
        "published_date": article.published_date,
    }


def _write_lists(connection: Connection, shown: Mapping[int, Extracted]) -> None:
    """Replace authors, keywords and images of revisions."""
    for ids in chunks(shown):
        for table in _LISTS:
            connection.execute(delete(table).where(table.revision_id.in_(ids)))
    authors = {name for article in shown.values() for name in article.authors}
    keywords = {name for article in shown.values() for name in article.keywords}
    insert_new(connection, Author, _names(authors))
    insert_new(connection, Keyword, _names(keywords))
    _insert(
        connection,
        RevisionAuthor,
        [
            {"revision_id": id, "position": position, "author_id": key(name)}
            for id, article in shown.items()
            for position, name in enumerate(article.authors)
        ],
    )
    _insert(
        connection,
        RevisionKeyword,
        [
            {"revision_id": id, "position": position, "keyword_id": key(name)}
            for id, article in shown.items()
            for position, name in enumerate(article.keywords)
        ],
    )
    _insert(
        connection,
        Image,
        [
            {"revision_id": id, "position": position, **image.as_json()}
            for id, article in shown.items()
            for position, image in enumerate(article.images)
        ],
    )


def _names(names: Iterable[str]) -> list[Values]:
    return sorted(({"id": key(name), "name": name} for name in names), key=lambda row: row["id"])


def _insert(connection: Connection, table: type[Base], rows: list[Values]) -> None:
    if rows:
        connection.execute(insert(table), rows)


def release(connection: Connection, states: Iterable[State]) -> None:
    """Make revisions anew from the captures they have left, after captures gave another state than before."""
    for article, text in states:
        found = connection.execute(
            select(Capture, WarcFile.name)
            .join(WarcFile, WarcFile.id == Capture.warc_file_id)
            .where(Capture.article_id == article, Capture.content_hash == text)
        ).all()
        revision = select(Revision.id).where(Revision.article_id == article, Revision.content_hash == text)
        if not found:
            for table in _LISTS:
                connection.execute(delete(table).where(table.revision_id.in_(revision)))
            connection.execute(delete(Revision).where(Revision.article_id == article, Revision.content_hash == text))
            continue
        best = max(found, key=lambda row: _rank_of(row))
        connection.execute(
            update(Revision)
            .where(Revision.article_id == article, Revision.content_hash == text)
            .values(
                first_captured_at=min(row.captured_at for row in found),
                last_captured_at=max(row.captured_at for row in found),
                capture_id=best.id,
                rank=_rank_of(best),
                fidelity=best.fidelity,
            )
        )


def _rank_of(row: Any) -> str:
    return ranked(row.fidelity, row.record_type, row.captured_at, row.record_id, row.name, row.record_offset)


def number(connection: Connection, articles: Iterable[str]) -> None:
    """Number the revisions of articles, and give the articles the facts that follow from their revisions."""
    for ids in chunks(sorted(articles)):
        connection.execute(_numbering(ids))
        own = Revision.article_id == Article.id
        best = select(Revision.canonical_url).where(own).order_by(Revision.rank.desc()).limit(1)
        count = select(func.count(Revision.number)).where(own)
        connection.execute(
            update(Article)
            .where(Article.id.in_(ids))
            .values(canonical_url=best.scalar_subquery(), revision_count=count.scalar_subquery())
        )
        connection.execute(
            delete(Article).where(
                Article.id.in_(ids), Article.revision_count == 0, ~exists().where(Capture.article_id == Article.id)
            )
        )


def _numbering(ids: list[str]) -> Any:
    # "html" sorts before "text": the least fidelity of an article is the one whose texts count.
    counting = func.min(Revision.fidelity).over(partition_by=Revision.article_id)
    marked = select(Revision, counting.label("counting")).where(Revision.article_id.in_(ids)).subquery()
    place = func.row_number().over(
        partition_by=(marked.c.article_id, marked.c.fidelity),
        order_by=(marked.c.first_captured_at, marked.c.content_hash),
    )
    numbered = select(
        marked.c.id, case((marked.c.fidelity == marked.c.counting, place), else_=None).label("number")
    ).subquery()
    return (
        update(Revision)
        .values(number=numbered.c.number)
        .where(Revision.id == numbered.c.id, Revision.number.is_distinct_from(numbered.c.number))
    )
