"""Do the field's own tools agree with us? `make interop`.

    python -m bench.interop --tools .tools

Crawls the newsstand twice into a collection, and has it judged by programs that we had no hand in, each in a tool
environment of its own: warcio (records, digests), cdxj-indexer (the index), surt (keys), wacz (packages), pywb and
Chromium (replay, seen in a browser). Prints a line a judgement and ends with 1 where one is against us. What cannot
run here is skipped, and says so.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from bench.interop.court import Court
from bench.interop.crawled import crawled
from bench.interop.index import same_index, same_keys
from bench.interop.packages import same_wacz, wacz_validate
from bench.interop.records import same_records, warcio_check
from bench.interop.replay import SEEN, replayed
from bench.interop.tools import judges_installed


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.interop")
    parser.add_argument("--tools", type=Path, default=Path(".tools"))
    parser.add_argument("--articles", type=int, default=20)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--keep", type=Path, help="a folder for collection, package and screenshots")
    given = parser.parse_args()
    os.environ["EMEROTECA_TOOLS"] = str(given.tools.absolute())
    judges = judges_installed(given.tools.absolute())
    court = Court()
    with tempfile.TemporaryDirectory(prefix="emeroteca-interop-") as temporary:
        folder = given.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        collection = crawled(folder / "archive", given.articles, given.seed, again=2 * SEEN)
        court.hear("warcio check", lambda: warcio_check(judges, collection))
        court.hear("warcio's records", lambda: same_records(judges, collection))
        court.hear("cdxj-indexer", lambda: same_index(judges, collection))
        court.hear("surt", lambda: same_keys(judges))
        court.hear("wacz validate", lambda: wacz_validate(judges, collection, folder))
        court.hear("wacz create", lambda: same_wacz(judges, collection, folder))
        court.hear("pywb in a browser", lambda: replayed(collection, folder))
    return 1 if court.is_against_us else 0


if __name__ == "__main__":
    sys.exit(main())
