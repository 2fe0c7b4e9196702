"""Bands of MinHash signatures: what texts that share many runs of words have in common, to find near-copies by.

The shingles of a text (runs of five words; Broder 1997) have a signature of minima. Of two texts with the Jaccard
coefficient s, one of 16 bands of two minima is the same with the probability 1 - (1 - s²)^16: 0.99 for 0.5. Written
with the words of the search index by storage.corpus.write. Decision 091 has the figures.
"""

import hashlib
import struct
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final

from rensa import RMinHash
from sqlalchemy import Connection, delete, select, text

from storage.corpus.db.bulk import BulkWriter, in_keys
from storage.corpus.db.tables import RevisionRow, TextBandRow
from storage.corpus.search.stemming import WORD

#: Words of a shingle, and words of the shortest text that has bands.
_SHINGLE: Final = 5
SHORTEST: Final = 20
#: A change of these, or of the library's signatures, needs a migration that fills the table again.
_BANDS: Final = 16
_ROWS: Final = 2
_SEED: Final = 1

_BATCH: Final = 1000


def shingles(body: str) -> set[str]:
    """The runs of five words of a text, whatever their case; none of a text of fewer than SHORTEST words."""
    words = WORD.findall(unicodedata.normalize("NFC", body).casefold())
    if len(words) < SHORTEST:
        return set()
    return {" ".join(words[at : at + _SHINGLE]) for at in range(len(words) - _SHINGLE + 1)}


def bands(body: str) -> list[int]:
    """The bands of a text, 63-bit numbers."""
    runs = shingles(body)
    if not runs:
        return []
    signature = RMinHash(_BANDS * _ROWS, _SEED)
    signature.update(sorted(runs))
    minima = signature.digest()
    return [_band(place, minima[place * _ROWS : (place + 1) * _ROWS]) for place in range(_BANDS)]


def _band(place: int, minima: Sequence[int]) -> int:
    digest = hashlib.blake2b(struct.pack(f"<{1 + _ROWS}I", place, *minima), digest_size=8).digest()
    return int.from_bytes(digest) >> 1


class TextBands:
    """The table `text_bands`, inside a transaction."""

    def __init__(self, connection: Connection, rows: BulkWriter) -> None:
        self.connection = connection
        self.rows = rows

    def of(self, revisions: Sequence[int]) -> dict[int, str]:
        """The bodies of revisions, by row id, as they stand now: what their bands are made of."""
        if not revisions:
            return {}
        statement = select(RevisionRow.id, RevisionRow.body)
        rows = self.connection.execute(statement.where(in_keys(self.connection, RevisionRow.id, revisions)))
        return {row.id: row.body for row in rows}

    def replace(self, before: Mapping[int, str], after: Mapping[int, str]) -> None:
        """Remove the bands of revisions with the bodies that they had before; add those that they have after."""
        changed = {id for id in {*before, *after} if before.get(id) != after.get(id)}
        self._remove(_rows({id: body for id, body in before.items() if id in changed}))
        rows = _rows({id: body for id, body in after.items() if id in changed})
        self.rows.insert(TextBandRow, [{"band": band, "revision_id": id} for band, id in rows])

    def _remove(self, rows: list[tuple[int, int]]) -> None:
        if not rows:
            return
        if self.connection.dialect.name == "sqlite":
            self.rows.run("DELETE FROM text_bands WHERE band = ? AND revision_id = ?", rows)
        else:
            columns = (TextBandRow.band, TextBandRow.revision_id)
            self.connection.execute(delete(TextBandRow).where(in_keys(self.connection, columns, rows)))


def _rows(bodies: Mapping[int, str]) -> list[tuple[int, int]]:
    """Band and row id, sorted: rows that lie near each other are written together."""
    return sorted((band, id) for id, body in bodies.items() for band in set(bands(body)))


def fill(connection: Connection) -> int:
    """Add all revisions to an empty table; returns their number."""
    table = TextBands(connection, BulkWriter(connection))
    columns = text("SELECT id, body FROM revisions WHERE id > :last ORDER BY id LIMIT :n")
    last = count = 0
    while rows := connection.execute(columns, {"last": last, "n": _BATCH}).all():
        table.replace({}, {row.id: row.body for row in rows})
        last = rows[-1].id
        count += len(rows)
    return count
