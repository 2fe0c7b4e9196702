"""Flips one byte of a collection at a time: `emeroteca verify` names the record each time.

    python -m bench.flipped_bytes [--positions 2000] [--seed 1] [--commands 40] [--jobs 2] [--keep DIR]

The collection has some hundred captures of both sites, crawled from a newsstand: responses, revisits of both kinds,
requests, metadata, conversions of a text import. Positions are drawn over all bytes of its WARC files; half of them
change in one bit, the others to any other byte. Each is verified as `emeroteca verify` does it, so many by that
command too. Then the same for a tenth as many positions of each other kind of file: index, manifest, checksums of
records, and a WACZ of the collection; of these some fault must be reported. Prints how many were; exit status 1, and a
line each, where one was not.
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass, field
from io import StringIO
from multiprocessing import get_context
from pathlib import Path
from typing import IO

from bench.interop.sample_collection import crawled
from crawler.operations.verify_collection import verify_collection, verify_paths
from storage.collection import Collection
from storage.warc.fixity.verifier import Fault, FixityReport, Verifier
from storage.warc.index.checksums import FOLDER
from storage.warc.read.record import records_in

#: Articles a site, of which so many are requested again twice.
ARTICLES, AGAIN = 14, 3
TEXT = "Ada Rossi, che non esiste, ha contato le barche del porto di Almina. Erano dodici, come ogni martedì.\n"


@dataclass(frozen=True, slots=True)
class Flip:
    """A byte of a file, and the bits of it that change."""

    file: Path
    at: int
    bits: int

    @contextmanager
    def done(self) -> Iterator[None]:
        """With the byte changed; afterwards it is as before."""
        with self.file.open("r+b", buffering=0) as file:
            self._change(file)
            try:
                yield
            finally:
                self._change(file)

    def _change(self, file: IO[bytes]) -> None:
        fd = file.fileno()
        [byte] = os.pread(fd, 1, self.at)
        os.pwrite(fd, bytes([byte ^ self.bits]), self.at)

    def __str__(self) -> str:
        return f"{self.file} byte {self.at} xor {self.bits:#04x}"


@dataclass(slots=True)
class Outcome:
    """named: changes whose record or file verify named; missed: the others; kinds: of the faults, by flips."""

    named: int = 0
    missed: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)

    def add(self, flip: Flip, faults: Sequence[Fault], *, is_named: bool) -> None:
        self.named += is_named
        self.kinds.update({fault.kind for fault in faults})
        if not is_named:
            self.missed.append(f"{flip}: {'; '.join(map(str, faults)) or 'nothing found'}")

    def merge(self, other: "Outcome") -> None:
        self.named += other.named
        self.missed += other.missed
        self.kinds += other.kinds


def flips(files: Sequence[Path], count: int, seed: int) -> list[Flip]:
    """So many bytes of all files, each as likely as any other, in the order of files and bytes."""
    chance = random.Random(seed)
    sizes = [file.stat().st_size for file in files]
    found = []
    for number in range(count):
        file, at = _place(files, sizes, chance.randrange(sum(sizes)))
        found.append(Flip(file, at, 1 << chance.randrange(8) if number % 2 else chance.randrange(1, 256)))
    return sorted(found, key=lambda flip: (flip.file, flip.at))


def _place(files: Sequence[Path], sizes: Sequence[int], at: int) -> tuple[Path, int]:
    for file, size in zip(files, sizes, strict=True):
        if at < size:
            return file, at
        at -= size
    raise IndexError(at)


def record_at(offsets: Sequence[int], at: int) -> int:
    """The offset of the record that has the byte."""
    return offsets[bisect_right(offsets, at) - 1]


def offsets_of(file: Path) -> list[int]:
    """Where the records of a file begin."""
    with file.open("rb") as stream:
        return [record.offset for record in records_in(stream)]


def check_records(home: Path, chosen: Sequence[Flip]) -> Outcome:
    """Change each of these bytes of WARC files, and verify the file. home: of the collection."""
    outcome, registry = Outcome(), Collection(home).registry()
    digests = registry.manifest.digests()
    offsets = {file: offsets_of(file) for file in {flip.file for flip in chosen}}
    for flip in chosen:
        report = FixityReport()
        with flip.done(), Verifier(report) as verifier:
            verifier.verify_file(flip.file, flip.file.name, digests[flip.file.name], registry.checksums)
        place = (flip.file.name, record_at(offsets[flip.file], flip.at))
        is_named = place in {(fault.file, fault.offset) for fault in report.faults}
        outcome.add(flip, report.faults, is_named=is_named)
    return outcome


def check_files(verify: Callable[[], FixityReport], chosen: Sequence[Flip]) -> Outcome:
    """Change each of these bytes of other files, and verify: something is found."""
    outcome = Outcome()
    for flip in chosen:
        with flip.done(), redirect_stderr(StringIO()):
            report = verify()
        outcome.add(flip, report.faults, is_named=bool(report.faults))
    return outcome


def check_commands(home: Path, chosen: Sequence[Flip]) -> Outcome:
    """The same as `check_records` by the command."""
    outcome = Outcome()
    offsets = {file: offsets_of(file) for file in {flip.file for flip in chosen}}
    for flip in chosen:
        with flip.done():
            ended = subprocess.run(_command(home, "verify"), capture_output=True, text=True, check=False)
        place = f"{flip.file.name} at {record_at(offsets[flip.file], flip.at)}: "
        is_named = ended.returncode == 1 and any(line.startswith(place) for line in ended.stdout.splitlines())
        outcome.add(flip, [Fault(flip.file.name, None, "command", ended.stdout[-500:])], is_named=is_named)
    return outcome


def _command(home: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "crawler.cli", "--home", str(home), *words]


def make_collection(home: Path) -> Collection:
    """A collection of some hundred captures, beside it a package of it; verify finds nothing wrong. Raises
    CalledProcessError, RuntimeError."""
    collection = crawled(home, ARTICLES, seed=3, again=AGAIN)
    text = home.parent / "porto.txt"
    text.write_text(TEXT * 9, encoding="utf-8")
    words = ("import", "text", str(text), "--url", "https://alanews.it/cronaca/porto/", "--captured-at", "2024-01-01")
    for command in (words, ("package", "--output", str(home.parent / "all.wacz")), ("verify",)):
        ended = subprocess.run(_command(home, *command), stdout=subprocess.PIPE, text=True, check=False)
        if ended.returncode and command is not words:  # its one text is no article, which is said
            raise RuntimeError(f"{' '.join(command)}: {ended.stdout}")
    return collection


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--positions", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--commands", type=int, default=40, help="positions that the command verifies too")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="make the collection here, and leave it")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="flipped-") as scratch:
        folder = options.keep or Path(scratch)
        collection = Collection(folder / "home")
        if not collection.exists():
            folder.mkdir(parents=True, exist_ok=True)
            make_collection(collection.home)
        outcomes = dict(_outcomes(collection, folder, Path(scratch), options))
    for what, outcome in outcomes.items():
        kinds = ", ".join(f"{kind} {count}" for kind, count in outcome.kinds.most_common())
        print(f"{what}: {outcome.named} named of {outcome.named + len(outcome.missed)}; {kinds}")
    missed = [line for outcome in outcomes.values() for line in outcome.missed]
    print(*missed, sep="\n", end="\n" if missed else "")
    return 1 if missed else 0


def _outcomes(
    collection: Collection, folder: Path, scratch: Path, options: argparse.Namespace
) -> Iterator[tuple[str, Outcome]]:
    files, home = collection.registry().sealed_files(), collection.home
    counts = Counter(kind for file in files for kind in _types(file))
    shown = ", ".join(f"{count} {kind}" for kind, count in counts.most_common())
    print(f"{len(files)} WARC files of {sum(file.stat().st_size for file in files)} bytes: {shown}", flush=True)
    yield "WARC files", _in_processes(home, flips(files, options.positions, options.seed), scratch, options.jobs)
    yield "the same by the command", check_commands(home, flips(files, options.commands, options.seed + 1))
    fewer = options.positions // 10
    others = {
        "index": collection.registry().index.files(),
        "manifest": [collection.registry().manifest.path],
        "checksums": sorted((collection.warc / FOLDER).iterdir()),
    }
    for kind, paths in others.items():
        yield kind, check_files(lambda: verify_collection(collection, None, 0, ()), flips(paths, fewer, options.seed))
    package = folder / "all.wacz"
    yield "WACZ", check_files(lambda: verify_paths([package]), flips([package], fewer, options.seed))


def _types(file: Path) -> list[str]:
    with file.open("rb") as stream:
        return [record.record_type for record in records_in(stream)]


def _in_processes(home: Path, chosen: Sequence[Flip], scratch: Path, jobs: int) -> Outcome:
    """`check_records`, each process on a copy of the collection."""
    outcome = Outcome()
    with ProcessPoolExecutor(jobs, mp_context=get_context("fork")) as pool:
        futures = []
        for number in range(jobs):
            copy = scratch / f"copy-{number}"
            shutil.copytree(home, copy)
            part = [Flip(copy / flip.file.relative_to(home), flip.at, flip.bits) for flip in chosen[number::jobs]]
            futures.append(pool.submit(check_records, copy, part))
        for future in futures:
            outcome.merge(future.result())
    return outcome


if __name__ == "__main__":
    sys.exit(main())
