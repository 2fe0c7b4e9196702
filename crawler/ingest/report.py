"""Counts of the results of tasks; filled by `crawler.ingest.pipeline.run_tasks`, shown by the command rebuild."""

from collections import Counter
from dataclasses import dataclass, field
from statistics import median_low
from typing import Any

from crawler.ingest.messages import Problem, TaskResult
from storage.corpus.write.capture_result import CaptureResult, Outcome

#: Refusals for a defect of the archive or of the extractor.
_DEFECTS = frozenset({"original-missing", "truncated", "undecodable", "extractor-failed"})
#: Problems after which captures may have no row.
_INCOMPLETE = ("cannot be read", "worker died")


@dataclass(slots=True)
class IngestReport:
    """files, bytes: read. taken: captures with a result, by outcome. refused: of those, by reason. confidence: articles
    of pages without a known template, by their confidence. passed: records that were skipped, by reason. problems: by
    reason.
    """

    files: int = 0
    bytes: int = 0
    taken: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    confidence: Counter[float] = field(default_factory=Counter)
    passed: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)

    def add(self, part: TaskResult) -> list[Problem]:
        """Count a part of a result. Returns its problems, and its captures without an article as problems."""
        self.bytes += part.bytes
        self.passed += part.skipped
        lines = list(part.problems)
        self.problems.update(problem.reason for problem in part.problems)
        for result in part.results:
            self.taken[result.outcome.value] += 1
            if result.article is not None and result.article.confidence is not None:
                self.confidence[result.article.confidence] += 1
            if result.outcome is Outcome.REFUSED:
                self.refused[result.reason or ""] += 1
                lines.append(_refusal(result))
        return lines

    @property
    def captures(self) -> int:
        return self.taken.total()

    @property
    def is_incomplete(self) -> bool:
        """Whether another rebuild of the same files may give more results."""
        return any(self.problems[reason] for reason in _INCOMPLETE)

    @property
    def needs_a_look(self) -> bool:
        """Whether an archive is not whole, nothing in it was of use, or the extractor failed."""
        nothing = not self.taken["article"] and not self.passed["done"]
        return bool(self.problems) or nothing or any(reason in _DEFECTS for reason in self.refused)

    def as_json(self) -> dict[str, Any]:
        counters = {"taken": self.taken, "refused": self.refused, "passed": self.passed, "problems": self.problems}
        confidence = {str(number): count for number, count in sorted(self.confidence.items())}
        numbers = {"files": self.files, "bytes": self.bytes, "confidence": confidence}
        return numbers | {name: dict(counts) for name, counts in counters.items()}

    def lines(self) -> list[str]:
        """The counts as text."""
        words = [f"{self.files} files, {self.captures} captures: {_counts(self.taken) or 'none'}"]
        for title, counts in (("refused", self.refused), ("not taken", self.passed), ("problems", self.problems)):
            if counts:
                words.append(f"{title}: {_counts(counts)}")
        if self.confidence:
            words.append(f"confidence of articles without a known template: {_confidence(self.confidence)}")
        if unknown := self.passed["unknown site"]:
            words.append(f"{unknown} captures are of hosts without a site file: rebuild them with --any")
        return words


def _confidence(counts: Counter[float]) -> str:
    numbers = sorted(counts.elements())
    steps = Counter("below 0.5" if one < 0.5 else "from 0.5 to 0.75" if one < 0.75 else "from 0.75" for one in numbers)
    return f"median {median_low(numbers)}; {_counts(steps)}"


def _counts(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))


def _refusal(result: CaptureResult) -> Problem:
    return Problem(result.file, result.offset, result.reason or "", result.detail or "", result.url)
