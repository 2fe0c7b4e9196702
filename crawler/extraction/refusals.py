"""Refusals: a page or capture without an article, with a named reason, counted by `status` and listed by `show`."""

from enum import StrEnum


class RefusalReason(StrEnum):
    """A reason is part of the public vocabulary: `status` counts them, `show` prints them."""

    GONE = "gone"  # 404, 410: the server says that there is no such page
    BLOCKED = "blocked"  # 401, 403, 451: a wall, never gone around
    HTTP_ERROR = "http-error"  # any other status that brings no page; detail: the status code
    TRUNCATED = "truncated"  # the body ended before its framing said so
    UNDECODABLE = "undecodable"  # content coding or charset cannot be undone
    ORIGINAL_MISSING = "original-missing"  # a revisit whose payload is in no record at hand
    NOT_HTML = "not-html"
    TOO_LARGE = "too-large"  # beyond the limits of extraction (html/limits.py); detail: what there is too much of
    EMPTY_BODY = "empty-body"
    ACCESS_DENIED = "access-denied"  # a wall served with status 200
    ERROR_PAGE = "error-page"  # "not found" and the like served with status 200
    NEEDS_JAVASCRIPT = "needs-javascript"  # the shell of an app, whose text JavaScript fetches
    CONSENT_WALL = "consent-wall"
    PAYWALL_STUB = "paywall-stub"
    INDEX_PAGE = "index-page"  # a list of articles, not one
    NO_TEXT = "no-text"  # headline but no body
    NOT_AN_ARTICLE = "not-an-article"
    ERASED = "erased"  # a page or article that was erased on demand, and is not taken again
    EXTRACTOR_FAILED = "extractor-failed"  # an error in the extractor, or the end of its process; detail: which


class PageRefused(Exception):
    """Raised instead of returning an article: `reason` is its name, `detail` what showed it ("" for nothing more)."""

    def __init__(self, reason: RefusalReason, detail: str = "") -> None:
        super().__init__(f"{reason.value}: {detail}" if detail else reason.value)
        self.reason = reason
        self.detail = detail

    def __reduce__(self) -> tuple[type["PageRefused"], tuple[RefusalReason, str]]:
        return PageRefused, (self.reason, self.detail)
