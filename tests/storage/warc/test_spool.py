"""Few bytes in memory, many in a temporary file, and nobody sees the difference."""

import resource
import signal
from mmap import mmap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.exceptions import WriteFailed
from storage.warc.spool import Spool, pieces


@given(st.lists(st.binary(max_size=50), max_size=10), st.integers(0, 200))
def test_what_goes_in_comes_out(parts: list[bytes], limit: int) -> None:
    spool = Spool(limit)
    for part in parts:
        spool.write(part)
    whole = b"".join(parts)
    octets = spool.octets()
    assert (len(spool), bytes(octets)) == (len(whole), whole)
    assert isinstance(octets, mmap) == (len(whole) > limit)
    assert b"".join(bytes(piece) for piece in pieces(octets, 3, 20)) == whole[3:20]


def test_a_full_temporary_folder_is_a_failed_write() -> None:
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    spool = Spool(limit=10)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
        with pytest.raises(WriteFailed, match="cannot spool"):
            spool.write(bytes(5000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
