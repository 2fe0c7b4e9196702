"""Crawls pages of the open sets by their addresses, each the only page of its host, and compares each row with what
`emeroteca extract` says of the file.

    python -m bench.hosts [--pages 150]

Exit status 1 where a crawl crashed or a row differs. Prints one line for each such page, then the counts.
"""

import argparse
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from bench.open_sets import Case, load

#: What a collection knows of a row and a file does not.
_OF_COLLECTION = frozenset({"site"})


class _OnePageEach(BaseHTTPRequestHandler):
    """A proxy before hosts of one page each: all else on them is 404."""

    pages: Mapping[str, bytes]

    def do_GET(self) -> None:
        page = self.pages.get(self.path)
        body = b"<h1>Not found</h1>" if page is None else page
        self.send_response(404 if page is None else 200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def served(pages: Mapping[str, bytes]) -> Iterator[dict[str, str]]:
    """The variables of a client that meets the hosts of these absolute http URLs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Hosts", (_OnePageEach,), {"pages": pages}))
    Thread(target=server.serve_forever, daemon=True).start()
    proxy = f"http://127.0.0.1:{server.server_port}"
    try:
        yield {"http_proxy": proxy, "https_proxy": proxy, "no_proxy": ""}
    finally:
        server.shutdown()
        server.server_close()


def one_of_each_host(cases: Sequence[Case], count: int) -> list[Case]:
    """Pages of different hosts, spread over the sets; as many as there are, at most `count`."""
    by_host: dict[str, Case] = {}
    for case in cases:
        parts = urlsplit(case.url)
        if parts.scheme in {"http", "https"} and parts.hostname and parts.port is None:
            by_host.setdefault(parts.hostname.removeprefix("www."), case)
    found = list(by_host.values())
    step = max(1, len(found) // count)
    return found[::step][:count]


def compare(case: Case, url: str, folder: Path, environment: Mapping[str, str]) -> str:
    """`equal`, `refused` where neither reads an article, or what differs."""
    file = folder / "page.html"
    file.write_bytes(case.html)
    read = _emeroteca("extract", str(file), "--url", url, home=folder / "none", environment=environment)
    home = folder / case.set / case.name
    crawl = _emeroteca("crawl", url, "--delay", "0", home=home, environment=environment)
    if "Traceback" in crawl.stderr or crawl.returncode not in (0, 1, 3):
        return f"crashed: {crawl.stderr.strip()[-300:]}"
    rows = _emeroteca("export", home=home, environment=environment).stdout.splitlines() if home.is_dir() else []
    wanted = json.loads(read.stdout) if read.returncode == 0 and read.stdout.strip() else None
    if wanted is None or not rows:
        both = wanted is None and not rows
        return "refused" if both else f"only {'the crawl' if rows else 'extract'} has it: {crawl.stderr.strip()[-300:]}"
    row = json.loads(rows[0])
    differing = [name for name in wanted if name not in _OF_COLLECTION and row.get(name) != wanted[name]]
    more = f"{len(rows)} rows " if len(rows) > 1 else ""
    return f"{more}differs in {', '.join(differing)}" if differing or more else "equal"


def _emeroteca(*words: str, home: Path, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("EMEROTECA_")}
    return subprocess.run(
        [sys.executable, "-m", "crawler.cli", "--home", str(home), *words],
        env={**clean, "EMEROTECA_CONTACT": "bench@emeroteca.example", **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=150)
    cases = one_of_each_host(load(), parser.parse_args().pages)
    by_url = {case.url.replace("https://", "http://", 1).partition("#")[0]: case for case in cases}
    counts: Counter[str] = Counter()
    with TemporaryDirectory() as folder, served({url: case.html for url, case in by_url.items()}) as environment:
        for url, case in by_url.items():
            said = compare(case, url, Path(folder), environment)
            counts[said if said in {"equal", "refused"} else "different"] += 1
            if said not in {"equal", "refused"}:
                print(f"{case.set}/{case.name} {url}: {said}", flush=True)
    print(f"{sum(counts.values())} hosts: " + ", ".join(f"{count} {said}" for said, count in sorted(counts.items())))
    return 1 if counts["different"] else 0


if __name__ == "__main__":
    sys.exit(main())
