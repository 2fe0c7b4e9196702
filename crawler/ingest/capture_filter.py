"""Which captures of archives are classified, decided by the headers of their records; used by extraction workers."""

from dataclasses import dataclass
from datetime import UTC, date

from crawler.ingest.memento import memento_address, original_url
from crawler.registry import site_of
from storage.warc.dates import parse_warc_date
from storage.warc.http.capture import Capture
from storage.warc.read.range_reader import PAGE_RECORD_TYPES
from storage.warc.read.record import Headers
from storage.warc.read.revisit_resolver import NOT_MODIFIED


@dataclass(frozen=True, slots=True)
class CaptureFilter:
    """site: only captures of this site. since: only captures made on this day or later, by the site's clock (UTC for
    hosts of no site). any_page: pages of hosts of no site too. again: also captures that have results already.
    """

    site: str | None = None
    since: date | None = None
    any_page: bool = False
    again: bool = False

    def refusal(self, kind: str, headers: Headers, is_ours: bool) -> str | None:
        """Why a record of a type is skipped; None where it is not. is_ours: written by a crawl of ours."""
        if kind not in PAGE_RECORD_TYPES:
            return f"{kind or 'nameless'} record"
        url = header_value(headers, "WARC-Target-URI").strip("<>")
        if not url:
            return None
        memento = memento_address(url)
        site = site_of(memento.url if memento else url)
        if site is None and not (self.any_page or is_ours):
            return "unknown site"
        if self.site is not None and (site is None or site.name != self.site):
            return "other site"
        moment = memento.moment if memento else parse_warc_date(header_value(headers, "WARC-Date"))
        if self.since is not None and moment is not None:
            day = moment.astimezone(site.timezone if site else UTC).date()
            return "captured before" if day < self.since else None
        return None

    def capture_refusal(self, capture: Capture) -> str | None:
        """Why a capture on a host of no site is no page; None where it may be one."""
        if not self.any_page or site_of(original_url(capture.url)) is not None:
            return None
        is_unchanged = capture.record_type == "revisit" and capture.status == NOT_MODIFIED
        if capture.status not in (200, None) and not is_unchanged:
            return f"status {capture.status}"
        return "not HTML" if capture.content_type and "html" not in capture.content_type.lower() else None


def header_value(headers: Headers, name: str) -> str:
    """The first value of a header, its name in any case; empty where it is missing."""
    name = name.lower()
    return next((value for field, value in headers if field.lower() == name), "")
