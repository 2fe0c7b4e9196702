"""Exchanges and writers for the tests of storage.warc."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from storage.warc.http.exchange import Exchange
from storage.warc.write.writer import WarcWriter

STARTED_AT = datetime(2021, 12, 4, 18, 30, 0, 123456, tzinfo=UTC)


@pytest.fixture
def exchange() -> Callable[..., Exchange]:
    """exchange(body, **fields) -> Exchange of a page with that body."""

    def make(body: bytes = b"<html>nebbia</html>", **fields: Any) -> Exchange:
        given = {
            "url": "https://paper.example/articolo",
            "method": "GET",
            "request": b"GET /articolo HTTP/1.1\r\nHost: paper.example\r\n\r\n",
            "response": b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body,
            "started_at": STARTED_AT,
            "ip_address": "192.0.2.7",
            "tls": "tls/1.3",
            "cipher_suite": "TLS_AES_128_GCM_SHA256",
        }
        return Exchange(**{**given, **fields})

    return make


@pytest.fixture
def open_writer(tmp_path: Path) -> Callable[..., WarcWriter]:
    """open_writer(**settings) -> a writer into tmp_path."""

    def make(**settings: Any) -> WarcWriter:
        return WarcWriter(tmp_path, **{"prefix": "test", "software": "emeroteca/test", **settings})

    return make
