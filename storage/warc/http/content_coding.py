"""Decodes content codings: gzip, deflate (zlib and raw), br, zstd, and any sequence of them (RFC 9110, 8.4).

Called by `Capture.content` and by `payload_parts` for transfer codings.
"""

import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

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


def _decoded(payload: bytes, name: str, new_stream: Callable[[], Any], member: bytes | None = None) -> bytes:
    """The content of a compressed stream.

    new_stream: makes a decompression object. member: how each of several members begins, where there can be several;
    what follows the last one is dropped.
    """
    content: list[bytes] = []
    start = 0
    while start < len(payload) and (start == 0 or (member and payload.startswith(member, start))):
        stream, at = new_stream(), start
        while not stream.eof and at < len(payload):
            try:
                content.append(stream.decompress(payload[at : at + STEP]))
            except (zlib.error, brotli.error, zstandard.ZstdError) as error:
                content += _up_to_fault(new_stream(), payload[start:at], payload[at : at + STEP])
                raise DecodingError(f"corrupt {name}: {error}", b"".join(content)) from error
            at += STEP
        if not stream.eof:
            raise DecodingError(f"{name} cut off", b"".join(content))
        start = min(at, len(payload)) - len(stream.unused_data)
    return b"".join(content)


def _up_to_fault(stream: Any, good: bytes, bad: bytes) -> Iterator[bytes]:
    """The content of the bad bytes up to the fault, which a decompression object does not return."""
    stream.decompress(good)
    with suppress(zlib.error, brotli.error, zstandard.ZstdError):
        for at in range(len(bad)):
            yield stream.decompress(bad[at : at + 1])


def _gzip(payload: bytes) -> bytes:
    return _decoded(payload, "gzip", lambda: zlib.decompressobj(GZIP_WINDOW), b"\x1f\x8b")


def _deflate(payload: bytes) -> bytes:
    """RFC 9110 says zlib, many servers send it raw: the one that goes further is right."""
    try:
        return _decoded(payload, "deflate", zlib.decompressobj)
    except DecodingError as as_zlib:
        try:
            return _decoded(payload, "deflate", lambda: zlib.decompressobj(-zlib.MAX_WBITS))
        except DecodingError as as_raw:
            raise max(as_zlib, as_raw, key=lambda fault: len(fault.prefix)) from None


class _BrotliStream:
    """brotli's decompressor with the interface of zlib's."""

    unused_data = b""

    def __init__(self) -> None:
        self._stream = brotli.Decompressor()
        self.decompress = self._stream.process

    @property
    def eof(self) -> bool:
        return bool(self._stream.is_finished())


def _brotli(payload: bytes) -> bytes:
    return _decoded(payload, "br", _BrotliStream)


def _zstd(payload: bytes) -> bytes:
    return _decoded(payload, "zstd", lambda: zstandard.ZstdDecompressor().decompressobj(), b"\x28\xb5\x2f\xfd")


DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
    "identity": bytes,
}
