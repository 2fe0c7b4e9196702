"""Content codings (RFC 9110, 8.4.1) and the chunked transfer coding (RFC 9112, 7.1)."""

import zlib

import brotli
import zstandard


def _zlib(window: int, body: bytes) -> bytes:
    packer = zlib.compressobj(1, zlib.DEFLATED, window)
    return packer.compress(body) + packer.flush()


def encode(coding: str, body: bytes) -> bytes:
    """The body under a coding: gzip, deflate (zlib), deflate-raw, br, zstd or identity. Raises KeyError."""
    match coding:
        case "identity":
            return body
        case "gzip":
            return _zlib(31, body)
        case "deflate":
            return _zlib(15, body)
        case "deflate-raw":
            return _zlib(-15, body)
        case "br":
            return bytes(brotli.compress(body, quality=1))
        case "zstd":
            return zstandard.ZstdCompressor(level=1).compress(body)
    raise KeyError(coding)


def chunked(body: bytes, size: int = 4096) -> bytes:
    """The body in chunks, with the last one."""
    chunks = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"


def accepted(header: str) -> str:
    """gzip where the client accepts it, else identity, like the front ends of most news sites."""
    codings = {
        part.split(";")[0].strip().lower() for part in header.split(",") if "q=0" not in part.replace("q=0.", "")
    }
    return "gzip" if "gzip" in codings else "identity"
