"""The list of a month's files of CC-NEWS."""

import gzip
from pathlib import Path

import pytest

from crawler.archives.news_files import files_of_month
from storage.exceptions import UnreadableList

PATHS = "crawl-data/CC-NEWS/2022/02/CC-NEWS-20220201-00001.warc.gz\n"


def listed(folder: Path, content: bytes) -> list[str]:
    path = folder / "crawl-data/CC-NEWS/2022/02/warc.paths.gz"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    return files_of_month(str(folder), "2022/02")


@pytest.mark.parametrize("pack", [gzip.compress, bytes])
def test_files_are_named_by_their_place(tmp_path: Path, pack: type[bytes]) -> None:
    assert listed(tmp_path, pack(PATHS.encode())) == [f"{tmp_path}/{PATHS.strip()}"]
    assert files_of_month(str(tmp_path), "2022/03") == []


@pytest.mark.parametrize("content", [gzip.compress(PATHS.encode() * 99999), gzip.compress(PATHS.encode())[:-5]])
def test_a_list_that_is_a_bomb_or_damaged_is_told(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UnreadableList, match=r"warc\.paths\.gz cannot be read"):
        listed(tmp_path, content)
