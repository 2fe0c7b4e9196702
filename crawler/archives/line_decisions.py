"""The outcomes of the lines of an archive's index, collected by an import and stored in the ledger a few at a time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Final

from crawler.archives.memento_outcome import Found
from storage.corpus.write.archive_ledger import (
    CAPTURED,
    Decision,
    IndexLine,
    LineOutcome,
    pause,
    record_decisions,
)
from storage.corpus.write.store import Store

#: Decisions that are collected before they are stored.
MOST: Final = 50
#: Outcomes with which a line speaks for all lines of its article and digest.
GOOD: Final = (LineOutcome.VERIFIED, LineOutcome.UNVERIFIABLE)


@dataclass(slots=True)
class LineDecisions:
    """add_write: does a job, now or, as a crawl's worker, behind the captures so far."""

    archive: str
    add_write: Callable[[Callable[[Store], None]], None]
    _collected: list[Decision] = field(default_factory=list)

    def add(self, group: Sequence[IndexLine], found: Found, record_id: str | None) -> None:
        """Decide on the first line of a group, and where that is good on the others. record_id: of its capture here."""
        line, others = group[0], group[1:]
        of_capture = record_id if found.outcome in CAPTURED else None
        self._collected.append(Decision(line, found.outcome, found.detail, of_capture))
        if found.outcome in GOOD:
            same = f"as of {line.captured_at:%Y-%m-%d %H:%M:%S}"
            self._collected += [Decision(other, LineOutcome.SAME_PAYLOAD, same) for other in others]
        if len(self._collected) >= MOST:
            self.flush()

    def flush(self) -> None:
        """Have the decisions stored."""
        if self._collected:
            self.add_write(partial(_record, archive=self.archive, decisions=self._collected))
            self._collected = []

    def pause(self, until: datetime) -> None:
        """Have it noted that nothing is to be asked of the archive before."""
        self.add_write(partial(_pause, archive=self.archive, until=until))


def _record(store: Store, archive: str, decisions: Sequence[Decision]) -> None:
    record_decisions(store.database, archive, decisions)


def _pause(store: Store, archive: str, until: datetime) -> None:
    pause(store.database, archive, until)
