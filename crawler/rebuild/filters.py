"""Which captures a rebuild takes, told by the headers of their records."""

from dataclasses import dataclass
from datetime import UTC, date

from crawler.registry import site_on
from crawler.urls import host_of
from storage.warc.dates import parse_warc_date
from storage.warc.read.range_reader import PAGE_RECORD_TYPES
from storage.warc.read.record import Headers


@dataclass(frozen=True, slots=True)
class CaptureFilter:
    """site: only this one's captures. since: only captures made on this day or later, by the site's clock (UTC for
    hosts of no site). any_page: pages of hosts of no site too. again: also what is done.
    """

    site: str | None = None
    since: date | None = None
    any_page: bool = False
    again: bool = False

    def refusal(self, kind: str, headers: Headers, is_ours: bool) -> str | None:
        """Why a record is passed over; None where it is taken. is_ours: a crawl of ours has written it."""
        if kind not in PAGE_RECORD_TYPES:
            return f"{kind or 'nameless'} record"
        url = value_of(headers, "WARC-Target-URI").strip("<>")
        if not url:
            return None
        site = site_on(host_of(url))
        if site is None and not (self.any_page or is_ours):
            return "unknown site"
        if self.site is not None and (site is None or site.name != self.site):
            return "other site"
        moment = parse_warc_date(value_of(headers, "WARC-Date"))
        if self.since is not None and moment is not None:
            day = moment.astimezone(site.timezone if site else UTC).date()
            return "captured before" if day < self.since else None
        return None


def value_of(headers: Headers, name: str) -> str:
    """The first value of a header, its name in any case; empty where it is missing."""
    name = name.lower()
    return next((value for field, value in headers if field.lower() == name), "")
