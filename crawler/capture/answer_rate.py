"""Ends an answer that comes too slowly, such as a byte a second; used by the download handler.

The rate counts from the first byte of the answer on, head and body alike, in windows of `seconds`: a server may think
before it answers, but not in the middle. Scrapy's DOWNLOAD_TIMEOUT limits the time of the whole answer.
"""

from collections.abc import Callable
from dataclasses import dataclass

from scrapy.settings import BaseSettings
from twisted.internet.task import LoopingCall


@dataclass(frozen=True, slots=True)
class RateFloor:
    """bytes_per_second: what an answer must bring at least, on average over `seconds`; 0: anything."""

    bytes_per_second: float
    seconds: float

    @classmethod
    def of(cls, settings: BaseSettings) -> "RateFloor":
        """Settings EMEROTECA_MIN_RATE and EMEROTECA_MIN_RATE_SECONDS; without the first there is no limit."""
        return cls(settings.getfloat("EMEROTECA_MIN_RATE"), settings.getfloat("EMEROTECA_MIN_RATE_SECONDS", 10.0))


class AnswerRate:
    """The rate of one answer. received: gives the bytes that have come so far. too_slow: set when it was ended."""

    def __init__(self, floor: RateFloor, received: Callable[[], int]) -> None:
        self._floor = floor
        self._received = received
        self._before = 0
        self._check = LoopingCall(self._end_of_window)
        self.too_slow = False

    def watch(self, end: Callable[[], None]) -> None:
        """Call `end` once, after the first window with too few bytes."""
        if self._floor.bytes_per_second > 0:
            self._end = end
            self._check.start(self._floor.seconds, now=False)

    def stop(self) -> None:
        """The answer is complete, or the request has failed."""
        if self._check.running:
            self._check.stop()

    def _end_of_window(self) -> None:
        before, self._before = self._before, self._received()
        if before and self._before - before < self._floor.bytes_per_second * self._floor.seconds:
            self.too_slow = True
            self.stop()
            self._end()

    def __str__(self) -> str:
        return f"fewer than {self._floor.bytes_per_second:g} bytes a second for {self._floor.seconds:g} seconds"
