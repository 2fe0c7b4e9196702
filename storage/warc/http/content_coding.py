"""Decodes content codings: gzip, deflate (zlib and raw), br, zstd, and any sequence of them (RFC 9110, 8.4).

Called by `Capture.content` and by `payload_parts` for transfer codings.
"""

import zlib
from collections.abc import Callable, Sequence
from io import BytesIO

import brotli
import zstandard

from storage.exceptions import DecodingError

GZIP_WINDOW = zlib.MAX_WBITS + 16
STEP = 16 * 1024


def decode(payload: bytes, codings: Sequence[str]) -> bytes:
    """The content under its codings, named in the order they were applied, lower case (RFC 9110, 8.4).

    Raises DecodingError for a coding that is unknown or does not fit the bytes.
    """
    for coding in reversed(codings):
        decoder = DECODERS.get(coding)
        if decoder is None:
            raise DecodingError(f"unknown content coding {coding!r}", payload)
        payload = decoder(payload) if payload else payload
    return payload


def _inflate(payload: bytes, window: int, name: str) -> bytes:
    """A zlib, raw deflate or gzip stream; of gzip all members, and trailing bytes are dropped."""
    content: list[bytes] = []
    start = 0
    while start < len(payload) and (start == 0 or payload.startswith(b"\x1f\x8b", start)):
        stream = zlib.decompressobj(window)
        at = start
        while not stream.eof and at < len(payload):
            try:
                content.append(stream.decompress(payload[at : at + STEP]))
            except zlib.error as error:
                content.append(_up_to_fault(payload[start : at + STEP], at - start, window))
                raise DecodingError(f"corrupt {name}: {error}", b"".join(content)) from error
            at += STEP
        if not stream.eof:
            raise DecodingError(f"{name} cut off", b"".join([*content, stream.flush()]))
        start = len(payload) if window != GZIP_WINDOW else min(at, len(payload)) - len(stream.unused_data)
    return b"".join(content)


def _up_to_fault(stretch: bytes, good: int, window: int) -> bytes:
    """The content of the bytes behind the first `good` ones up to the fault, which zlib does not return."""
    stream = zlib.decompressobj(window)
    stream.decompress(stretch[:good])
    content: list[bytes] = []
    try:
        for at in range(good, len(stretch)):
            content.append(stream.decompress(stretch[at : at + 1]))
    except zlib.error:
        pass
    return b"".join(content)


def _gzip(payload: bytes) -> bytes:
    return _inflate(payload, GZIP_WINDOW, "gzip")


def _deflate(payload: bytes) -> bytes:
    """RFC 9110 says zlib, many servers send it raw: the one that goes further is right."""
    try:
        return _inflate(payload, zlib.MAX_WBITS, "deflate")
    except DecodingError as as_zlib:
        try:
            return _inflate(payload, -zlib.MAX_WBITS, "deflate")
        except DecodingError as as_raw:
            raise max(as_zlib, as_raw, key=lambda fault: len(fault.prefix)) from None


def _brotli(payload: bytes) -> bytes:
    stream = brotli.Decompressor()
    content: list[bytes] = []
    for at in range(0, len(payload), 4096):
        try:
            content.append(stream.process(payload[at : at + 4096]))
        except brotli.error as error:
            raise DecodingError(f"corrupt br: {error}", b"".join(content)) from error
        if stream.is_finished():
            return b"".join(content)
    raise DecodingError("br cut off", b"".join(content))


def _zstd(payload: bytes) -> bytes:
    content = BytesIO()
    try:
        with zstandard.ZstdDecompressor().stream_reader(payload, read_across_frames=True) as reader:
            while piece := reader.read(65536):
                content.write(piece)
    except zstandard.ZstdError as error:
        raise DecodingError(f"corrupt zstd: {error}", content.getvalue()) from error
    if not _ends_a_zstd_frame(payload):
        raise DecodingError("zstd cut off", content.getvalue())
    return content.getvalue()


def _ends_a_zstd_frame(payload: bytes) -> bool:
    while payload:
        frame = zstandard.ZstdDecompressor().decompressobj()
        frame.decompress(payload)
        if not frame.eof:
            return False
        payload = frame.unused_data
    return True


DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
    "identity": bytes,
}
