"""Digests as all the writers of WARC files write them, read: `sha1:` in base32, `sha-256:` in hexadecimal, no label."""

import hashlib
from base64 import b32decode, b32encode, urlsafe_b64decode
from collections.abc import Iterable

_SIZES = {"sha1": 20, "sha256": 32, "sha512": 64, "md5": 16}


def known_digest(digest: str) -> tuple[str, bytes] | None:
    """Algorithm (as hashlib names it) and bytes; None for a kind or a spelling that we do not know.

    Without a label it is SHA-1; the value may be in hexadecimal, base32, base64 or its variant for URLs.
    """
    algorithm = _algorithm(digest)
    value = digest.strip().rpartition(":")[2].rstrip("=")
    raw = _raw(value, _SIZES[algorithm]) if algorithm in _SIZES else None
    return None if raw is None else (algorithm, raw)


def usual_digest(digest: str | None) -> str | None:
    """A digest in the one spelling that digests are looked up by: "sha1:" and base32, as we write it; of another kind
    its label and hexadecimal. None for a kind or a spelling that we do not know.
    """
    known = known_digest(digest or "")
    if known is None:
        return None
    algorithm, raw = known
    return f"sha1:{b32encode(raw).decode('ascii')}" if algorithm == "sha1" else f"{algorithm}:{raw.hex()}"


def _algorithm(digest: str) -> str:
    label, colon, _ = digest.strip().rpartition(":")
    return label.lower().replace("-", "") if colon else "sha1"


def _raw(value: str, size: int) -> bytes | None:
    try:
        if len(value) == 2 * size:
            return bytes.fromhex(value)
        if len(value) == -(-size * 8 // 5):
            return b32decode(value.upper() + "=" * (-len(value) % 8))
        if len(value) == -(-size * 8 // 6):
            return urlsafe_b64decode(value.replace("+", "-").replace("/", "_") + "=" * (-len(value) % 4))
    except ValueError:
        pass
    return None


def agrees(digest: str, parts: Iterable[bytes | memoryview]) -> bool | None:
    """Whether it is the digest of the parts put together; None for a kind that we do not know."""
    algorithm = _algorithm(digest)
    if algorithm not in _SIZES:
        return None
    digested = hashlib.new(algorithm, usedforsecurity=False)
    for part in parts:
        digested.update(part)
    return known_digest(digest) == (algorithm, digested.digest())


def same_digest(one: str, other: str) -> bool:
    """Whether two spellings are of one digest."""
    known = known_digest(one)
    return one == other or (known is not None and known == known_digest(other))
