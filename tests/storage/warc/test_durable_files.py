"""Atomic replacement, locks, and the errors of a disk."""

import errno
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.exceptions import WriteFailed
from storage.warc.durable_files import locked, replace_file, sync_path, write_errors


def test_a_file_is_replaced_and_its_folder_made(tmp_path: Path) -> None:
    path = tmp_path / "index" / "a.cdxj"
    replace_file(path, [b"one\n"])
    replace_file(path, [b"two\n", b"three\n"])
    sync_path(path)
    assert path.read_bytes() == b"two\nthree\n"
    assert list(path.parent.iterdir()) == [path]


def test_a_failed_replacement_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.cdxj"
    path.write_bytes(b"old\n")

    def parts() -> Iterator[bytes]:
        yield b"new\n"
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(WriteFailed, match="cannot write: No space left on device") as failed:
        replace_file(path, parts())
    assert (failed.value.errno, failed.value.filename) == (errno.ENOSPC, str(path))
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (b"old\n", [path])


def test_an_interrupted_replacement_leaves_nothing(tmp_path: Path) -> None:
    def parts() -> Iterator[bytes]:
        yield b"new\n"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        replace_file(tmp_path / "a.cdxj", parts())
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_goes_with_the_next_replacement(tmp_path: Path) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    left, others = tmp_path / f"a.cdxj.{ended.pid}.tmp", {tmp_path / "a.cdxj.1.tmp", tmp_path / "a.cdxj.old.tmp"}
    for path in (left, *others):
        path.write_bytes(b"half")
    replace_file(tmp_path / "a.cdxj", [b"whole\n"])
    assert set(tmp_path.iterdir()) == {tmp_path / "a.cdxj", *others}


def test_a_lock_is_exclusive_and_ends_with_its_block(tmp_path: Path) -> None:
    path = tmp_path / "site.lock"
    with locked(path, os.O_RDWR | os.O_CREAT), pytest.raises(BlockingIOError), locked(path, wait=False):
        pass
    with locked(path, wait=False) as fd:
        assert os.fstat(fd).st_size == 0


def test_a_write_error_is_reported_once(tmp_path: Path) -> None:
    outer, inner = write_errors("cannot recover", tmp_path), write_errors("cannot seal", tmp_path / "a")
    with pytest.raises(WriteFailed, match="cannot seal: full"), outer, inner:
        raise OSError(errno.ENOSPC, "full")
