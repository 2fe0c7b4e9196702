"""Mutation testing of extraction, revisions and the WARC writer: `make mutants`.

    python -m bench.mutants [--seed 1] [--mutants 400] [--component NAME] [--jobs 2] [--map FOLDER] [--output FILE]

Takes a seeded sample of the mutants that cosmic-ray makes of a component's modules, runs for each the quick tests that
execute its line, until one fails, and prints the part that was killed, and every survivor as a difference. A mutant
whose tests do not end counts as killed. Some runs without a mutant are among them: a test that fails there is
unreliable, and the figures are void. Exit status 1 where less than 85 of 100 are killed in a component.
"""

import argparse
import difflib
import json
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import chain
from pathlib import Path

from bench.mutants.run import Result, results
from bench.mutants.sample import Mutant, first_valid, sample
from bench.mutants.scope import COMPONENTS, Component
from bench.mutants.test_map import TestMap, mapped
from bench.tree_copy import ROOT, copy_tree

#: Parts of a component's mutants that have to be killed.
FLOOR = 0.85
#: Runs without a mutant, for each component.
CONTROLS = 2
_NO_MUTATION = "none"
#: Third-party pages, which not each machine has.
SHARED = ROOT.parent / "shared"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench.mutants")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mutants", type=int, default=sum(one.mutants for one in COMPONENTS), help="of all components")
    parser.add_argument("--component", action="append", choices=[one.name for one in COMPONENTS])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--map", type=Path, help="a folder that keeps which tests execute which lines, for later runs")
    parser.add_argument("--output", type=Path, help="a file for each mutant's outcome as a line of JSON")
    options = parser.parse_args(arguments)
    chosen = [one for one in COMPONENTS if not options.component or one.name in options.component]
    passed = True
    with tempfile.TemporaryDirectory(prefix="emeroteca-mutants-") as temporary:
        folder = Path(temporary)
        original, *copies = [folder / name for name in ("original", *map(str, range(options.jobs)))]
        copy_tree(original)
        (folder / SHARED.name).symlink_to(SHARED)  # where the tests of real pages look for them, beside the tree
        sources = ("crawler.extraction", "storage.corpus", "storage.warc")
        wanted = sorted({test for one in chosen for test in one.tests})
        (options.map or folder).mkdir(parents=True, exist_ok=True)
        tests = mapped(wanted, sources, original, (options.map or folder).absolute(), options.jobs)
        for copy in copies:
            shutil.copytree(original, copy)
        for component in chosen:
            size = round(options.mutants * component.mutants / sum(one.mutants for one in COMPONENTS))
            found = list(_tested(component, options.seed, size, tests, original, copies))
            passed &= _reported(component, found, original)
            if options.output:
                with options.output.open("a", encoding="utf-8") as file:
                    file.writelines(json.dumps({**asdict(one.mutant), "by": one.by}) + "\n" for one in found)
    return 0 if passed else 1


def _tested(
    component: Component, seed: int, size: int, tests: TestMap, original: Path, copies: Sequence[Path]
) -> Iterator[Result]:
    places = sample(component, original, seed, size)
    controls = [
        Mutant(one.module, _NO_MUTATION, 0, one.line) for one, *_ in random.Random(seed).sample(places, CONTROLS)
    ]
    unchanged = [(one, (original / one.module).read_text(encoding="utf-8")) for one in controls]
    mutants = filter(None, (first_valid(place, original) for place in places))
    work = ((one, source, tests.tests(one.module, one.line)) for one, source in chain(unchanged, mutants))
    for number, result in enumerate(results(work, copies), 1):
        print(f"{component.name} {number}/{len(places) + len(controls)} {_line(result)}", file=sys.stderr, flush=True)
        yield result


def _line(result: Result) -> str:
    place = f"{result.mutant.module}:{result.mutant.line} {result.mutant.operator.removeprefix('core/')}"
    return f"{place}: {f'killed by {result.by}' if not result.survived else result.by or 'survived'}"


def _reported(component: Component, found: Sequence[Result], root: Path) -> bool:
    """Prints the component's figures and survivors; whether they are above the floor."""
    controls = [one for one in found if one.mutant.operator == _NO_MUTATION]
    unreliable = [one for one in controls if one.by not in ("", "no test")]
    mutants = [one for one in found if one not in controls]
    survivors = [one for one in mutants if one.survived]
    killed = 1 - len(survivors) / len(mutants)
    ended = sum(one.by == "time" for one in mutants)
    print(f"\n{component.name}: {killed:.1%} of {len(mutants)} mutants killed ({ended} by a limit)")
    for one in unreliable:
        print(f"unreliable, fails without a mutant: {one.by}")
    for one in sorted(survivors, key=lambda result: (result.mutant.module, result.mutant.line)):
        print(f"\n{_line(one)}\n{_difference(one.mutant, root)}")
    return killed >= FLOOR and not unreliable


def _difference(mutant: Mutant, root: Path) -> str:
    before = (root / mutant.module).read_text(encoding="utf-8").splitlines()
    lines = list(difflib.unified_diff(before, mutant.source(root).splitlines(), lineterm="", n=0))[2:]
    return "\n".join(line for line in lines if not line.startswith("@@"))


if __name__ == "__main__":
    sys.exit(main())
