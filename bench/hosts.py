"""Crawls pages by their addresses, each the only page of its host, and compares each row with what `emeroteca extract`
says of the file.

    python -m bench.hosts [--pages 150] [--jobs 2] [--seconds 1200] [--folder FOLDER]

The pages are those of the open sets, of different hosts, or the HTML files below a folder, each on an invented host.

Exit status 1 where a crawl crashed, a row differs or the time was too short. Prints one line for each such page, then
the counts. The commands run in processes that are forked from one that has imported them: the start of Python and the
imports are half of the time that the crawl of a single page takes.
"""

import argparse
import importlib
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing import connection, get_context
from multiprocessing.context import ForkProcess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from urllib.parse import urlsplit

from bench.open_sets import Case, load
from crawler.urls import web_url

#: What a collection knows of a row and a file does not.
_OF_COLLECTION = frozenset({"site"})
#: What the commands import late.
_IMPORTED: Final = ("crawl", "extract", "export")
_LATE: Final = (
    *("crawler.any_spider", "crawler.crawl.session", "crawler.fetching.downloader", "crawler.capture.download_handler"),
    *("crawler.spider_loader", "crawler.extraction.extract", "scrapy.crawler", "storage.corpus.export.export"),
)
#: Seconds that a page may take.
_LONGEST: Final = 180.0
_FORK = get_context("fork")


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
    """The variables of a client that meets the hosts of these absolute http URLs, in a process of their own."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Hosts", (_OnePageEach,), {"pages": pages}))
    process = _FORK.Process(target=server.serve_forever, daemon=True)
    process.start()
    server.server_close()
    proxy = f"http://127.0.0.1:{server.server_port}"
    try:
        yield {"http_proxy": proxy, "https_proxy": proxy, "no_proxy": ""}
    finally:
        process.terminate()
        process.join()


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


def pages_of_open_sets(count: int) -> dict[str, bytes]:
    """Pages by their addresses, on http, since the proxy that serves them knows no TLS."""
    return {_address(case.url): case.html for case in one_of_each_host(load(), count)}


def _address(url: str) -> str:
    return web_url(url.replace("https://", "http://", 1).partition("#")[0])


def pages_of_folder(folder: Path, count: int) -> dict[str, bytes]:
    """The HTML files below a folder by addresses on invented hosts."""
    files = sorted(folder.rglob("*.html"))[:count]
    return {f"http://www.paper-{at}.example/{file.parent.name}": file.read_bytes() for at, file in enumerate(files)}


def import_commands() -> None:
    """Import what the commands need, for the processes that are forked from this one."""
    for name in _IMPORTED:
        importlib.import_module(f"crawler.cli.{name}")
    for module in _LATE:
        importlib.import_module(module)


@contextmanager
def environment_of(proxies: Mapping[str, str]) -> Iterator[None]:
    """These variables and a contact in place of a user's."""
    before = dict(os.environ)
    clean = {name: value for name, value in before.items() if not name.startswith("EMEROTECA_")}
    os.environ.clear()
    os.environ.update({**clean, "EMEROTECA_CONTACT": "bench@emeroteca.example", **proxies})
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def read_and_crawl(html: bytes, url: str, folder: Path) -> None:
    """In a process of its own: extract the file, crawl the address, export the rows; into files of the folder."""
    page = folder / "page.html"
    page.write_bytes(html)
    _emeroteca(folder, "extract", str(page), "--url", url)
    _emeroteca(folder, "crawl", url, "--delay", "0")
    if (folder / "archive").is_dir():
        _emeroteca(folder, "export")


def _emeroteca(folder: Path, name: str, *words: str) -> None:
    """Run a command as `emeroteca` does; its output, its messages and its exit status into NAME.out, .err, .status."""
    from crawler.cli.main import main as emeroteca

    for number, kind in ((1, "out"), (2, "err")):
        file = os.open(folder / f"{name}.{kind}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(file, number)
        os.close(file)
    sys.argv = ["emeroteca", "--home", str(folder / "archive"), name, *words]
    status: object = 0
    try:
        emeroteca()
    except SystemExit as ended:
        status = ended.code
    finally:
        sys.stdout.flush()
    (folder / f"{name}.status").write_text(str(status or 0))


def compare(folder: Path) -> str:
    """`equal`, `refused` where neither reads an article, or what differs: of what `read_and_crawl` left."""
    said = _read(folder / "crawl.err").strip()
    if "Traceback" in said or _read(folder / "crawl.status") not in {"0", "1", "3"}:
        return f"crashed: {said[-300:]}"
    selected = _read(folder / "extract.out").strip() if _read(folder / "extract.status") == "0" else ""
    rows = _read(folder / "export.out").splitlines()
    if not selected or not rows:
        both = not selected and not rows
        return "refused" if both else f"only {'the crawl' if rows else 'extract'} has it: {said[-300:]}"
    article, row = json.loads(selected), json.loads(rows[0])
    differing = [name for name in article if name not in _OF_COLLECTION and row.get(name) != article[name]]
    problems = [f"{len(rows)} rows"] if len(rows) > 1 else []
    problems += [f"differs in {', '.join(differing)}"] if differing else []
    return ", ".join(problems) or "equal"


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


def compare_all(pages: Mapping[str, bytes], folder: Path, *, jobs: int, seconds: float) -> Iterator[tuple[str, str]]:
    """URLs and what `compare` says of them, as they end; `late` for those that there was no time for."""
    end, at_work = time.monotonic() + seconds, dict[ForkProcess, tuple[str, Path, float]]()
    todo = list(enumerate(pages.items()))
    while todo or at_work:
        while todo and len(at_work) < jobs and time.monotonic() < end:
            number, (url, html) = todo.pop(0)
            home = folder / str(number)
            home.mkdir()
            process = _FORK.Process(target=read_and_crawl, args=(html, url, home))
            process.start()
            at_work[process] = url, home, min(end, time.monotonic() + _LONGEST)
        connection.wait([process.sentinel for process in at_work], timeout=1)
        for process, (url, home, until) in list(at_work.items()):
            is_late = process.is_alive() and time.monotonic() > until
            if is_late:
                process.terminate()
            if is_late or not process.is_alive():
                process.join()
                del at_work[process]
                yield url, "late" if is_late else compare(home)
        if time.monotonic() >= end:
            yield from ((url, "late") for _, (url, _) in todo)
            todo.clear()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=150)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=1200)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    folder_of_pages: Path | None = options.folder
    pages = pages_of_folder(folder_of_pages, options.pages) if folder_of_pages else pages_of_open_sets(options.pages)
    counts: Counter[str] = Counter()
    began = time.monotonic()
    with (
        TemporaryDirectory() as folder,
        served(pages) as proxies,
        environment_of(proxies),
    ):
        import_commands()
        for url, said in compare_all(pages, Path(folder), jobs=options.jobs, seconds=options.seconds):
            counts[said if said in {"equal", "refused"} else "different"] += 1
            if said not in {"equal", "refused"}:
                print(f"{url}: {said}", flush=True)
    said = ", ".join(f"{count} {what}" for what, count in sorted(counts.items()))
    print(f"{sum(counts.values())} hosts in {time.monotonic() - began:.0f} s: {said}")
    return 1 if counts["different"] else 0


if __name__ == "__main__":
    sys.exit(main())
