"""The manifest of sealed files."""

import hashlib
import subprocess
import threading
from pathlib import Path

import pytest

from storage.exceptions import WriteFailed
from storage.warc.index.manifest import Manifest, exclusive_lock, sha256_of


def test_the_first_digest_stands_and_sha256sum_agrees(tmp_path: Path) -> None:
    manifest = Manifest(tmp_path)
    assert manifest.digests() == {}
    for name in ("a b.warc.gz", "c.warc.gz"):
        (tmp_path / name).write_bytes(name.encode())
        assert manifest.add(name, sha256_of(tmp_path / name)) == hashlib.sha256(name.encode()).hexdigest()
    assert manifest.add("c.warc.gz", "0" * 64) == sha256_of(tmp_path / "c.warc.gz")
    subprocess.run(["sha256sum", "--check", "--quiet", manifest.path], cwd=tmp_path, check=True)


def test_a_last_line_that_was_cut_off_is_dropped(tmp_path: Path) -> None:
    manifest = Manifest(tmp_path)
    manifest.add("a.warc.gz", "a" * 64)
    manifest.add("b.warc.gz", "b" * 64)
    manifest.path.write_bytes(manifest.path.read_bytes()[:-1])
    assert manifest.digests() == {"a.warc.gz": "a" * 64}
    manifest.add("c.warc.gz", "c" * 64)
    assert manifest.path.read_text() == f"{'a' * 64}  a.warc.gz\n{'c' * 64}  c.warc.gz\n"


def test_the_lock_is_exclusive_among_threads(tmp_path: Path) -> None:
    entered = threading.Event()

    def enter() -> None:
        with exclusive_lock(tmp_path / "index"):
            entered.set()

    thread = threading.Thread(target=enter)
    with exclusive_lock(tmp_path / "index"):
        thread.start()
        assert not entered.wait(0.05)
    thread.join(60)
    assert entered.is_set()


def test_a_folder_that_cannot_be_made_is_reported(tmp_path: Path) -> None:
    (tmp_path / "index").write_bytes(b"")
    with pytest.raises(WriteFailed, match="cannot be opened"), exclusive_lock(tmp_path / "index"):
        pass
