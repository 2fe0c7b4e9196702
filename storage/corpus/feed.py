"""The change feed: every article that is new, changed or gone after a position, once."""

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.corpus.tables import Feed


def take_position(connection: Connection) -> int:
    """The next position of the feed. The row stays held until the transaction ends, so that of two writers the one with
    the greater position also becomes visible later; take it last."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = insert(Feed).values(id=1, position=1)
    taken = statement.on_conflict_do_update(index_elements=["id"], set_={"position": Feed.position + 1})
    position: int = connection.execute(taken.returning(Feed.position)).scalar_one()
    return position


def last_position(connection: Connection) -> int:
    """The position of the last change that is visible."""
    return connection.scalar(select(Feed.position)) or 0
