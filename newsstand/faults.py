"""Faults of a server, switched on for the URLs that match a pattern."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

from newsstand.draw import Draw
from newsstand.message import Request


class FaultKind(StrEnum):
    """The kinds of faults."""

    STATUS = "status"  # `status` (429, 503 ...), with Retry-After where `retry_after` is set
    SLOW = "slow"  # the response starts after `seconds`
    CUT = "cut"  # Content-Length is larger than the body sent, then the connection closes
    CUT_CHUNKED = "cut-chunked"  # chunked, and the connection closes inside a chunk
    WRONG_CHARSET = "wrong-charset"  # the header says `charset`, the bytes are UTF-8
    ENCODING = "encoding"  # `coding` in spite of Accept-Encoding: gzip, deflate, deflate-raw, br, zstd, identity
    CHUNKED = "chunked"  # correct, but chunked
    REDIRECT_CHAIN = "redirect-chain"  # `hops` redirects before the page
    REDIRECT_LOOP = "redirect-loop"  # two URLs that redirect to each other
    EMPTY = "empty"  # 200 with no body
    ACCESS_DENIED = "access-denied"  # 200 with a page that says Access Denied
    HTML = "html"  # 200 with the home page instead of the requested list (a sitemap, a feed)
    TEMPLATE = "template"  # the page in a new design: every class has another name, and the microdata is gone
    RESET = "reset"  # the connection is reset without a byte


@dataclass(frozen=True)
class Fault:
    """A fault for the URLs whose host + path (+ query) the regular expression `pattern` finds.

    `count` limits the occurrences per URL, `total` those of all URLs together; `share` selects a fraction (0 to 1) of
    the URLs, always the same ones. None is no limit. The other fields belong to kinds (see `FaultKind`).
    """

    kind: FaultKind
    pattern: str = ""
    count: int | None = None
    total: int | None = None
    share: float | None = None
    status: int = 503
    retry_after: int | None = None
    seconds: float = 1.0
    charset: str = "iso-8859-1"
    coding: str = "gzip"
    hops: int = 3

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Fault":
        """Raises ValueError for an unknown kind or field, or a pattern that does not compile."""
        unknown = set(data) - {field.name for field in fields(cls)}
        if unknown or "kind" not in data:
            raise ValueError(f"a fault needs a kind and knows no {sorted(unknown)}")
        try:
            re.compile(data.get("pattern", ""))
        except re.error as error:
            raise ValueError(f"pattern {data['pattern']!r}: {error}") from error
        return cls(**{**data, "kind": FaultKind(data["kind"])})


class Faults:
    """The active faults, and the occurrences of each."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self.switch(())

    def switch(self, faults: Iterable[Fault]) -> None:
        """Replace the active faults; counts are reset."""
        self.active = [(fault, re.compile(fault.pattern)) for fault in faults]
        self._struck: list[Counter[str]] = [Counter() for _ in self.active]

    def strikes(self, request: Request) -> list[Fault]:
        """The faults of this request, each counted."""
        url = request.host + request.target
        return [
            fault
            for (fault, pattern), struck in zip(self.active, self._struck, strict=True)
            if pattern.search(url) and self._strikes(fault, url, struck)
        ]

    def _strikes(self, fault: Fault, url: str, struck: Counter[str]) -> bool:
        if fault.share is not None and Draw(self._seed, "fault", url).below(10_000) >= fault.share * 10_000:
            return False
        if "newsstand-hop=" in url:
            return fault.kind in (FaultKind.REDIRECT_CHAIN, FaultKind.REDIRECT_LOOP)
        over_count = fault.count is not None and struck[url] >= fault.count
        if over_count or (fault.total is not None and struck.total() >= fault.total):
            return False
        struck[url] += 1
        return True
