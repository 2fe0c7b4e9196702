"""Sealed files: on the manifest, in the index, found again."""

import hashlib
import random
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.warc.http.capture import CaptureRef
from storage.warc.http.exchange import Exchange
from storage.warc.index import cdxj_store as index_module
from storage.warc.index.cdxj import CdxjEntry, entries_in
from storage.warc.index.file_registry import WarcFileRegistry
from storage.warc.read.reader import read_captures, read_record
from storage.warc.write.writer import WarcWriter

Exchanges = Callable[..., Exchange]
Writers = Callable[..., WarcWriter]
START = datetime(2022, 2, 14, 14, 21, tzinfo=UTC)


@pytest.fixture
def registry(tmp_path: Path) -> WarcFileRegistry:
    return WarcFileRegistry(tmp_path, tmp_path / "index")


def written(open_writer: Writers, exchange: Exchanges, *urls: str, minute: int = 0) -> Path:
    """A sealed file with a capture of each URL, a minute apart."""
    with open_writer() as writer:
        for number, url in enumerate(urls):
            started_at = START + timedelta(minutes=minute + number)
            ref = writer.write(exchange(f"pagina {url} {minute}".encode(), url=url, started_at=started_at))
    return writer.folder / ref.file


def test_a_sealed_file_is_on_the_manifest_that_sha256sum_reads(
    registry: WarcFileRegistry, exchange: Exchanges, open_writer: Writers
) -> None:
    path = written(open_writer, exchange, "https://a.it/1")
    assert registry.unregistered_files() == [path]
    kept = registry.register(path)
    assert registry.unregistered_files() == []
    assert kept.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (kept.name, kept.size) == (path.name, path.stat().st_size)
    checked = subprocess.run(["sha256sum", "--check", registry.manifest.path], cwd=path.parent, check=True, text=True)
    assert checked.returncode == 0


def test_the_first_digest_of_a_file_stands(
    registry: WarcFileRegistry, exchange: Exchanges, open_writer: Writers
) -> None:
    path = written(open_writer, exchange, "https://a.it/1")
    first = registry.register(path)
    path.write_bytes(path.read_bytes() + b"\0")
    assert registry.register(path).sha256 == first.sha256
    assert registry.manifest.digests() == {path.name: first.sha256}


@pytest.mark.parametrize("cut", [1, 10, 70])
def test_a_manifest_cut_by_a_kill_is_mended(
    registry: WarcFileRegistry, exchange: Exchanges, open_writer: Writers, cut: int
) -> None:
    paths = [written(open_writer, exchange, f"https://a.it/{number}") for number in range(3)]
    kept = [registry.register(path) for path in paths]
    registry.manifest.path.write_bytes(registry.manifest.path.read_bytes()[:-cut])
    assert registry.unregistered_files() == [paths[2]]
    registry.register(paths[2])
    assert registry.manifest.digests() == {one.name: one.sha256 for one in kept}
    assert len(registry.manifest.path.read_text().splitlines()) == 3


def test_captures_are_found_by_url_and_time(
    registry: WarcFileRegistry, exchange: Exchanges, open_writer: Writers
) -> None:
    for minute in (10, 0, 20):
        registry.register(written(open_writer, exchange, "https://a.it/uno", "https://a.it/due", minute=minute))
    found = registry.index.lookup("http://www.A.it/uno/")
    assert [entry.captured_at for entry in found] == [START + timedelta(minutes=minute) for minute in (0, 10, 20)]
    assert registry.index.lookup("https://a.it/un") == registry.index.lookup("https://b.it/") == []
    [only] = registry.index.lookup("https://a.it/due", START + timedelta(minutes=11))
    record = read_record(registry.warc, CaptureRef(only.file, only.offset, only.length, _id_at(registry, only)))
    assert b"pagina https://a.it/due 10" in bytes(record.block)
    assert record.length == only.length


def _id_at(registry: WarcFileRegistry, entry: CdxjEntry) -> str:
    captures = read_captures(registry.warc / entry.file)
    return next(capture.ref.record_id for capture in captures if capture.ref.offset == entry.offset)


def test_a_payload_is_found_for_the_digest_a_revisit_names(
    registry: WarcFileRegistry, exchange: Exchanges, open_writer: Writers
) -> None:
    registry.register(written(open_writer, exchange, "https://a.it/uno", minute=0))
    registry.register(written(open_writer, exchange, "https://a.it/uno", minute=5))
    old, new = registry.index.lookup("https://a.it/uno")
    assert registry.index.find_payload_record("https://a.it/uno", old.digest) == old
    assert registry.index.find_payload_record("https://a.it/uno", old.digest, START) == old
    assert registry.index.find_payload_record("https://a.it/uno", new.digest, START) is None


def test_many_files_become_few_and_nothing_is_lost(
    registry: WarcFileRegistry, exchange: Exchanges, open_writer: Writers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_module, "SMALLEST", 2000)
    every = []
    for number in range(40):
        path = written(open_writer, exchange, *(f"https://a.it/{number * 7 % 40}/{part}" for part in range(3)))
        registry.register(path)
        every += [entry.line() for entry in entries_in(path)]
        assert len(registry.index.files()) < 3 * index_module.MERGE_WIDTH
    assert list(registry.index.lines()) == sorted(every)
    chosen = random.Random(1).sample(range(40), 5)
    assert all(len(registry.index.lookup(f"https://a.it/{number}/1")) == 1 for number in chosen)


def test_a_lost_index_is_made_again(registry: WarcFileRegistry, exchange: Exchanges, open_writer: Writers) -> None:
    paths = [written(open_writer, exchange, f"https://a.it/{number}") for number in range(3)]
    for path in paths:
        registry.register(path)
    before = list(registry.index.lines())
    for file in registry.index.files():
        file.unlink()
    assert registry.unregistered_files() == sorted(paths)
    assert registry.rebuild_index() == 3
    assert list(registry.index.lines()) == before
    assert registry.rebuild_index() == 3
    assert registry.unregistered_files() == []


def test_a_spoilt_line_is_passed_over_and_goes_when_the_index_is_made_again(
    registry: WarcFileRegistry, exchange: Exchanges, open_writer: Writers
) -> None:
    path = written(open_writer, exchange, "https://a.it/1", "https://a.it/2")
    registry.register(path)
    [file] = registry.index.files()
    first, second = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(first[:90] + b"\xff\n" + second)
    assert registry.index.lookup("https://a.it/1") == []
    assert [entry.url for entry in registry.index.lookup("https://a.it/2")] == ["https://a.it/2"]
    registry.replace_files({"another.warc.gz": None})
    assert registry.rebuild_index() == 2
    assert [entry.url for entry in registry.index.lookup("https://a.it/1")] == ["https://a.it/1"]
