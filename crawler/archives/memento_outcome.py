"""What became of a line of an archive's index, by the archive's answer for its memento."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import NamedTuple
from urllib.parse import urljoin

from scrapy.http import Response

from crawler.archives.index_answer import is_exclusion
from crawler.ingest.memento import memento_address, memento_moment
from storage.corpus.write.archive_ledger import IndexLine, LineOutcome
from storage.exceptions import DecodingError
from storage.warc.digest import sha1_digest
from storage.warc.http.content_coding import decode

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_GZIP = b"\x1f\x8b"


class Found(NamedTuple):
    """The outcome and what else is known of it; `follow`: the address of the same memento to request next."""

    outcome: LineOutcome
    detail: str | None = None
    follow: str | None = None


def memento_outcome(line: IndexLine, url: str, status: int, headers: Mapping[str, str], payload: bytes) -> Found:
    """The outcome of a line by the answer for its memento at `url`. headers: names in lower case. payload: after
    transfer decoding and before content decoding.
    """
    moment = memento_moment(headers.get("memento-datetime"))
    if moment == line.captured_at:
        return _compared(line, headers, payload)
    if status in _REDIRECTS:
        return _redirected(line, url, urljoin(url, headers.get("location", "")))
    if moment is not None:
        return Found(LineOutcome.ANOTHER_MOMENT, moment.isoformat())
    if status == 429:
        return Found(LineOutcome.THROTTLED, "429")
    if status == 451 or (status == 403 and says_excluded(headers, payload)):
        return Found(LineOutcome.EXCLUDED, str(status))
    if status == 404:
        return Found(LineOutcome.MISSING, "404")
    return Found(LineOutcome.FAILED, f"status {status} without Memento-Datetime")


def says_excluded(headers: Mapping[str, str], payload: bytes) -> bool:
    """Whether an answer says that the archive does not show the page. headers: names in lower case."""
    is_named = "AccessControl" in headers.get("x-archive-wayback-runtime-error", "")
    return is_named or any(map(is_exclusion, (payload, *_decoded(headers, payload))))


def headers_of(response: Response) -> dict[str, str]:
    """The headers of an answer, names in lower case; of repeated ones the last."""
    return {name.decode("latin-1").lower(): values[-1].decode("latin-1") for name, values in response.headers.items()}


def _redirected(line: IndexLine, url: str, target: str) -> Found:
    address = memento_address(target)
    if address is None or target == url:
        return Found(LineOutcome.LEFT_ARCHIVE, f"a redirect to {target}")
    if address.moment == line.captured_at:
        return Found(LineOutcome.FAILED, f"redirected to {target}", follow=target)
    return Found(LineOutcome.ANOTHER_MOMENT, address.moment.isoformat())


def _compared(line: IndexLine, headers: Mapping[str, str], payload: bytes) -> Found:
    if not line.digest:
        return Found(LineOutcome.UNVERIFIABLE)
    expected = f"sha1:{line.digest}"
    found = sha1_digest([payload])
    if found == expected or any(sha1_digest([other]) == expected for other in _decoded(headers, payload)):
        return Found(LineOutcome.VERIFIED)
    return Found(LineOutcome.DIGEST_MISMATCH, found)


def _decoded(headers: Mapping[str, str], payload: bytes) -> Iterator[bytes]:
    """The payload without the coding that the archive states, and without gzip where it states none: the digest of the
    index may be of either form."""
    stated = [coding.strip() for coding in headers.get("content-encoding", "").lower().split(",") if coding.strip()]
    for codings in (stated, ["gzip"] if payload.startswith(_GZIP) else []):
        if codings:
            with suppress(DecodingError):
                yield decode(payload, codings)
