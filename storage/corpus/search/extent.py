"""What texts the corpus has: their languages and days. Read once for each state of the corpus."""

from collections.abc import Collection, Hashable
from dataclasses import dataclass
from datetime import date
from typing import Final
from weakref import ref

from sqlalchemy import Connection, Date, text

from storage.corpus.search.stemming import code_of, languages

#: Spellings of languages that are looked at.
_MOST_LANGUAGES: Final = 100
#: Each language once, by the index; the last row is NULL, which stands for texts without one, too.
_LANGUAGES: Final = text(f"""
WITH RECURSIVE found(language) AS (
    SELECT min(language) FROM revisions
    UNION ALL
    SELECT (SELECT min(r.language) FROM revisions r WHERE r.language > f.language)
    FROM found f WHERE f.language IS NOT NULL
) SELECT language FROM found LIMIT {_MOST_LANGUAGES}
""")
_DAYS: Final = text("SELECT min(published_date) AS first, max(published_date) AS last FROM revisions").columns(
    first=Date, last=Date
)
_STATE: Final = text("SELECT position, name FROM feed")


@dataclass(frozen=True, slots=True)
class Extent:
    """The languages of all texts, as `storage.corpus.search.stemming` has them: words are looked up in their stems
    only, since each stem costs a look-up in every segment of the index. first, last: days of publication, None where no
    text has one."""

    languages: Collection[str]
    first: date | None
    last: date | None


def extent(connection: Connection) -> Extent:
    """The extent of the corpus, from the memory of the connection where no article has changed."""
    state = corpus_state(connection)
    held = connection.info.get("extent")
    if held and held[0] == state:
        found: Extent = held[1]
        return found
    spelt = connection.execute(_LANGUAGES).scalars().all()
    codes = {code_of(language) for language in spelt} if len(spelt) < _MOST_LANGUAGES else languages()
    found = Extent(codes, *connection.execute(_DAYS).one())
    connection.info["extent"] = (state, found)
    return found


def corpus_state(connection: Connection) -> Hashable:
    """What changes with every change of an article, read once in a transaction. For readers only."""
    begun, state = connection.info.get("state", (None, None))
    if begun is None or begun() is None or begun() is not connection.get_transaction():
        state = connection.execute(_STATE).first()
        connection.info["state"] = ref(connection.get_transaction()), state
    found: Hashable = state
    return found
