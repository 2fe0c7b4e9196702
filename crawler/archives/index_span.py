"""The spans of time in which the index of an archive is asked for a host: years, months where a year is too much for an
answer, days where a month is too much for the server."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Self


@dataclass(frozen=True, slots=True)
class IndexSpan:
    """A host and the beginning of CDX timestamps: `2022`, `202202` or `20220214`, UTC."""

    host: str
    prefix: str

    @classmethod
    def parse(cls, scope: str) -> Self:
        """The span of a ledger's scope."""
        host, _, prefix = scope.rpartition(" ")
        return cls(host, prefix)

    def __str__(self) -> str:
        return f"{self.host} {self.prefix}"

    def parts(self) -> list["IndexSpan"]:
        """The months of a year, the days of a month; none of a day."""
        if len(self.prefix) == 4:
            return [IndexSpan(self.host, f"{self.prefix}{month:02}") for month in range(1, 13)]
        if len(self.prefix) == 6:
            days = calendar.monthrange(int(self.prefix[:4]), int(self.prefix[4:]))[1]
            return [IndexSpan(self.host, f"{self.prefix}{day:02}") for day in range(1, days + 1)]
        return []

    @property
    def is_year(self) -> bool:
        return len(self.prefix) == 4

    @property
    def end(self) -> datetime:
        """The first instant behind it."""
        year = int(self.prefix[:4])
        if len(self.prefix) == 4:
            return datetime(year + 1, 1, 1, tzinfo=UTC)
        month = int(self.prefix[4:6])
        if len(self.prefix) == 6:
            return datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
        return datetime(year, month, int(self.prefix[6:]), tzinfo=UTC) + timedelta(days=1)


def spans_of(host: str, since: date | None, until: date) -> Iterator[IndexSpan]:
    """The years of a span of days; since 1996, when the first archive began, where its beginning is unknown."""
    first = since.year if since is not None else 1996
    yield from (IndexSpan(host, str(year)) for year in range(first, until.year + 1))
