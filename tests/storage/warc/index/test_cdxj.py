"""Lines of an index, right and wrong."""

from datetime import UTC, datetime

import pytest

from storage.warc.index.cdxj import CdxjEntry

LINE = b'example,paper)/ 20210306040353 {"url": "http://paper.example/", "filename": "a.warc.gz", "offset": "7"}\n'


def test_a_line_is_read_and_written_again() -> None:
    entry = CdxjEntry.parse(LINE)
    assert (entry.key, entry.file, entry.offset, entry.length) == ("example,paper)/", "a.warc.gz", 7, 0)
    assert entry.captured_at == datetime(2021, 3, 6, 4, 3, 53, tzinfo=UTC)
    assert entry.line() == LINE


@pytest.mark.parametrize("time", ["2021", "99999999999999", "20210230000000", "2021030604035", "a" * 14])
def test_a_line_without_a_time_is_none(time: str) -> None:
    line = LINE.replace(b"20210306040353", time.encode())
    assert CdxjEntry.of_record(line) is None
    with pytest.raises(ValueError):
        CdxjEntry.parse(line)


@pytest.mark.parametrize("offset", ["-1", "1e9", "9" * 19, "²", "", "x"])
def test_a_line_without_a_place_is_none(offset: str) -> None:
    assert CdxjEntry.of_record(LINE.replace(b'"7"', f'"{offset}"'.encode())) is None
