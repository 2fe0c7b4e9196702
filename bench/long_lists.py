"""Crawls a site with a long sitemap index by its address, with a limit, and measures requests, time and memory.

    python -m bench.long_lists [--maps 20] [--urls 50000] [--limit 5]

Prints a line for a dry run, one for a crawl, and one for the next crawl. Exit status 1 where a process took more than
MOST_MEMORY.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any, Final

#: Bytes of the largest process of a limited crawl.
MOST_MEMORY: Final = 256 * 1024 * 1024
_SPACE: Final = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_SENTENCE: Final = "The harbour choir number {number} sang on pier {step} until late in the evening, and many stayed."


@dataclass(slots=True)
class LongSite:
    """A site on loopback: robots.txt, an index of `maps` sitemaps of `urls` articles each. `asked`: its requests."""

    maps: int
    urls: int
    asked: list[str] = field(default_factory=list)
    origin: str = ""

    def answer(self, path: str) -> tuple[str, bytes] | None:
        """Content type and body; None: there is no such page."""
        name, _, number = path.strip("/").partition("-")
        if path == "/robots.txt":
            return "text/plain", f"User-agent: *\nSitemap: {self.origin}/sitemap.xml\n".encode()
        if path == "/sitemap.xml":
            maps = (f"<sitemap><loc>{self.origin}/map-{at}.xml</loc></sitemap>" for at in range(self.maps))
            return "application/xml", f"<sitemapindex {_SPACE}>{''.join(maps)}</sitemapindex>".encode()
        if name == "map":
            first = int(number.partition(".")[0]) * self.urls
            urls = (
                f"<url><loc>{self.origin}/2024/03/the-harbour-choir-sings-{at}</loc><lastmod>2024-03-04</lastmod></url>"
                for at in range(first, first + self.urls)
            )
            return "application/xml", f"<urlset {_SPACE}>{''.join(urls)}</urlset>".encode()
        if path.startswith("/2024/03/"):
            return "text/html; charset=utf-8", _article(int(path.rpartition("-")[2])).encode()
        return ("text/html", b"<html lang='en'><body><h1>Harbour</h1></body></html>") if path == "/" else None


def _article(number: int) -> str:
    text = "".join(f"<p>{_SENTENCE.format(number=number, step=step)}</p>" for step in range(8))
    head = "<head><meta property='og:type' content='article'></head>"
    return f"<html lang='en'>{head}<body><main><h1>The choir sings {number}</h1>{text}</main></body></html>"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: LongSite

    def do_GET(self) -> None:
        self.site.asked.append(self.path)
        kind, body = self.site.answer(self.path) or ("text/plain", b"")
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def served(maps: int, urls: int) -> Iterator[LongSite]:
    """The site, while it is served."""
    site = LongSite(maps, urls)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"site": site}))
    site.origin = f"http://127.0.0.1:{server.server_port}"
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


@dataclass(frozen=True, slots=True)
class Measured:
    """A command on the site. memory: bytes of its largest process; seconds of wall time."""

    status: int
    said: str
    lists: int
    articles: int
    memory: int
    seconds: float

    def line(self, name: str) -> str:
        """For the reader."""
        read = f"{self.lists} lists and {self.articles} articles requested"
        return f"{name}: {read}, {self.memory / 2**20:.0f} MB, {self.seconds:.1f} s, status {self.status}"


def measure(site: LongSite, home: Path, words: Sequence[str]) -> Measured:
    """Run a command of emeroteca."""
    before, began = len(site.asked), time.monotonic()
    clean = {name: value for name, value in os.environ.items() if not name.startswith("EMEROTECA_")}
    process = subprocess.Popen(
        [sys.executable, "-c", _MEASURED, "--home", str(home), *words],
        env=clean,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said = process.communicate(timeout=600)[0]
    text, _, memory = said.rpartition("\nmemory ")
    asked = site.asked[before:]
    return Measured(
        status=process.returncode,
        said=text,
        lists=sum(path.endswith(".xml") for path in asked),
        articles=sum(path.startswith("/2024/") for path in asked),
        memory=int(memory or 0) * 1024,
        seconds=time.monotonic() - began,
    )


#: Runs the command line, and says the largest process in KB: itself or a child.
_MEASURED: Final = """
import resource, sys
from crawler.cli.main import main
try:
    main()
finally:
    usage = (resource.getrusage(one).ru_maxrss for one in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(f"\\nmemory {max(usage)}", flush=True)
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--maps", type=int, default=20)
    parser.add_argument("--urls", type=int, default=50_000)
    parser.add_argument("--limit", type=int, default=5)
    options = parser.parse_args()
    with served(options.maps, options.urls) as site, TemporaryDirectory() as folder:
        limited = ("crawl", f"{site.origin}/", "--delay", "0", "--limit", str(options.limit))
        found = []
        for name, words in (("dry run", (*limited, "--dry-run")), ("crawl", limited), ("again", limited)):
            found.append(measure(site, Path(folder), words))
            print(found[-1].line(f"{name}, limit {options.limit}"), flush=True)
    return 1 if any(one.memory > MOST_MEMORY for one in found) else 0


if __name__ == "__main__":
    sys.exit(main())
