"""Kills rebuilds with SIGKILL at random moments, runs them again to their end, and compares the corpora.

    python -m bench.rebuild_kills --kills 50 [--jobs 2] [--cluster]

Each corpus is rebuilt from the same WARC files, with repeated kills until a run ends by itself, and its export is
compared with that of an undisturbed rebuild. With --cluster the two workers of a Dask cluster on loopback are killed
and replaced instead; the rebuild continues, and is run again if it ends with lost work. Prints a line per corpus, and
exits with 1 where one differs.
"""

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from bench.rebuild_pages import newsstand_pages, write_warc

#: Number of WARC files.
FILES = 20
#: Seconds after which a rebuild counts as hung.
LONGEST = 300


def run(home: Path, *words: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "crawler.cli", "--home", str(home), *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def export(home: Path) -> bytes:
    return run(home, "export").communicate(timeout=LONGEST)[0]


def killed(home: Path, words: tuple[str, ...], draw: random.Random, length: float, most: int) -> int:
    """Runs a rebuild to its end, with at most `most` kills. Returns the number of kills."""
    kills = 0
    while True:
        child = run(home, *words)
        try:
            child.communicate(timeout=draw.uniform(0.3, length * 1.1) if kills < most else LONGEST)
            return kills
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
            child.communicate()
            kills += 1


class LocalCluster:
    """A Dask scheduler and two workers on loopback; a killed worker is replaced."""

    def __init__(self, folder: Path, closing: ExitStack) -> None:
        self._log, self._closing = closing.enter_context((folder / "cluster.log").open("wb")), closing
        note = folder / "scheduler.json"
        self._begun("distributed.cli.dask_scheduler", "--port", "0", "--scheduler-file", str(note))
        while not (note.exists() and note.read_text().strip().endswith("}")):
            time.sleep(0.1)
        self.address: str = json.loads(note.read_text())["address"]
        self._workers = [self._worker() for _ in range(2)]

    def _worker(self) -> "subprocess.Popen[bytes]":
        return self._begun("distributed.cli.dask_worker", self.address, "--no-nanny", "--nthreads", "1")

    def _begun(self, module: str, *words: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", module, "--no-dashboard", "--host", "127.0.0.1", *words]
        process = subprocess.Popen(command, stdout=self._log, stderr=self._log)
        self._closing.callback(process.wait)
        self._closing.callback(process.kill)
        return process

    def kill_one(self, draw: random.Random) -> None:
        one = draw.randrange(len(self._workers))
        self._workers[one].kill()
        self._workers[one] = self._worker()


def workers_killed(cluster: LocalCluster, home: Path, words: tuple[str, ...], draw: random.Random, most: int) -> int:
    """The same with kills of the workers instead of the rebuild."""
    kills = 0
    while True:
        child, until = run(home, *words, "--cluster", cluster.address), time.monotonic() + LONGEST
        while child.poll() is None and time.monotonic() < until:
            time.sleep(draw.uniform(2, 8))
            if kills < most and child.poll() is None:
                cluster.kill_one(draw)
                kills += 1
        if child.poll() is None:
            child.kill()
            raise SystemExit("the rebuild hangs")
        child.communicate()
        if child.returncode == 0:
            return kills


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--articles", type=int, default=200, help="a site")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--cluster", action="store_true", help="kill workers of a Dask cluster")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    draw = random.Random(asked.seed)
    kills = corpora = differ = 0
    with tempfile.TemporaryDirectory() as name, ExitStack() as closing:
        folder = Path(name)
        pages = list(newsstand_pages(asked.articles, asked.seed))
        for number in range(FILES):
            write_warc(folder / "warc" / str(number), iter(pages[number::FILES]), software="emeroteca/bench")
        words: tuple[str, ...] = ("rebuild", str(folder / "warc"))
        began = time.monotonic()
        run(folder / "calm", *words, "--jobs", "2").communicate(timeout=LONGEST)
        length, calm = time.monotonic() - began, export(folder / "calm")
        print(f"undisturbed: {length:.1f} s, {len(calm.splitlines())} articles", flush=True)
        if asked.cluster:
            cluster = LocalCluster(folder, closing)
        while kills < asked.kills:
            home, most = folder / str(corpora), asked.kills - kills
            if asked.cluster:
                times = workers_killed(cluster, home, words, draw, most)
            else:
                times = killed(home, (*words, "--jobs", str(asked.jobs)), draw, length, most)
            same = export(home) == calm
            kills, corpora, differ = kills + times, corpora + 1, differ + (not same)
            print(f"{kills} kills: a corpus after {times}, {'the same' if same else 'another'}", flush=True)
    print(f"{kills} kills, {corpora} corpora, {differ} differ", flush=True)
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
