"""Takes each guard against hostile input away, and looks whether its test fails then.

    python -m bench.guards [--only WORDS] [--table]

In a copy of the tree; every test has to pass there before any guard is taken away. Prints a line a guard; exit status 1
where a test passes without its guard. A test that does not end within five minutes, or within its memory, has failed.
--table prints the table of docs/security.md instead.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.guards.table import GUARDS, Guard, table
from bench.tree_copy import copy_tree

SECONDS = 300
MEMORY = 8 * 1024**3
#: pytest's exit status where tests have failed; another one says that they could not be run.
_FAILED = 1


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench.guards")
    parser.add_argument("--only", default="", help="guards whose threat, module or test has these words")
    parser.add_argument("--table", action="store_true", help="print the table of docs/security.md")
    options = parser.parse_args(arguments)
    if options.table:
        print(*table(), sep="\n")
        return 0
    chosen = [one for one in GUARDS if options.only in " ".join(one)]
    with tempfile.TemporaryDirectory(prefix="emeroteca-guards-") as folder:
        copy = Path(folder)
        copy_tree(copy)
        for test in dict.fromkeys(one.test for one in chosen):
            if _status(copy, test):
                print(f"fails with its guard: {test}", flush=True)
                return 1
        useless = [one for one in chosen if not _fails_without(one, copy)]
    print(f"{len(chosen)} guards taken away, {len(useless)} without a test that fails")
    return 1 if useless else 0


def _fails_without(guard: Guard, copy: Path) -> bool:
    module = copy / guard.module
    source = module.read_text(encoding="utf-8")
    assert source.count(guard.old) == 1, guard
    module.write_text(source.replace(guard.old, guard.new), encoding="utf-8")
    try:
        status = _status(copy, guard.test)
    finally:
        module.write_text(source, encoding="utf-8")
    said = {0: "PASSES", _FAILED: "fails", None: "does not end"}.get(status, f"cannot be run ({status})")
    print(f"{guard.threat}: {guard.module}: {said} without: {guard.test}", flush=True)
    return status in (_FAILED, None)


def _status(copy: Path, test: str) -> int | None:
    """pytest's exit status; None where it took too long."""
    environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    words = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "--numprocesses", "0", test]
    with subprocess.Popen(
        words,
        cwd=copy,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)),
    ) as process:
        try:
            return process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            return None


if __name__ == "__main__":
    sys.exit(main())
