"""Failures of requests that the crawler itself gave up, raised by middlewares and the downloader."""

import copyreg
from typing import Any

from scrapy.exceptions import IgnoreRequest


class RequestSkipped(IgnoreRequest):
    """The crawler sends the request no more, or follows it no further. `reason`: a keyword that reports count by."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason

    def __reduce__(self) -> tuple[Any, ...]:
        return copyreg.__newobj__, (type(self), *self.args), vars(self)  # type: ignore[attr-defined]


class CrawlEnded(RequestSkipped):
    """The crawl ended before the request was sent. Counted as no failure: the next run sends it."""

    def __init__(self, cause: str) -> None:
        super().__init__("crawl-ended", f"the crawl ended: {cause}")
