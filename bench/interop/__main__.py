"""Checks a collection with other implementations: `make interop`.

    python -m bench.interop --tools .tools

Crawls the newsstand twice into a collection, and checks it with independent programs in environments of their own:
warcio (records, digests), cdxj-indexer (the index), surt (keys), wacz (packages), pywb and Chromium (replay in a
browser; screenshots of whole pages against the site's own). Prints one line per check and exits with 1 after a
difference. A check that cannot run here is skipped, with the reason.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from bench.interop.index import same_index, same_keys
from bench.interop.packages import same_wacz, wacz_validate
from bench.interop.records import same_records, warcio_check
from bench.interop.replay import PER_KIND, replayed
from bench.interop.results import Results
from bench.interop.sample_collection import crawled
from bench.interop.tools import installed_tools
from bench.interop.whole_pages import whole_pages


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.interop")
    parser.add_argument("--tools", type=Path, default=Path(".tools"))
    parser.add_argument("--articles", type=int, default=20)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--keep", type=Path, help="a folder for collection, package and screenshots")
    options = parser.parse_args()
    os.environ["EMEROTECA_TOOLS"] = str(options.tools.absolute())
    tools = installed_tools(options.tools.absolute())
    results = Results()
    with tempfile.TemporaryDirectory(prefix="emeroteca-interop-") as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        collection = crawled(folder / "archive", options.articles, options.seed, again=2 * PER_KIND)
        results.run("warcio check", lambda: warcio_check(tools, collection))
        results.run("warcio's records", lambda: same_records(tools, collection))
        results.run("cdxj-indexer", lambda: same_index(tools, collection))
        results.run("surt", lambda: same_keys(tools))
        results.run("wacz validate", lambda: wacz_validate(tools, collection, folder))
        results.run("wacz create", lambda: same_wacz(tools, collection, folder))
        results.run("pywb in a browser", lambda: replayed(collection, folder))
        results.run("whole pages", lambda: whole_pages(folder))
    return 1 if results.has_disagreement else 0


if __name__ == "__main__":
    sys.exit(main())
