"""Lines sorted in little memory, and found again."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.warc.index import external_sort as sorted_lines
from storage.warc.index.external_sort import ExternalSorter, lines_from, merge_sorted

LINES = st.lists(st.text("abc ", max_size=6).map(lambda text: text.encode() + b"\n"), max_size=60)


@given(LINES, st.integers(1, 200))
def test_lines_come_back_sorted_and_once_whatever_memory_there_is(lines: list[bytes], held: int) -> None:
    with ExternalSorter(held) as sorter:
        for line in lines:
            sorter.add(line)
        assert list(sorter.sorted()) == sorted(set(lines))


def test_many_runs_are_merged_into_few() -> None:
    with ExternalSorter(memory_limit=1) as sorter:
        for number in range(1000):
            sorter.add(b"%04d\n" % (number * 7919 % 1000))
            assert len(sorter._runs) < sorted_lines.FAN_IN
        assert list(sorter.sorted()) == [b"%04d\n" % number for number in range(1000)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LINES, st.text("abc ", max_size=4).map(str.encode))
def test_a_search_begins_at_the_first_line_not_before_the_prefix(
    tmp_path: Path, lines: list[bytes], prefix: bytes
) -> None:
    path = tmp_path / "sorted"
    path.write_bytes(b"".join(sorted(lines)))
    assert list(lines_from(path, prefix)) == [line for line in sorted(lines) if line >= prefix]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(LINES, max_size=4))
def test_sorted_files_are_read_as_one(tmp_path: Path, files: list[list[bytes]]) -> None:
    paths = [tmp_path / str(number) for number in range(len(files))]
    for path, lines in zip(paths, files, strict=True):
        path.write_bytes(b"".join(sorted(lines)))
    assert list(merge_sorted(paths)) == sorted({line for lines in files for line in lines})
