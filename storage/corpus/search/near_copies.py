"""Near-copies of an article in the corpus: other articles that share much of its text.

Revisions that share a band of their MinHash signatures are compared with the article by shingles (runs of words).
Decision 091 has the reasons.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import bindparam, func, select

from storage.corpus.db.database import Database
from storage.corpus.db.tables import ArticleRow, RevisionRow, TextBandRow
from storage.corpus.search.text_bands import bands, shingles

#: Revisions that share bands: of how many the articles are looked up, and how many texts are compared; those that share
#: most first.
_LOOKED_AT: Final = 1000
_COMPARED: Final = 40
#: The share of the smaller text's shingles that near-copies have in common at least.
LEAST_SHARE: Final = 0.5
_NEVER: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class NearCopy:
    """An article, its day and instant of publication (in its site's zone, in UTC), and the share of the smaller text's
    shingles that both have, up to 1."""

    article_id: str
    site: str | None
    headline: str
    published_date: date | None
    published_utc: datetime | None
    share: float


def near_copies(database: Database, article_id: str, body: str) -> list[NearCopy]:
    """The other articles of which a revision has LEAST_SHARE of the text or more, the earliest first. A text of fewer
    than 20 words has none. Raises CorpusError."""
    own = shingles(body)
    found: dict[str, NearCopy] = {}
    for row in _candidates(database, article_id, bands(body)) if own else ():
        facts = (row["article_id"], row["site"], row["headline"], row["published_date"], row["published_utc"])
        copy = NearCopy(*facts, _share(own, shingles(row["body"])))
        if copy.share >= max(LEAST_SHARE, found[copy.article_id].share if copy.article_id in found else 0):
            found[copy.article_id] = copy
    return sorted(found.values(), key=_when)


_SHARED: Final = func.count().label("shared")
_ALIKE: Final = (
    select(TextBandRow.revision_id, _SHARED)
    .where(TextBandRow.band.in_(bindparam("bands", expanding=True)))
    .group_by(TextBandRow.revision_id)
    .order_by(_SHARED.desc(), TextBandRow.revision_id)
    .limit(_LOOKED_AT)
    .subquery()
)
_CANDIDATES: Final = (
    select(ArticleRow.article_id, ArticleRow.site)
    .add_columns(RevisionRow.headline, RevisionRow.published_date, RevisionRow.published_utc, RevisionRow.body)
    .select_from(_ALIKE)
    .join(RevisionRow, RevisionRow.id == _ALIKE.c.revision_id)
    .join(ArticleRow, ArticleRow.id == RevisionRow.article)
    .where(ArticleRow.withheld.is_(None), RevisionRow.number.is_not(None))
    .where(ArticleRow.article_id != bindparam("article_id"))
    .order_by(_ALIKE.c.shared.desc(), ArticleRow.article_id, RevisionRow.number.desc())
    .limit(_COMPARED)
)


def _candidates(database: Database, article_id: str, wanted: list[int]) -> list[dict[str, Any]]:
    with database.reading() as connection:
        rows = connection.execute(_CANDIDATES, {"article_id": article_id, "bands": wanted}).mappings()
        return [dict(row) for row in rows]


def _share(one: set[str], other: set[str]) -> float:
    return len(one & other) / max(1, min(len(one), len(other)))


def _when(copy: NearCopy) -> tuple[date, datetime, str]:
    return (copy.published_date or date.max, copy.published_utc or _NEVER, copy.article_id)
