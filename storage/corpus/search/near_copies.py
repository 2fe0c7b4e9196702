"""Near-copies of an article in the corpus: other articles that share much of its text.

Phrases from several places of the body are looked up in the search index; what they find is compared with the article
by shingles (runs of words; Broder 1997). Decision 091 has the reasons.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Date

from storage.corpus.db.database import Database
from storage.corpus.search.filters import Matching, SearchFilter
from storage.corpus.search.query import parse
from storage.corpus.search.stemming import WORD, fold

#: Words of a shingle and of a phrase that is looked up, phrases looked up, and articles compared for each.
_SHINGLE: Final = 5
_PHRASE: Final = 6
_PHRASES: Final = 8
_COMPARED: Final = 25
#: The share of the smaller text's shingles that near-copies have in common at least.
LEAST_SHARE: Final = 0.5

_SQL = """
SELECT a.article_id, a.site, r.headline, r.published_date, r.body {matching}
ORDER BY r.published_date IS NULL, r.published_date, a.article_id LIMIT :most
"""


@dataclass(frozen=True, slots=True)
class NearCopy:
    """An article, its day of publication in its site's zone, and the share of the smaller text's shingles that both
    have, up to 1."""

    article_id: str
    site: str | None
    headline: str
    published_date: date | None
    share: float


def near_copies(database: Database, article_id: str, body: str) -> list[NearCopy]:
    """The other articles with LEAST_SHARE of the text or more, the earliest first. A text of fewer than 20 words has
    none. Raises CorpusError."""
    words = WORD.findall(body)
    if len(words) < 20:
        return []
    own = _shingles(body)
    found: dict[str, NearCopy] = {}
    for phrase in _phrases(words):
        for row in _with_phrase(database, phrase):
            name = row["article_id"]
            if name != article_id and name not in found:
                share = _share(own, _shingles(row["body"]))
                found[name] = NearCopy(name, row["site"], row["headline"], row["published_date"], share)
    close = (copy for copy in found.values() if copy.share >= LEAST_SHARE)
    return sorted(close, key=lambda copy: (copy.published_date or date.max, copy.article_id))


def _phrases(words: list[str]) -> list[str]:
    """Runs of words from places spread over the text."""
    last = len(words) - _PHRASE
    places = sorted({round(last * part / (_PHRASES - 1)) for part in range(_PHRASES)})
    return [" ".join(words[at : at + _PHRASE]) for at in places]


def _with_phrase(database: Database, phrase: str) -> list[dict[str, Any]]:
    with database.reading() as connection:
        matching = Matching(connection, parse(f'"{phrase}"'), SearchFilter())
        statement = matching.statement(_SQL).columns(published_date=Date)
        rows = connection.execute(statement, {**matching.values, "most": _COMPARED}).mappings()
        return [dict(row) for row in rows]


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = [fold(word) for word in WORD.findall(text)]
    return {tuple(words[at : at + _SHINGLE]) for at in range(max(0, len(words) - _SHINGLE) + 1)}


def _share(one: set[tuple[str, ...]], other: set[tuple[str, ...]]) -> float:
    return len(one & other) / max(1, min(len(one), len(other)))
