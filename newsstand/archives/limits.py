"""The limits of a web archive's services: so many requests a minute, then 429, then nothing for whoever goes on."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic


@dataclass(slots=True)
class Limit:
    """rate: requests in `seconds`. patience: requests while 429 is the answer, after which none is answered."""

    rate: int
    seconds: float = 60.0
    patience: int = 30
    clock: Callable[[], float] = monotonic
    blocked: bool = False
    _times: deque[float] = field(default_factory=deque)
    _too_many: int = 0

    def verdict(self) -> int | None:
        """The status to refuse a request with, 0 for no answer at all; None where it is within the limit."""
        now = self.clock()
        while self._times and now - self._times[0] > self.seconds:
            self._times.popleft()
        if self.blocked:
            return 0
        if len(self._times) >= self.rate:
            self._too_many += 1
            self.blocked = self._too_many > self.patience
            return 429
        self._too_many = 0
        self._times.append(now)
        return None
