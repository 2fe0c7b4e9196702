"""What became of everything that a rebuild met."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from crawler.rebuild.messages import Problem, TaskResult
from storage.corpus.write.capture_result import CaptureResult, Outcome

#: Refusals that say that the archive lacks something, or the extractor.
_LACKS = frozenset({"original-missing", "truncated", "undecodable", "extractor-failed"})
#: Problems after which captures may have no row.
_UNDONE = ("cannot be read", "worker died")


@dataclass(slots=True)
class IngestReport:
    """files, bytes: read. taken: captures that have rows now, by outcome. refused: of those, by reason. passed: what
    was met and not taken, by reason. problems: what went wrong, by reason.
    """

    files: int = 0
    bytes: int = 0
    taken: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    passed: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)

    def add(self, found: TaskResult) -> list[Problem]:
        """Counts a part. Returns what is worth a line of its own: problems, and captures without an article."""
        self.bytes += found.bytes
        self.passed += found.passed
        lines = list(found.problems)
        self.problems.update(problem.reason for problem in found.problems)
        for saved in found.saved:
            self.taken[saved.outcome.value] += 1
            if saved.outcome is Outcome.REFUSED:
                self.refused[saved.reason or ""] += 1
                lines.append(_refusal(saved))
        return lines

    @property
    def captures(self) -> int:
        return self.taken.total()

    @property
    def left_undone(self) -> bool:
        """Whether there is something that a rebuild of the same files may do another time."""
        return any(self.problems[reason] for reason in _UNDONE)

    @property
    def needs_a_look(self) -> bool:
        """Whether an archive is not whole, nothing in it was of use, or the extractor failed."""
        nothing = not self.taken["article"] and not self.passed["done"]
        return bool(self.problems) or nothing or any(reason in _LACKS for reason in self.refused)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def lines(self) -> list[str]:
        """For people."""
        words = [f"{self.files} files, {self.captures} captures: {_counts(self.taken) or 'none'}"]
        for title, counts in (("refused", self.refused), ("not taken", self.passed), ("problems", self.problems)):
            if counts:
                words.append(f"{title}: {_counts(counts)}")
        return words


def _counts(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))


def _refusal(saved: CaptureResult) -> Problem:
    return Problem(saved.file, saved.offset, saved.reason or "", saved.detail or "", saved.url)
