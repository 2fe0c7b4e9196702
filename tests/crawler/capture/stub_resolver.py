"""A name resolver for crawls of the tests: names and their addresses come from the setting TEST_NAMES.

Each resolution of a name takes the next of its lists of addresses; the last one stays. The names asked for go to
standard error, a line each.
"""

import sys
from typing import Any

from scrapy.crawler import Crawler
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IHostnameResolver, IHostResolution
from zope.interface import implementer


@implementer(IHostResolution)
class Resolution:
    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        raise NotImplementedError


@implementer(IHostnameResolver)
class StubResolver:
    def __init__(self, reactor: Any, names: dict[str, list[list[str]]]) -> None:
        self._reactor = reactor
        self._names = names

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> "StubResolver":
        return cls(reactor, crawler.settings.getdict("TEST_NAMES"))

    def install_on_reactor(self) -> None:
        self._reactor.installNameResolver(self)

    def resolveHostName(self, receiver: Any, name: str, portNumber: int = 0, *_: Any, **__: Any) -> Resolution:  # noqa: N802, N803
        print(f"resolved {name}", file=sys.stderr)
        resolution = Resolution(name)
        receiver.resolutionBegan(resolution)
        answers = self._names[name]
        for address in answers.pop(0) if len(answers) > 1 else answers[0]:
            kind = IPv6Address if ":" in address else IPv4Address
            receiver.addressResolved(kind("TCP", address, portNumber))
        receiver.resolutionComplete()
        return resolution
