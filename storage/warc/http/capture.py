"""A capture: one HTTP response from a WARC file, and the reference to its record.

Made by `storage.warc.read.reader`; the input of `crawler.ingest`.
"""

from dataclasses import dataclass
from datetime import datetime

from storage.exceptions import ContentTooLarge, DecodingError
from storage.warc.http.content_coding import MOST_CONTENT, decode


@dataclass(frozen=True, slots=True)
class CaptureRef:
    """The location of a capture.

    file: bare name of the WARC file, as it is when sealed. offset, length: of the response record's bytes in the
    file, compressed; length is 0 where the record has no bytes of its own (a file gzipped as a whole).
    record_id: the WARC-Record-ID as it stands in the record, "<urn:uuid:...>".
    """

    file: str
    offset: int
    length: int
    record_id: str


@dataclass(frozen=True, slots=True)
class Capture:
    """One capture.

    captured_at: aware, UTC. status, reason, headers: of the response, in order, as text; None and empty for a record
    that holds no HTTP. payload: after transfer decoding, before content decoding. payload_digest: "sha1:..." of it;
    of a revisit, which has none, the digest it names. truncated: the reason, where the record says so.
    declared_digest: what a record that holds its payload names, where that is of another kind than SHA-1.
    record_type: "response", "revisit" or "resource". refers_to: id of the record that holds a revisit's payload.
    resource_type: what a page uses the file for, where the record says so (WARC-Resource-Type, Browsertrix's field).
    """

    ref: CaptureRef
    url: str
    captured_at: datetime
    status: int | None
    reason: str
    headers: tuple[tuple[str, str], ...]
    content_type: str | None
    payload: bytes
    payload_digest: str
    truncated: str | None = None
    record_type: str = "response"
    ip_address: str | None = None
    refers_to: str | None = None
    declared_digest: str | None = None
    resource_type: str | None = None

    def header(self, name: str) -> str | None:
        """The first value of a header, its name in any case."""
        return next((value for field, value in self.headers if field.lower() == name.lower()), None)

    def content(self, most: int = MOST_CONTENT) -> bytes:
        """The payload without its content codings. Raises DecodingError, which carries what could be decoded, and
        ContentTooLarge where more than `most` bytes would have to be decoded.

        A payload that was stored decoded under its old Content-Encoding (CC-NEWS before May 2019) is given as it is:
        one that begins like markup, or is text and nothing that its coding says.
        """
        values = ",".join(value for field, value in self.headers if field.lower() == "content-encoding")
        return content_of(self.payload, values, most)


def content_of(payload: bytes, content_encoding: str, most: int = MOST_CONTENT) -> bytes:
    """The content of a payload, as `Capture.content` has it. content_encoding: the values of the header."""
    codings = [coding.strip().lower() for coding in content_encoding.split(",") if coding.strip()]
    if codings and _begins_like_markup(payload):
        return payload
    try:
        return decode(payload, codings, most)
    except ContentTooLarge:
        raise
    except DecodingError:
        if _is_text(payload):
            return payload
        raise


def _is_text(payload: bytes) -> bool:
    """Whether the beginning of a payload is UTF-8 without control characters."""
    start = payload[:4096].decode("utf-8", "replace")
    return "\ufffd" not in start[:-1] and not any(char < " " and char not in "\t\n\r\f" for char in start)


def _begins_like_markup(payload: bytes) -> bool:
    """Whether a payload begins like markup, JSON or feed text, which no compressed stream does."""
    start = payload.removeprefix(b"\xef\xbb\xbf")[:256].lstrip()
    is_markup = start[:2].lower() in (b"<!", b"<?", b"<h", b"<r", b"<f", b"<u", b"<s")
    return is_markup and not any(byte < 9 or 13 < byte < 32 for byte in start)
