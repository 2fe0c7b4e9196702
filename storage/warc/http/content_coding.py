"""Decodes content codings: gzip, deflate (zlib and raw), br, zstd, and any sequence of them (RFC 9110, 8.4).

Called by `Capture.content` and by `payload_parts` for transfer codings. A few bytes that stand for gigabytes (a bomb)
are decoded piece by piece, and no further than a limit.
"""

import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

import brotli
import zstandard

from storage.exceptions import ContentTooLarge, DecodingError

GZIP_WINDOW = zlib.MAX_WBITS + 16
#: Bytes given to a decompression object at once; of zstd, which makes 32,000 bytes of one, fewer.
STEP, ZSTD_STEP = 16 * 1024, 512
#: Bytes that brotli gives at once, which makes millions of one.
BROTLI_OUTPUT = 4 * 1024 * 1024
#: Memory that a zstd stream may ask for. Content codings may not ask for more than 8 MiB (RFC 9659).
ZSTD_WINDOW = 64 * 1024 * 1024
#: Bytes of a content, at most: the default limit of a response too.
MOST_CONTENT = 256 * 1024 * 1024


def decode(payload: bytes, codings: Sequence[str], most: int = MOST_CONTENT) -> bytes:
    """The content under its codings, named in the order they were applied, lower case (RFC 9110, 8.4).

    Raises DecodingError for a coding that is unknown or does not fit the bytes, and ContentTooLarge as soon as more
    than `most` bytes have been decoded.
    """
    for coding in reversed(codings):
        decoder = DECODERS.get(coding)
        if decoder is None:
            raise DecodingError(f"unknown content coding {coding!r}", payload)
        payload = decoder(payload, most) if payload else payload
    return payload


def _decoded(
    payload: bytes, name: str, most: int, new_stream: Callable[[], Any], member: bytes | None = None, step: int = STEP
) -> bytes:
    """The content of a compressed stream.

    new_stream: makes a decompression object. member: how each of several members begins, where there can be several;
    what follows the last one is dropped. step: bytes that the object is given at once.
    """
    content: list[bytes] = []
    start = size = 0
    while start < len(payload) and (start == 0 or (member and payload.startswith(member, start))):
        stream, at = new_stream(), start
        while not stream.eof and at < len(payload):
            try:
                for piece in _pieces(stream, payload[at : at + step]):
                    content.append(piece)
                    size += len(piece)
                    if size > most:
                        raise ContentTooLarge(f"{name} of more than {most} bytes", b"".join(content))
            except (zlib.error, brotli.error, zstandard.ZstdError) as error:
                content += _up_to_fault(new_stream(), payload[start:at], payload[at : at + step])
                raise DecodingError(f"corrupt {name}: {error}", b"".join(content)) from error
            at += step
        if not stream.eof:
            raise DecodingError(f"{name} cut off", b"".join(content))
        start = min(at, len(payload)) - len(stream.unused_data)
    return b"".join(content)


def _pieces(stream: Any, data: bytes) -> Iterator[bytes]:
    yield stream.decompress(data)
    while getattr(stream, "has_more", False):
        yield stream.decompress(b"")


def _up_to_fault(stream: Any, good: bytes, bad: bytes) -> Iterator[bytes]:
    """The content of the bad bytes up to the fault, which a decompression object does not return."""
    for _ in _pieces(stream, good):
        pass
    with suppress(zlib.error, brotli.error, zstandard.ZstdError):
        for at in range(len(bad)):
            yield from _pieces(stream, bad[at : at + 1])


def _gzip(payload: bytes, most: int) -> bytes:
    return _decoded(payload, "gzip", most, lambda: zlib.decompressobj(GZIP_WINDOW), b"\x1f\x8b")


def _deflate(payload: bytes, most: int) -> bytes:
    """RFC 9110 says zlib, many servers send it raw: the one that goes further is right."""
    try:
        return _decoded(payload, "deflate", most, zlib.decompressobj)
    except ContentTooLarge:
        raise
    except DecodingError as as_zlib:
        try:
            return _decoded(payload, "deflate", most, lambda: zlib.decompressobj(-zlib.MAX_WBITS))
        except DecodingError as as_raw:
            raise max(as_zlib, as_raw, key=lambda fault: len(fault.prefix)) from None


class _BrotliStream:
    """brotli's decompressor with the interface of zlib's."""

    unused_data = b""

    def __init__(self) -> None:
        self._stream = brotli.Decompressor()
        self._is_full = False

    def decompress(self, data: bytes) -> bytes:
        """At most BROTLI_OUTPUT bytes, about; while it `has_more`, the next without more data."""
        output = bytes(self._stream.process(data, output_buffer_limit=BROTLI_OUTPUT))
        self._is_full = len(output) >= BROTLI_OUTPUT
        return output

    @property
    def has_more(self) -> bool:
        return not self.eof and (self._is_full or not self._stream.can_accept_more_data())

    @property
    def eof(self) -> bool:
        return bool(self._stream.is_finished())


def _brotli(payload: bytes, most: int) -> bytes:
    return _decoded(payload, "br", most, _BrotliStream)


def _zstd(payload: bytes, most: int) -> bytes:
    decompressor = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW)
    return _decoded(payload, "zstd", most, decompressor.decompressobj, b"\x28\xb5\x2f\xfd", ZSTD_STEP)


def _identity(payload: bytes, most: int) -> bytes:
    return payload


DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
    "identity": _identity,
}
