"""Rebuilds that are killed with SIGKILL at random moments and run again, until the corpus is that of one left alone.

    python -m bench.rebuild_kills --kills 50 [--jobs 2]

Each corpus is rebuilt from the same WARC file, killed again and again until a run comes to its end, and its export
compared with that of an undisturbed rebuild. Prints a line a corpus, and ends with 1 where one differs.
"""

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.rebuild_pages import newsstand_pages, write_warc

#: Seconds after which a rebuild counts as hung.
LONGEST = 300


def run(home: Path, *words: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "crawler.cli", "--home", str(home), *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def export(home: Path) -> bytes:
    return run(home, "export").communicate(timeout=LONGEST)[0]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--articles", type=int, default=200, help="a site")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    draw = random.Random(asked.seed)
    kills = corpora = differ = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        warc = write_warc(folder / "warc", newsstand_pages(asked.articles, asked.seed), software="emeroteca/bench")
        words = ("rebuild", str(warc), "--jobs", str(asked.jobs))
        began = time.monotonic()
        run(folder / "calm", *words).communicate(timeout=LONGEST)
        length, calm = time.monotonic() - began, export(folder / "calm")
        print(f"undisturbed: {length:.1f} s, {len(calm.splitlines())} articles", flush=True)
        while kills < asked.kills:
            home, before = folder / str(corpora), kills
            while True:
                child = run(home, *words)
                try:
                    child.communicate(timeout=draw.uniform(0.3, length * 1.1) if kills < asked.kills else LONGEST)
                    break
                except subprocess.TimeoutExpired:
                    child.send_signal(signal.SIGKILL)
                    child.communicate()
                    kills += 1
            same = export(home) == calm
            corpora, differ = corpora + 1, differ + (not same)
            print(f"{kills} kills: a corpus after {kills - before}, {'the same' if same else 'another'}", flush=True)
    print(f"{kills} kills, {corpora} corpora, {differ} differ", flush=True)
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
