"""Digests of WARC records (WARC/1.1, 5.8 and 5.9): computed by warcio, as `sha1:` and base32, compared in every
spelling in use.

Called by the WARC writer, the readers, the CDXJ index and the fixity checks.
"""

from base64 import b32decode, b32encode, urlsafe_b64decode
from collections.abc import Iterable
from contextlib import suppress

from warcio.utils import Digester

#: Bytes of a digest by algorithm, as hashlib names it.
_SIZES = {"sha1": 20, "sha256": 32, "sha512": 64, "md5": 16}


def digest_of(algorithm: str, parts: Iterable[bytes | memoryview]) -> Digester:
    """The digest of the concatenated parts, as text labelled and in base32. algorithm: as hashlib names it."""
    digester = Digester(algorithm)
    for part in parts:
        digester.update(part)
    return digester


def sha1_digest(parts: Iterable[bytes | memoryview]) -> str:
    """The labelled SHA-1 of the concatenated parts, in base32.

    Of a record's block it is the WARC-Block-Digest; of a message's payload, after transfer decoding and before
    content decoding, the WARC-Payload-Digest, which is what the Wayback Machine and Common Crawl index.
    """
    return str(digest_of("sha1", parts))


def canonical_digest(digest: str | None) -> str | None:
    """The spelling used as a key: "sha1:" and base32, as `sha1_digest` gives; of another algorithm its label and
    hexadecimal. None for an unknown algorithm or spelling.

    Without a label it is SHA-1; the value may be in hexadecimal, base32, base64 or its variant for URLs.
    """
    algorithm, value = _split(digest or "")
    raw = _raw(value, _SIZES[algorithm]) if algorithm in _SIZES else None
    if raw is None:
        return None
    return f"sha1:{b32encode(raw).decode('ascii')}" if algorithm == "sha1" else f"{algorithm}:{raw.hex()}"


def digest_matches(digest: str, parts: Iterable[bytes | memoryview]) -> bool | None:
    """Whether it is the digest of the concatenated parts; None for an unknown algorithm."""
    algorithm, _ = _split(digest)
    if algorithm not in _SIZES:
        return None
    return canonical_digest(digest) == canonical_digest(str(digest_of(algorithm, parts)))


def same_digest(one: str, other: str) -> bool:
    """Whether two spellings are of one digest."""
    return one == other or canonical_digest(one) == (canonical_digest(other) or "unknown")


def _split(digest: str) -> tuple[str, str]:
    label, colon, value = digest.strip().rpartition(":")
    return label.lower().replace("-", "") if colon else "sha1", value.rstrip("=")


def _raw(value: str, size: int) -> bytes | None:
    decoders = {2 * size: bytes.fromhex, -(-size * 8 // 5): _of_base32, -(-size * 8 // 6): _of_base64}
    decode = decoders.get(len(value))
    with suppress(ValueError):
        raw = decode(value) if decode else b""
        return raw if len(raw) == size else None  # of hexadecimal and base64 Python passes over some characters
    return None


def _of_base32(value: str) -> bytes:
    return b32decode(value.upper() + "=" * (-len(value) % 8))


def _of_base64(value: str) -> bytes:
    return urlsafe_b64decode(value.replace("+", "-").replace("/", "_") + "=" * (-len(value) % 4))
