"""Content codings, alone and in a row, whole, cut and corrupt."""

import gzip
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from storage.exceptions import ContentTooLarge, DecodingError
from storage.warc.http.content_coding import decode

PAGE = ("Il tram numero nove sale verso il colle. " * 2000).encode()


def raw_deflate(content: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return stream.compress(content) + stream.flush()


ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.compress,
    "identity": bytes,
}


@given(st.binary(max_size=3000), st.lists(st.sampled_from(sorted(ENCODERS)), max_size=4))
def test_decoding_undoes_codings_in_any_order(content: bytes, codings: list[str]) -> None:
    payload = content
    for coding in codings:
        payload = ENCODERS[coding](payload)
    assert decode(payload, codings) == content


@given(st.binary(min_size=1, max_size=3000))
def test_raw_deflate_is_deflate_too(content: bytes) -> None:
    assert decode(raw_deflate(content), ["deflate"]) == content


def test_gzip_members_are_joined_and_what_follows_them_dropped() -> None:
    assert decode(gzip.compress(PAGE) + gzip.compress(b"fine") + b"\0\0\0\n", ["gzip"]) == PAGE + b"fine"


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_a_cut_payload_is_refused_with_what_could_be_decoded(coding: str) -> None:
    payload = ENCODERS[coding](PAGE)
    with pytest.raises(DecodingError, match="cut off") as refused:
        decode(payload[:-3], [coding])
    assert PAGE.startswith(refused.value.prefix)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_bytes_that_are_not_coded_are_refused(coding: str) -> None:
    with pytest.raises(DecodingError):
        decode(b"<html><body>non compresso</body></html>", [coding])


def test_a_wrong_checksum_is_refused_with_all_of_the_content() -> None:
    payload = bytearray(gzip.compress(PAGE))
    payload[-6] ^= 1
    with pytest.raises(DecodingError) as refused:
        decode(bytes(payload), ["gzip"])
    assert refused.value.prefix == PAGE


def test_an_unknown_coding_is_named() -> None:
    with pytest.raises(DecodingError, match="'sdch'"):
        decode(b"x", ["sdch"])


def test_no_bytes_are_no_fault_in_any_coding() -> None:
    assert [decode(b"", [coding]) for coding in ENCODERS] == [b""] * len(ENCODERS)


BOMB = b"\0" * (64 * 1024 * 1024)
#: 16 KB that stand for half a gigabyte of zeros: blocks of one repeated byte (RFC 8878, 3.1.1.2.2).
ZSTD_BOMB = b"\x28\xb5\x2f\xfd\x04\x58" + b"\x02\x00\x10\x00" * 4000 + b"\x03\x00\x10\x00"


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "gzip,gzip", "br,gzip"])
def test_a_bomb_is_decoded_no_further_than_its_limit(coding: str) -> None:
    codings = coding.split(",")
    payload = BOMB
    for name in codings:
        payload = ENCODERS[name](payload)
    most = 1024 * 1024
    tracemalloc.start()
    with pytest.raises(ContentTooLarge, match="of more than 1048576 bytes") as refused:
        decode(payload, codings, most)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < len(refused.value.prefix) < 20 * most
    assert peak < 50 * most
    assert decode(payload, codings, len(BOMB)) == BOMB


def test_a_zstd_frame_of_few_bytes_and_gigabytes_ends_at_the_limit() -> None:
    with pytest.raises(ContentTooLarge) as refused:
        decode(ZSTD_BOMB, ["zstd"], 1024 * 1024)
    assert len(refused.value.prefix) < 32 * 1024 * 1024


def test_a_zstd_frame_that_asks_for_much_memory_is_refused() -> None:
    long = zstandard.ZstdCompressionParameters(window_log=28)
    stream = zstandard.ZstdCompressor(compression_params=long).compressobj()
    with pytest.raises(DecodingError, match="memory"):
        decode(stream.compress(PAGE) + stream.flush(), ["zstd"])
