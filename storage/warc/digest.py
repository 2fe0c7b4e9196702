"""Digests as web archives write them: `sha1:` and 32 base32 characters (WARC/1.1, 5.8 and 5.9)."""

import base64
import hashlib
from collections.abc import Iterable

EMPTY = "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"
"""The digest of no bytes at all."""


def digest_of(parts: Iterable[bytes | memoryview]) -> str:
    """The labelled SHA-1 of the parts put together.

    Of a record's block it is the WARC-Block-Digest; of a message's payload, after transfer decoding and before
    content decoding, the WARC-Payload-Digest, which is what the Wayback Machine and Common Crawl index.
    """
    sha1 = hashlib.sha1(usedforsecurity=False)
    for part in parts:
        sha1.update(part)
    return "sha1:" + base64.b32encode(sha1.digest()).decode("ascii")
