"""A payload is read once, whatever number of captures show it."""

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime

from crawler.extraction.platforms import markup_on
from crawler.extraction.refusals import PageRefused, RefusalReason
from storage.article import Article
from storage.warc.http.capture import Capture

#: Articles that are remembered: about 20 KB each.
REMEMBERED = 512

#: Warnings by which the time of capture shows.
_BY_TIME = "date-after-capture"


class ArticleCache:
    """Reads captures, and remembers what payloads gave under a URL and headers.

    The time of a capture decides two things only: dates later than it are set aside, and eras of a platform are told
    apart by its day. So what an earlier capture gave holds for a later one, as long as no date was set aside and
    both lie in the same eras.
    """

    def __init__(self, read: Callable[[Capture], Article]) -> None:
        self._read = read
        self._known: OrderedDict[tuple[object, ...], tuple[datetime, Article | tuple[RefusalReason, str]]] = (
            OrderedDict()
        )

    def __call__(self, capture: Capture) -> Article:
        """The article that a capture shows. Raises PageRefused."""
        key = _key(capture)
        known = self._known.get(key)
        if known is not None and known[0] <= capture.captured_at:
            self._known.move_to_end(key)
            return _given(known[1])
        try:
            outcome: Article | tuple[RefusalReason, str] = self._read(capture)
        except PageRefused as refused:
            outcome = refused.reason, refused.detail
        if not (isinstance(outcome, Article) and any(warning.startswith(_BY_TIME) for warning in outcome.warnings)):
            self._known[key] = capture.captured_at, outcome
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return _given(outcome)


def _key(capture: Capture) -> tuple[object, ...]:
    codings = tuple(value for name, value in capture.headers if name.lower() == "content-encoding")
    kind = (capture.status, capture.content_type, capture.truncated, capture.record_type == "conversion")
    return capture.url, capture.payload_digest, codings, *kind, markup_on(capture.captured_at)


def _given(outcome: Article | tuple[RefusalReason, str]) -> Article:
    if isinstance(outcome, Article):
        return outcome
    raise PageRefused(*outcome)
