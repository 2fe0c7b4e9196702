"""The payload index at any size: insertions and lookups per second, memory, bytes on disk.

python -m bench.payloads --millions 10
"""

import argparse
import json
import random
import resource
import tempfile
import time
from base64 import b32encode
from datetime import UTC, datetime
from hashlib import sha1
from pathlib import Path

from storage.warc.read.payload_index import IndexedCapture, PayloadIndex, RecordLocation

BATCH = 1000
LOOKUPS = 10_000


def indexed_capture(number: int) -> IndexedCapture:
    """The index entry of a capture with a unique digest, in one of many files."""
    digest = "sha1:" + b32encode(sha1(b"%d" % number, usedforsecurity=False).digest()).decode("ascii")
    return IndexedCapture(
        RecordLocation(f"bench-{number // 50_000:05}.warc.gz", number % 50_000 * 20_000), datetime.now(UTC), digest
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--millions", type=float, default=10)
    total = int(parser.parse_args().millions * 1_000_000)
    rng = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "payloads.db"
        index = PayloadIndex(path)
        began, mark = time.perf_counter(), max(BATCH, total // 10 // BATCH * BATCH)
        for first in range(0, total, BATCH):
            index.put([indexed_capture(number) for number in range(first, first + BATCH)])
            if (first + BATCH) % mark == 0:
                known, looked = first + BATCH, time.perf_counter()
                found = sum(
                    bool(index.locations(indexed_capture(rng.randrange(known)).digest or "")) for _ in range(LOOKUPS)
                )
                took = time.perf_counter() - looked
                assert found == LOOKUPS
                report = {
                    "digests": known,
                    "puts/s": round(known / (looked - began)),
                    "lookups/s": round(LOOKUPS / took),
                    "peak MB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000),
                    "file MB": round(path.stat().st_size / 1e6),
                }
                began += took
                print(json.dumps(report), flush=True)
        index.close()


if __name__ == "__main__":
    main()
