"""Requests that are not sent, or not followed further, and why."""

from scrapy.exceptions import IgnoreRequest


class NotAsked(IgnoreRequest):
    """A request that was given up before or instead of an answer. `reason` is one word, as reports count them."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


class CrawlEnded(NotAsked):
    """The crawl ended before the request's turn. No failure: the next run takes it."""

    def __init__(self, why: str) -> None:
        super().__init__("crawl-ended", f"the crawl ended: {why}")
