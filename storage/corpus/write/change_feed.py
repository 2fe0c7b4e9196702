"""The change feed: every article that is new, changed or gone after a cursor, once."""

import re
import secrets
from dataclasses import dataclass
from typing import Self

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.corpus.db.tables import FeedRow
from storage.exceptions import InvalidCursor

_CURSOR = re.compile(r"(\d{1,18})(?:-([0-9a-f]+))?")


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a consumer has come, as text `17-4f3a9c21`: a position, and the name of the feed it belongs to.

    A database draws the name at random with its first change, so a corpus that was built anew has another.
    `0` is the beginning of every feed.
    """

    position: int
    feed: str | None = None

    @classmethod
    def of(cls, text: str) -> Self:
        """Raises InvalidCursor."""
        found = _CURSOR.fullmatch(text.strip())
        if found is None:
            raise InvalidCursor(f"{text.strip()[:40]!r} is no cursor: begin again with --after 0")
        return cls(int(found[1]), found[2])

    def __str__(self) -> str:
        return f"{self.position}-{self.feed}" if self.feed else str(self.position)


def take_position(connection: Connection) -> int:
    """The next position of the feed. The row stays held until the transaction ends, so that of two writers the one with
    the greater position also becomes visible later; take it last."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    name = secrets.token_hex(4)
    statement = insert(FeedRow).values(id=1, position=1, name=name)
    next_one = {"position": FeedRow.position + 1, "name": func.coalesce(FeedRow.name, name)}
    taken = statement.on_conflict_do_update(index_elements=["id"], set_=next_one)
    position: int = connection.execute(taken.returning(FeedRow.position)).scalar_one()
    return position


def newest(connection: Connection) -> Cursor:
    """The cursor behind the last change that is visible."""
    row = connection.execute(select(FeedRow.position, FeedRow.name)).first()
    return Cursor(row.position, row.name) if row else Cursor(0)


def check(cursor: Cursor, newest: Cursor) -> None:
    """Raises InvalidCursor for one that is none of this feed."""
    if cursor.position and (cursor.feed != newest.feed or cursor.position > newest.position):
        raise InvalidCursor(
            f"the cursor {cursor} is none of this corpus, whose newest is {newest}: another database gave it, or this "
            "one was built anew since. Begin again with --after 0, which gives every article"
        )
