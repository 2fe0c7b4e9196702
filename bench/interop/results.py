"""The results of the interoperability checks."""

from collections.abc import Callable
from dataclasses import dataclass, field


class Skipped(Exception):
    """A check that cannot run here; the message gives the reason."""


@dataclass
class Results:
    """The checks so far: (result, name, details)."""

    lines: list[tuple[str, str, str]] = field(default_factory=list)

    def run(self, name: str, check: Callable[[], str]) -> None:
        """Run a check and print its result. A check returns details, raises AssertionError on a difference, or raises
        Skipped."""
        try:
            result, details = "agrees", check()
        except AssertionError as difference:
            result, details = "DISAGREES", str(difference)
        except Skipped as skipped:
            result, details = "skipped", str(skipped)
        self.lines.append((result, name, details))
        print(f"{result:9}  {name}: {details}", flush=True)

    @property
    def has_disagreement(self) -> bool:
        return any(result == "DISAGREES" for result, _, _ in self.lines)
