"""What is mutated, and the tests that have to notice it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Component:
    """`modules` are patterns of paths, without those that contain `without`; `mutants` is the size of a sample, in
    proportion to 400 for all.
    """

    name: str
    modules: tuple[str, ...]
    tests: tuple[str, ...]
    mutants: int
    without: str | None = None

    def paths(self, root: Path) -> Iterator[str]:
        """The modules, relative to `root`, in order."""
        for pattern in self.modules:
            paths = (path for path in sorted(root.glob(pattern)) if path.stat().st_size)
            yield from (
                str(path.relative_to(root)) for path in paths if not self.without or self.without not in path.name
            )


#: Tables that are fitted on data, by module and name: what holds them are the floors of `make eval`.
DATA = (("crawler/extraction/generic/selection.py", "WEIGHTS"),)

_WRITE = "storage/corpus/write"
COMPONENTS = (
    Component(
        "extraction",
        ("crawler/extraction/**/*.py",),
        ("tests/crawler/extraction",),
        200,
        without="explanation",  # what `extract --explain` shows
    ),
    Component(
        "revisions",
        (
            *(f"{_WRITE}/{name}.py" for name in ("batch", "capture_result", "change_feed", "extraction_results")),
            *(f"{_WRITE}/{name}.py" for name in ("identity", "prepared_article", "revision_rows", "revisions")),
            *(f"{_WRITE}/{name}.py" for name in ("store", "text_diff", "withholding")),
        ),
        (
            *(
                f"tests/storage/corpus/write/test_{name}.py"
                for name in ("change_feed", "order", "revisions", "store", "values")
            ),
            *("tests/storage/corpus/write/test_withholding.py", "tests/storage/corpus/read/test_queries.py"),
            "tests/storage/corpus/export/test_changes.py",
        ),
        100,
    ),
    Component(
        "WARC writer",
        ("storage/warc/write/*.py",),
        ("tests/storage/warc/write", "tests/storage/warc/read", "tests/storage/warc/test_open_file.py"),
        100,
    ),
)
