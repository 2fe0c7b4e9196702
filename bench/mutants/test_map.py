"""Which tests notice a change of a line: one run of the tests under coverage, with a context for each test."""

import ast
import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from coverage import CoverageData

from bench.mutants.durations import PLUGINS

#: Seconds of CPU of the longest test that is asked about a mutant, and of all tests that one mutant runs.
LONGEST, ALL = 3.0, 20.0


class TestMap:
    """The tests of lines: those of the module's own test file first, then those of its folder, quickest first.

    seconds: of CPU, by the tests' node ids.
    """

    __test__ = False

    def __init__(self, data: CoverageData, seconds: dict[str, float], root: Path) -> None:
        self._data, self._seconds, self._root = data, seconds, root
        self._files = sorted(data.measured_files())
        self._alike: dict[str, set[str]] = defaultdict(set)
        for test in seconds:
            self._alike[test.partition("::")[0]].add(test)
            self._alike[test.partition("[")[0]].add(test)

    def tests(self, module: str, line: int) -> list[str]:
        """Node ids of the tests that execute the statement; where none does, or it is executed on import, those of the
        function, or else of the module.

        With a test its others for other parameters: they may share a result. With one that executes the line in its
        set-up all of its file, which share the fixture.
        """
        [path] = [path for path in self._files if path.endswith(f"/{module}")] or [""]
        tests_by_line = self._data.contexts_by_lineno(path)
        for lines in _ranges((self._root / module).read_text(encoding="utf-8"), line):
            contexts = {context for number in lines for context in tests_by_line.get(number, ())}
            if found := list(self._nearest(contexts, module)):
                return found
        return []

    def _nearest(self, contexts: Iterable[str], module: str) -> Iterator[str]:
        names = [context.rpartition("|") for context in contexts]
        groups = {test.partition("[" if phase == "run" else "::")[0] for test, _, phase in names}
        tests = {test for group in groups for test in self._alike[group]}
        folder, _, name = module.rpartition("/")
        own = (f"tests/{folder}/test_{name}::", f"tests/{folder}/")
        total = 0.0
        for test in sorted(
            tests, key=lambda test: (*(not test.startswith(one) for one in own), self._seconds[test], test)
        ):
            if self._seconds[test] <= LONGEST:
                total += self._seconds[test]
                if total > ALL:
                    return
                yield test


def _ranges(code: str, line: int) -> Iterator[range]:
    """The statement of the line, the line, its functions from the inside, the module."""
    around = [
        node
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or 0)
    ]
    yield from (range(node.lineno, (node.end_lineno or 0) + 1) for node in around if not hasattr(node, "body"))
    yield range(line, line + 1)
    functions = [node for node in around if isinstance(node, ast.FunctionDef)]
    yield from (range(node.body[0].lineno, (node.end_lineno or 0) + 1) for node in reversed(functions))
    yield range(1, code.count("\n") + 2)


def mapped(tests: Iterable[str], sources: Iterable[str], root: Path, folder: Path, jobs: int) -> TestMap:
    """Runs `tests` in `root`, unless `folder` has the data of an earlier run. A test that fails is not asked about
    mutants, nor is one on Postgres: most are there a second time on SQLite, where they take a fifth of the time.
    """
    data, durations = folder / "coverage", folder / "durations.json"
    if not durations.exists():
        plugins = ["bench.mutants.durations", "pytest_cov", "xdist", *PLUGINS, "no:cacheprovider"]
        command = [sys.executable, "-m", "pytest", *chain.from_iterable(("-p", name) for name in plugins)]
        command += ["-m", "not slow", "-k", "not postgres", "--numprocesses", str(jobs if jobs > 1 else 0)]
        command += ["--cov-context=test", "--cov-report=", *(f"--cov={one}" for one in sources)]
        own = {"PYTHONPATH": str(root), "COVERAGE_FILE": str(data), "MUTANTS_DURATIONS": str(durations)}
        own |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        subprocess.run([*command, *tests], cwd=root, env={**os.environ, **own}, check=False)
    read = CoverageData(str(data))
    read.read()
    return TestMap(read, json.loads(durations.read_text(encoding="utf-8")), root)
