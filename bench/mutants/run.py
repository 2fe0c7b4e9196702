"""Runs the tests of a mutant, each in a process of its own, forked from one that has imported all libraries.

What is imported before the fork are libraries alone: each process imports the project's modules anew, from a copy of
the tree in which one module is mutated.
"""

import importlib
import os
import resource
import signal
import sys
import traceback
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import hypothesis
import pytest

from bench.mutants.durations import PLUGINS
from bench.mutants.sample import Mutant

_LIBRARIES = (
    *PLUGINS,
    *("htmldate", "lxml.html", "sqlalchemy.dialects.sqlite", "trafilatura", "warcio", "web_poet", "cryptography.x509"),
    *("dateparser", "psycopg", "scrapy.http", "alembic.command", "trafilatura.core", "hypothesis.strategies"),
)
#: Seconds of CPU and of wall time after which a mutant counts as killed; its tests took `test_map.ALL` at most.
_CPU, _WALL = 60, 900
#: pytest's exit status where no test was left, as after a mutant of what tests are named for.
_NO_TESTS = 5
#: The exit status of a process that did not come as far as pytest.
_BROKEN = 99
_MEMORY = 8 * 1024**3


@dataclass(frozen=True, slots=True)
class Result:
    """`by` is the test that failed, `time` where a limit ended the tests, `import` where no test could begin, `no test`
    where none executes the line; empty for a survivor."""

    mutant: Mutant
    by: str

    @property
    def survived(self) -> bool:
        return self.by in ("", "no test")


class _Selection:
    """A plugin of pytest: runs these tests alone, and notes the one that fails. The order is theirs, but for tests of
    one file, which stay together: what they share is set up once.
    """

    def __init__(self, tests: Sequence[str], note: Path) -> None:
        self._place = {name: place for place, name in enumerate(tests)}
        self._file_place = {name.partition("::")[0]: place for name, place in reversed(self._place.items())}
        self._note = note

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        chosen = [item for item in items if item.nodeid in self._place]
        items[:] = sorted(
            chosen, key=lambda item: (self._file_place[item.nodeid.partition("::")[0]], self._place[item.nodeid])
        )

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._note.write_text(report.nodeid, encoding="utf-8")


def results(work: Iterable[tuple[Mutant, str, Sequence[str]]], copies: Sequence[Path]) -> Iterator[Result]:
    """For each mutant, its source and its tests what came of them; as many at a time as there are copies."""
    for name in _LIBRARIES:
        with suppress(ImportError):
            importlib.import_module(name)
    hypothesis.settings.load_profile("mutants")
    free, busy = list(copies), dict[int, tuple[Path, Mutant, str]]()
    for mutant, source, tests in work:
        if not tests:
            yield Result(mutant, "no test")
            continue
        if not free:
            yield _ended(busy, free)
        copy = free.pop()
        original = (copy / mutant.module).read_text(encoding="utf-8")
        (copy / mutant.module).write_text(source, encoding="utf-8")
        (copy / "failed").unlink(missing_ok=True)
        if not (child := os.fork()):
            try:
                status = _run(copy, tests)
            except BaseException:
                traceback.print_exc()
                os._exit(_BROKEN)
            os._exit(status)
        busy[child] = copy, mutant, original
    while busy:
        yield _ended(busy, free)


def _ended(busy: dict[int, tuple[Path, Mutant, str]], free: list[Path]) -> Result:
    child, status = os.wait()
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)  # what its tests have left running
    copy, mutant, original = busy.pop(child)
    (copy / mutant.module).write_text(original, encoding="utf-8")
    free.append(copy)
    failed = copy / "failed"
    if not status:
        return Result(mutant, "")
    if os.WIFSIGNALED(status):
        return Result(mutant, "time")
    if os.WEXITSTATUS(status) == _BROKEN:
        raise RuntimeError((copy / "output").read_text(encoding="utf-8"))
    if os.WEXITSTATUS(status) == _NO_TESTS:
        return Result(mutant, "no test")
    return Result(mutant, failed.read_text(encoding="utf-8") if failed.exists() else "import")


def _run(copy: Path, tests: Sequence[str]) -> int:
    """pytest's exit status; the process is good for nothing else afterwards."""
    os.setsid()
    os.chdir(copy)
    sys.path.insert(0, str(copy))
    os.environ["PYTHONPATH"] = str(copy)
    os.environ["PYTHONDONTWRITEBYTECODE"] = os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    sys.dont_write_bytecode = True
    for name in [name for name in sys.modules if name.partition(".")[0] == "bench"]:
        del sys.modules[name]
    output = os.open(copy / "output", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(output, 1)
    os.dup2(output, 2)
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU, _CPU + 5))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    signal.alarm(_WALL)
    files = sorted({test.partition("::")[0] for test in tests})
    words = ["-x", "-W", "ignore::pytest.PytestAssertRewriteWarning", "-p", "no:cacheprovider", "--tb=short"]
    words += [*chain.from_iterable(("-p", name) for name in PLUGINS), *files]
    return int(pytest.main(words, plugins=[_Selection(tests, copy / "failed")]))
