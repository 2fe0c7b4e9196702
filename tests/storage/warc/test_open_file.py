"""A WARC file under construction: whole appends only, sealed by rename."""

import errno
import os
from pathlib import Path

import pytest

from storage.exceptions import WriteFailed
from storage.warc.durable_files import locked
from storage.warc.open_file import OPEN_SUFFIX, OpenFile, sync_open_file


def test_a_file_is_locked_and_named_open_until_it_is_sealed(tmp_path: Path) -> None:
    file = OpenFile(tmp_path, "a.warc.gz")
    assert [file.append(b"one"), file.append(b"three"), file.size] == [0, 3, 8]
    with pytest.raises(BlockingIOError), locked(file.path, wait=False):
        pass
    sync_open_file(tmp_path, "a.warc.gz")
    assert file.seal() == tmp_path / "a.warc.gz"
    assert (tmp_path / "a.warc.gz").read_bytes() == b"onethree"
    sync_open_file(tmp_path, "a.warc.gz")  # sealed meanwhile
    assert not list(tmp_path.glob("*" + OPEN_SUFFIX))


def test_a_failed_append_is_rolled_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = OpenFile(tmp_path, "a.warc.gz")
    file.append(b"one")
    write = os.write

    def half_a_write(fd: int, data: memoryview) -> int:
        if len(data) < 4:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(fd, data[: len(data) // 2])

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", half_a_write)
        with pytest.raises(WriteFailed, match="cannot write a capture of 5 bytes: No space left"):
            file.append(b"three")
    assert (file.append(b"two"), file.path.read_bytes()) == (3, b"onetwo")
    file.discard()
    assert not list(tmp_path.iterdir())


def test_a_file_that_cannot_be_rolled_back_takes_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = OpenFile(tmp_path, "a.warc.gz")

    def fail(*_: object) -> int:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", fail)
        patch.setattr(os, "ftruncate", fail)
        with pytest.raises(WriteFailed):
            file.append(b"one")
    with pytest.raises(WriteFailed, match="an earlier write could not be taken back"):
        file.append(b"two")
    file.discard()
