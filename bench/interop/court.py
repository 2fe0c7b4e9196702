"""Who judges, and what was judged."""

from collections.abc import Callable
from dataclasses import dataclass, field


class Skipped(Exception):
    """A judgement that cannot be had here; the message says why."""


@dataclass
class Court:
    """The judgements so far."""

    lines: list[tuple[str, str, str]] = field(default_factory=list)

    def hear(self, name: str, judgement: Callable[[], str]) -> None:
        """Have one judgement: what it returns is told, AssertionError is against us, Skipped is none."""
        try:
            verdict, said = "agrees", judgement()
        except AssertionError as against:
            verdict, said = "DISAGREES", str(against)
        except Skipped as skipped:
            verdict, said = "skipped", str(skipped)
        self.lines.append((verdict, name, said))
        print(f"{verdict:9}  {name}: {said}", flush=True)

    @property
    def is_against_us(self) -> bool:
        return any(verdict == "DISAGREES" for verdict, _, _ in self.lines)
