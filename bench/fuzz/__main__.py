"""Fuzz run of extraction, of the readers of archives, and of those of texts, dates, URLs and lists.

python -m bench.fuzz [--pages 8000] [--archives 6000] [--texts 6000] [--seed 0] [--first 0] [--jobs 2] [--no-extreme]

Prints counts of what came of the inputs, the slowest and the most memory, after Ctrl-C those of the inputs so far; exit
status 1 after faults, with a line per fault, the command that gives its input again, and the folder in which the input
is saved. An input depends on its
fuzzer, `--seed` and its number alone: `--first 7 --archives 1` is the archive with the number 7.
"""

import argparse
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from bench.fuzz.archives import ARCHIVES
from bench.fuzz.bounds import Fuzzer, InputName, Report, run
from bench.fuzz.extreme_pages import extreme_pages
from bench.fuzz.pages import PAGES
from bench.fuzz.texts import TEXTS

FUZZERS = {"pages": PAGES, "archives": ARCHIVES, "texts": TEXTS}
DEFAULTS = {"pages": 8000, "archives": 6000, "texts": 6000}
#: Numbers of a seed.
SEED = 10_000_000


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    for name, count in DEFAULTS.items():
        parser.add_argument(f"--{name}", type=int, default=count)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--first", type=int, default=0, help="the number of the first input")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--no-extreme", action="store_true", help="without the pages of extreme size or depth")
    parser.add_argument("--keep", type=Path, help="the folder for inputs with faults; by default a new one")
    options = parser.parse_args()
    runs: list[tuple[Fuzzer, str, list[list[InputName]]]] = []
    for name, fuzzer in FUZZERS.items():
        begin = options.seed * SEED + options.first
        runs.append((fuzzer, name, [[*range(begin, begin + getattr(options, name))]]))
    if not options.no_extreme:  # each in a process of its own, whose memory is that of this page
        runs.append((PAGES, "extreme pages", [[name] for name in extreme_pages()]))
    total = Report()
    for fuzzer, what, batches in runs:
        if any(batches) and not total.is_ended:
            total.add(_report(fuzzer, what, batches, options))
    return 1 if total.faults or total.is_ended else 0


def _report(fuzzer: Fuzzer, what: str, batches: list[list[InputName]], options: argparse.Namespace) -> Report:
    start, report = time.monotonic(), Report()
    for names in batches:
        if not report.is_ended:
            report.add(run(fuzzer, names, min(options.jobs, len(names)), partial(_save, fuzzer, options)))
    slowest = ", ".join(f"{seconds:.2f} ({name})" for seconds, name in report.slowest)
    counts = ", ".join(f"{name} {count}" for name, count in report.outcomes.most_common())
    print(f"{report.outcomes.total()} {what} in {time.monotonic() - start:.0f} s: {counts}")
    print(f"  slowest, in seconds of CPU: {slowest}")
    print(f"  most memory: {report.memory // 1024} MB")
    print(f"  faults: {len(report.faults)}", flush=True)
    return report


def _save(fuzzer: Fuzzer, options: argparse.Namespace, name: InputName, fault: str) -> None:
    """Save an input, and print its fault at once: whoever ends the run knows it."""
    folder = options.keep = options.keep or Path(tempfile.mkdtemp(prefix="emeroteca-fuzz-"))
    folder.mkdir(parents=True, exist_ok=True)
    suffix, data = fuzzer.saved(fuzzer.make(name))
    path = folder / f"{fuzzer.name}-{str(name).replace('/', '_')[:60]}-{suffix}"
    path.write_bytes(data)
    print(f"{fuzzer.name} {name}: {fault}\n  saved as {path}", file=sys.stderr)
    if isinstance(name, int):
        none = " ".join(f"--{other} 0" for other in FUZZERS if other != fuzzer.name)
        again = f"{none} --{fuzzer.name} 1 --seed {name // SEED} --first {name % SEED}"
        print(f"  again: python -m bench.fuzz --no-extreme {again}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
