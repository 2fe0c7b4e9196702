"""Column types that hold the same values on SQLite and on Postgres."""

from datetime import UTC, datetime

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, String, Text
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeDecorator, TypeEngine

#: Surrogate numbers. SQLite counts only a column declared INTEGER up by itself.
Number = BigInteger().with_variant(Integer(), "sqlite")

#: Text that is compared and sorted byte by byte on both databases, whatever the locale of the Postgres server.
Ordered = Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


class UtcDateTime(TypeDecorator[datetime]):
    """An instant, microseconds kept: `timestamptz` on Postgres; on SQLite ISO 8601 text of one width in UTC,
    so that text order is time order. Takes aware datetimes of any offset and gives aware UTC.
    Raises ValueError for a naive one.
    """

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[datetime] | TypeEngine[str]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(32))
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | str | None:
        if value is None:
            return None
        moment = in_utc(value)
        return moment.isoformat(timespec="microseconds") if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | str | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return in_utc(datetime.fromisoformat(value) if isinstance(value, str) else value)


def in_utc(moment: datetime) -> datetime:
    """The instant in UTC; one that UTC would carry out of the years 1 to 9999 keeps its
    clock time."""
    if moment.tzinfo is None:
        raise ValueError(f"a datetime without an offset is no instant: {moment.isoformat()}")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return moment.replace(tzinfo=UTC)
