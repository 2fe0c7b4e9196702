"""Extracts a payload once, whatever number of captures show it; used by extraction workers."""

from collections import OrderedDict
from datetime import datetime

from crawler.extraction.extract import Extraction
from crawler.extraction.platforms import markup_on
from crawler.ingest.classify import Extract, Extracted, extracted_from, extraction_of
from storage.warc.http.capture import Capture

#: Articles that are remembered: about 20 KB each.
REMEMBERED = 512

#: Warnings by which the time of capture shows.
_BY_TIME = "date-after-capture"


class ArticleCache:
    """Calls `extract`, and remembers its results by payload, URL and headers.

    The time of capture decides two things only: dates later than it are set aside, and its day selects the markup of a
    platform. So the result of an earlier capture holds for a later one, as long as no date was set aside and both
    have the same markup.
    """

    def __init__(self, extract: Extract) -> None:
        self._extract = extract
        self._known: OrderedDict[tuple[object, ...], tuple[datetime, Extracted]] = OrderedDict()

    def __call__(self, capture: Capture) -> Extraction:
        """The article that a capture shows. Raises PageRefused."""
        key = _key(capture)
        known = self._known.get(key)
        if known is not None and known[0] <= capture.captured_at:
            self._known.move_to_end(key)
            return extraction_of(known[1])
        extracted = extracted_from(capture, self._extract)
        if isinstance(extracted, tuple) or not any(
            warning.startswith(_BY_TIME) for warning in extracted.article.warnings
        ):
            self._known[key] = capture.captured_at, extracted
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return extraction_of(extracted)


def _key(capture: Capture) -> tuple[object, ...]:
    codings = tuple(value for name, value in capture.headers if name.lower() == "content-encoding")
    kind = (capture.status, capture.content_type, capture.truncated, capture.record_type == "conversion")
    return capture.url, capture.payload_digest, codings, *kind, markup_on(capture.captured_at)
