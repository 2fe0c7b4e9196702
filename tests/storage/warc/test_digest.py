"""Digests in the spellings of many writers."""

import base64
import hashlib

import pytest

from storage.warc.digest import canonical_digest, digest_matches, same_digest

DATA = b"neve"
SHA1, SHA256 = hashlib.sha1(DATA).digest(), hashlib.sha256(DATA).digest()
CANONICAL = "sha1:" + base64.b32encode(SHA1).decode()


@pytest.mark.parametrize(
    "digest",
    [
        CANONICAL,
        CANONICAL.removeprefix("sha1:"),
        CANONICAL.lower(),
        "SHA-1:" + SHA1.hex(),
        "sha1:" + base64.b64encode(SHA1).decode(),
        "sha1:" + base64.urlsafe_b64encode(SHA1).decode().rstrip("="),
    ],
)
def test_each_spelling_has_one_canonical_one(digest: str) -> None:
    assert canonical_digest(digest) == CANONICAL == canonical_digest(CANONICAL)
    assert digest_matches(digest, [DATA[:2], DATA[2:]]) is True
    assert digest_matches(digest, [DATA, b"!"]) is False
    assert same_digest(digest, CANONICAL)


@pytest.mark.parametrize(
    "digest",
    [
        "",
        "sha1:",
        "crc32:00000000",
        "sha256:" + "a" * 48 + "\r\n" + "a" * 14,
        "sha256:" + " " * 64,
        "sha1:" + "!" * 27,
        "sha1:" + "à" * 32,
    ],
)
def test_what_is_no_digest_has_none(digest: str) -> None:
    assert canonical_digest(digest) is None


def test_other_algorithms_are_hexadecimal() -> None:
    assert canonical_digest("sha-256:" + base64.b32encode(SHA256).decode()) == f"sha256:{SHA256.hex()}"
