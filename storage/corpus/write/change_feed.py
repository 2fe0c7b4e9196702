"""The change feed: every article that is new, changed or gone after a cursor, once.

storage.corpus.write.batch takes positions; storage.corpus.export.export reads and checks cursors.
"""

import re
import secrets
from dataclasses import dataclass
from typing import Self

from sqlalchemy import Connection, func, text

from storage.corpus.db.bulk import insert_into
from storage.corpus.db.tables import FeedRow
from storage.exceptions import InvalidCursor

_CURSOR = re.compile(r"(\d{1,18})(?:-([0-9a-f]+))?")
_LAST = text("SELECT position, name FROM feed")


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a consumer has come, as text `17-4f3a9c21`: a position, and the name of the feed it belongs to.

    A database draws the name at random with its first change, so a corpus that is built anew has another.
    `0` is the beginning of every feed.
    """

    position: int
    feed: str | None = None

    @classmethod
    def of(cls, text: str) -> Self:
        """Parse a cursor. Raises InvalidCursor."""
        found = _CURSOR.fullmatch(text.strip())
        if found is None:
            raise InvalidCursor(f"{text.strip()[:40]!r} is no cursor: begin again with --after 0")
        return cls(int(found[1]), found[2])

    def __str__(self) -> str:
        return f"{self.position}-{self.feed}" if self.feed else str(self.position)


def take_position(connection: Connection) -> int:
    """The next position of the feed, as the last step of a transaction.

    The row stays locked until the transaction ends, so the greater of two positions is also committed later.
    """
    name = secrets.token_hex(4)
    next_row = {"position": FeedRow.position + 1, "name": func.coalesce(FeedRow.name, name)}
    insert = insert_into(connection, FeedRow).values(id=1, position=1, name=name)
    statement = insert.on_conflict_do_update(index_elements=["id"], set_=next_row).returning(FeedRow.position)
    position: int = connection.execute(statement).scalar_one()
    return position


def newest_cursor(connection: Connection) -> Cursor:
    """The cursor after the last visible change."""
    row = connection.execute(_LAST).first()
    return Cursor(row.position, row.name) if row else Cursor(0)


def check_cursor(cursor: Cursor, newest: Cursor) -> None:
    """Raises InvalidCursor for a cursor of another feed; newest: the cursor after this feed's last change."""
    if cursor.position and (cursor.feed != newest.feed or cursor.position > newest.position):
        raise InvalidCursor(
            f"the cursor {cursor} is none of this corpus, whose newest is {newest}: another database gave it, or this "
            "one was built anew since. Begin again with --after 0, which gives every article"
        )
