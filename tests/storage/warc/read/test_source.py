"""Where archives come from: paths, folders, globs, WACZ, files that are still written."""

import socket
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from storage.exceptions import SourceNotFound
from storage.warc.read.source import Source, archive_files, find_sources, is_remote, open_archive, open_source


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "b.arc.gz").write_bytes(b"bb")
    (tmp_path / "a.warc.gz").write_bytes(b"a")
    (tmp_path / "c.warc.gz.open").write_bytes(b"ccc")
    (tmp_path / "notes.txt").write_bytes(b"no archive")
    with zipfile.ZipFile(tmp_path / "d.wacz", "w") as wacz:
        wacz.writestr("archive/data.warc.gz", b"dddd")
        wacz.writestr("pages/pages.jsonl", b"{}")
    return tmp_path


def test_archives_of_a_folder_are_found_inside_packages_too(folder: Path) -> None:
    data = folder / "d.wacz" / "archive" / "data.warc.gz"
    assert archive_files(folder) == [folder / "a.warc.gz", data, folder / "inner" / "b.arc.gz"]
    with open_archive(data) as file:
        assert (file.read(), file.seek(1), file.read()) == (b"dddd", 1, b"ddd")


def test_a_sealed_name_opens_a_file_that_is_still_written(folder: Path) -> None:
    with open_archive(folder / "c.warc.gz") as file:
        assert file.read() == b"ccc"
    with pytest.raises(FileNotFoundError), open_archive(folder / "e.warc.gz"):
        pass


def test_each_source_is_listed_once_with_its_size(folder: Path) -> None:
    found = list(find_sources([str(folder / "*.wacz"), str(folder), str(folder / "a.warc.gz")]))
    assert found == [
        Source("d.wacz/archive/data.warc.gz", str(folder / "d.wacz/archive/data.warc.gz"), 4),
        Source("a.warc.gz", str(folder / "a.warc.gz"), 1),
        Source("b.arc.gz", str(folder / "inner/b.arc.gz"), 2),
    ]
    for source in found:
        assert not is_remote(source.place)
        with open_source(source.place) as file:
            assert len(file.read()) == source.size
    with pytest.raises(SourceNotFound, match=r"there is no file .*nothing\.warc"):
        list(find_sources([str(folder / "nothing.warc")]))


def test_a_url_needs_no_local_file() -> None:
    pytest.importorskip("fsspec")
    import fsspec

    memory = fsspec.filesystem("memory")
    memory.pipe("/archives/a.warc.gz", b"12345")
    memory.pipe("/archives/notes.txt", b"no archive")
    try:
        [source] = find_sources(["memory://archives"])
        assert (source.name, source.size, is_remote(source.place)) == ("a.warc.gz", 5, True)
        with open_source(source.place) as file:
            assert file.read() == b"12345"
    finally:
        memory.rm("/archives", recursive=True)


def test_a_server_that_does_not_answer_is_not_a_file_that_is_not_there() -> None:
    pytest.importorskip("aiohttp")
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(ConnectionError, match="Connect"), open_source(f"http://127.0.0.1:{port}/a.warc.gz"):
        pass


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="handles are counted in /proc")
def test_too_few_file_handles_for_a_url_are_told() -> None:
    pytest.importorskip("aiohttp")
    ended = subprocess.run([sys.executable, "-c", FEW_HANDLES], capture_output=True, text=True, check=False)
    assert ended.stderr.endswith("OSError: [Errno 24] Too many open files\n")
    assert "Exception ignored" not in ended.stderr


FEW_HANDLES = """
import fsspec.implementations.http, os, resource
from storage.warc.read.source import open_source

resource.setrlimit(resource.RLIMIT_NOFILE, (max(map(int, os.listdir("/proc/self/fd"))) + 2, 4096))
with open_source("http://127.0.0.1:9/a.warc.gz"):
    pass
"""


def test_entries_whose_names_lead_out_of_a_wacz_are_told_and_not_read(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    names = ["archive/a.warc", "../fuori.warc", "archive/../../fuori.warc", "/etc/fuori.warc", "archive/b\x1b[2J.warc"]
    with zipfile.ZipFile(tmp_path / "a.wacz", "w") as package:
        for name in names:
            package.writestr(name, b"")
    assert [source.name for source in find_sources([str(tmp_path / "a.wacz")])] == ["a.wacz/archive/a.warc"]
    assert caplog.text.count("its name leads out of the package") == 4
    assert "\x1b" not in caplog.text
