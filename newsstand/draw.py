"""A small random generator, the same on every Python version, platform and process: SplitMix64 seeded by BLAKE2b."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

Item = TypeVar("Item")
_MASK = (1 << 64) - 1


class Draw:
    """A stream of random values that depends on its keys only, so articles can be generated independently."""

    __slots__ = ("_state",)

    def __init__(self, *keys: object) -> None:
        text = "\x1f".join(map(str, keys)).encode()
        self._state = int.from_bytes(blake2b(text, digest_size=8).digest(), "big")

    def bits(self) -> int:
        """The next 64 bits."""
        self._state = (self._state + 0x9E3779B97F4A7C15) & _MASK
        word = self._state
        word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) & _MASK
        return word ^ (word >> 31)

    def below(self, bound: int) -> int:
        """An integer from 0 to bound - 1."""
        return (self.bits() * bound) >> 64

    def between(self, low: int, high: int) -> int:
        """An integer from low to high, both included."""
        return low + self.below(high - low + 1)

    def chance(self, percent: int) -> bool:
        """True in `percent` of 100 draws."""
        return self.below(100) < percent

    def pick(self, items: Sequence[Item]) -> Item:
        """One of the items."""
        return items[self.below(len(items))]

    def sample(self, items: Sequence[Item], count: int) -> list[Item]:
        """Distinct positions of `items`, at most `count` of them, in drawn order."""
        rest = list(items)
        return [rest.pop(self.below(len(rest))) for _ in range(min(count, len(rest)))]
