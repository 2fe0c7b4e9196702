"""Cost of capture: Scrapy with its own handler and Scrapy with the wire tap, in one run on one machine.

    python -m bench.capture                       ratios for gzip and plain pages of 35 KB (3 minutes)
    python -m bench.capture --memory 100000       memory during that many small captures
    python -m bench.capture --others              compared with `wget --warc-file` and scrapy-webarchive, if present

A server process answers every URL with a different page. The contenders, each in a process of its own, alternate in
rounds of the same number of pages, after a warm-up round. Figures are medians of the rounds, ratios are medians of the
ratios within a round, so that load of the machine affects all contenders. CPU is that of the crawl process alone.

bare: Scrapy with its defaults. frozen: Scrapy after `gc.freeze()`, which the tap calls; the ratio to it is the cost of
capture alone. tap: ours. scrapy-webarchive: in another Python, with its older Scrapy also bare (pip install
scrapy-webarchive 'twisted<25' 'w3lib<2.2'); the time for its WACZ, made after the crawl, is excluded. wget: one page
after the other.
"""

import argparse
import asyncio
import gc
import gzip
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

PAGE_BYTES = 35_000
SMALL_BYTES = 600
POOL = 64
SPEED, CPU = "pages/s", "cpu ms/page"
PEER = "scrapy_webarchive.extensions.WaczExporter"


def pages(kind: str) -> list[bytes]:
    """Responses; the eight bytes `########` in each are replaced by a different number for every request."""
    rng = random.Random(1)
    words = ["".join(rng.choices("aeioulnrstcdpm", k=rng.randint(2, 11))) for _ in range(4000)]
    found = []
    for _ in range(POOL):
        size = SMALL_BYTES if kind == "small" else PAGE_BYTES
        text = "<html><!--########--><body>"
        while len(text) < size:
            text += f"<p class='testo'>{' '.join(rng.choices(words, k=60))}.</p>\n"
        body, coding = text.encode(), b""
        if kind == "gzip":
            # a second, empty member with a name: decodes to nothing, and makes each payload another
            name = b"\x1f\x8b\x08\x08\0\0\0\0\0\xff########\0" + gzip.compress(b"")[10:]
            body, coding = gzip.compress(body, 6) + name, b"Content-Encoding: gzip\r\n"
        head = b"HTTP/1.1 200 OK\r\nServer: bench\r\nContent-Type: text/html; charset=utf-8\r\n"
        found.append(head + coding + b"Content-Length: %d\r\n\r\n" % len(body) + body)
    return found


class Answers(asyncio.Protocol):
    served = 0

    def __init__(self, answers: list[bytes]) -> None:
        self.answers = answers

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.waiting = b""

    def data_received(self, data: bytes) -> None:
        *whole, self.waiting = (self.waiting + data).split(b"\r\n\r\n")
        for _ in whole:
            Answers.served += 1
            answer = self.answers[Answers.served % POOL].replace(b"########", b"%08d" % Answers.served, 1)
            self.transport.write(answer)  # type: ignore[attr-defined]


async def serve(kind: str) -> None:
    answers = pages(kind)
    server = await asyncio.get_running_loop().create_server(lambda: Answers(answers), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def server(kind: str) -> Iterator[int]:
    child = subprocess.Popen(
        [sys.executable, "-m", "bench.capture", "--serve", kind], stdout=subprocess.PIPE, text=True
    )
    try:
        assert child.stdout is not None
        yield int(child.stdout.readline())
    finally:
        child.kill()
        child.wait()


class Contender:
    """A crawl in a process of its own, which fetches a given number of pages per round."""

    def __init__(self, handler: str, port: int, python: str = sys.executable, name: str | None = None) -> None:
        self.name = name or handler
        self.folder = tempfile.TemporaryDirectory()
        command = [python, "-m", "bench.capture", "--handler", handler, "--port", str(port)]
        self.process = subprocess.Popen(
            [*command, "--folder", self.folder.name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def turn(self, count: int) -> dict[str, float]:
        """Pages/s, CPU milliseconds per page, megabytes in use."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(f"{count}\n")
        self.process.stdin.flush()
        while (line := self.process.stdout.readline()) and not line.startswith("{"):
            pass
        if not line:
            raise SystemExit(f"{self.name} has died")
        figures: dict[str, float] = json.loads(line)
        return figures

    def end(self) -> None:
        self.process.communicate()
        self.folder.cleanup()


class Wget:
    """`wget --warc-file`, one page after the other."""

    name = "wget"

    def __init__(self, port: int) -> None:
        self.port = port

    def turn(self, count: int) -> dict[str, float]:
        urls = "\n".join(f"http://127.0.0.1:{self.port}/{number}" for number in range(count))
        words = ["wget", "--quiet", "--warc-file=bench", "--compression=auto", "--output-document=/dev/null"]
        with tempfile.TemporaryDirectory() as folder:
            began, before = time.perf_counter(), os.times()
            subprocess.run([*words, "--input-file=-"], input=urls, text=True, cwd=folder, check=True)
            seconds, after = time.perf_counter() - began, os.times()
        cpu = after.children_user + after.children_system - before.children_user - before.children_system
        return {SPEED: count / seconds, CPU: 1000 * cpu / count}

    def end(self) -> None:
        pass


def crawl(handler: str, port: int, folder: Path) -> None:
    """In a contender's process: crawls the number of pages in each line of standard input, and prints the figures.

    When idle, Scrapy waits for the next line. Runs with old versions of Scrapy too.
    """
    import scrapy
    from scrapy import signals
    from scrapy.crawler import CrawlerProcess
    from scrapy.exceptions import DontCloseSpider

    class Pages(scrapy.Spider):
        name = "pages"
        asked = seen = 0

        @classmethod
        def from_crawler(cls, crawler: Any, *args: Any, **kwargs: Any) -> "Pages":
            spider = super().from_crawler(crawler, *args, **kwargs)
            crawler.signals.connect(spider.idle, signal=signals.spider_idle)
            return spider

        def idle(self) -> None:
            if self.seen < self.asked:
                raise DontCloseSpider
            if self.asked:
                self.tell()
            if line := sys.stdin.readline():
                self.asked, self.seen = int(line), 0
                self.began, self.used = time.perf_counter(), time.process_time()
                for number in range(self.asked):
                    url = f"http://127.0.0.1:{port}/{number}"
                    self.crawler.engine.crawl(scrapy.Request(url, self.parse, dont_filter=True))
                raise DontCloseSpider

        def parse(self, response: Any) -> None:
            assert response.status == 200
            self.seen += 1

        def tell(self) -> None:
            seconds, cpu = time.perf_counter() - self.began, time.process_time() - self.used
            figures = {SPEED: self.seen / seconds, CPU: 1000 * cpu / self.seen, "MB": resident() / 1e6}
            print(json.dumps(figures), flush=True)

    settings: dict[str, Any] = {
        "CONCURRENT_REQUESTS": 16,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
        "DOWNLOAD_DELAY": 0,
        "ROBOTSTXT_OBEY": False,
        "TELNETCONSOLE_ENABLED": False,
        "LOG_LEVEL": "ERROR",
        "USER_AGENT": "bench",
        "EMEROTECA_NETWORKS": "127.0.0.0/8",
    }
    if handler == "tap":  # not installed in the Python of the others
        from crawler.capture.download_handler import DOWNLOAD_HANDLER
        from crawler.capture.session import CaptureSession
        from storage.warc.read.payload_index import PayloadIndex
        from storage.warc.read.revisit_resolver import RevisitResolver
        from storage.warc.write.writer import WarcWriter

        class Session(CaptureSession):
            def __init__(self) -> None:
                self.resolver = RevisitResolver(folder, PayloadIndex(folder / "payloads.db"))
                self.writer = WarcWriter(
                    folder / "warc", prefix="bench", software="bench", revisit_resolver=self.resolver
                )

        settings["DOWNLOAD_HANDLERS"] = {"http": DOWNLOAD_HANDLER, "https": DOWNLOAD_HANDLER}
        settings["EXTENSIONS"] = {Session: 0}
    if handler == "scrapy-webarchive":
        os.chdir(folder)  # the folder of its WARC file
        settings |= {"EXTENSIONS": {PEER: 543}, "SW_EXPORT_URI": f"{folder}/wacz/"}
    process = CrawlerProcess(settings)
    process.crawl(Pages)
    if handler == "frozen":
        gc.freeze()
    process.start()


def resident() -> int:
    """Resident memory in bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def contenders(port: int, others: bool, peer_python: str | None) -> Iterator[tuple[Contender | Wget, tuple[str, ...]]]:
    """The contenders that can run here, each with the names of those to compare it with; prints the others."""
    yield Contender("bare", port), ()
    yield Contender("frozen", port), ("bare",)
    yield Contender("tap", port), ("bare", "frozen")
    if not others:
        return
    if peer_python and has_peer(peer_python):
        yield Contender("bare", port, peer_python, name="bare in the peer's Scrapy"), ()
        yield Contender("scrapy-webarchive", port, peer_python), ("bare in the peer's Scrapy",)
    else:
        print("skipped: scrapy-webarchive, as there is no --peer-python in which it can be imported", file=sys.stderr)
    if shutil.which("wget"):
        yield Wget(port), ("bare",)
    else:
        print("skipped: wget, which is not on PATH", file=sys.stderr)


def has_peer(python: str) -> bool:
    words = [python, "-c", f"import {PEER.rpartition('.')[0]}, scrapy.core.downloader.handlers.http11"]
    return shutil.which(python) is not None and not subprocess.run(words, capture_output=True, check=False).returncode


def compare(kind: str, count: int, rounds: int, others: bool, peer_python: str | None) -> dict[str, Any]:
    """The medians of each contender for one kind of page."""
    with server(kind) as port:
        racing = list(contenders(port, others, peer_python))
        for one, _ in racing:
            one.turn(count)
        taken = [{one.name: one.turn(count) for one, _ in racing[:: (-1) ** turn]} for turn in range(rounds)]
        for one, _ in racing:
            one.end()
    report: dict[str, Any] = {"kind": kind, "pages": count, "rounds": rounds}
    for one, beside in racing:
        report[one.name] = {name: of_rounds(taken, one.name, name) for name in (SPEED, CPU)}
        for base in beside:
            report[one.name][f"speed : {base}"] = of_rounds(taken, one.name, SPEED, base)
            report[one.name][f"cpu : {base}"] = of_rounds(taken, one.name, CPU, base)
    return report


def of_rounds(taken: list[dict[str, dict[str, float]]], name: str, figure: str, base: str | None = None) -> float:
    """The median of a figure, or of its ratio to that of another contender in the same round."""
    return round(median(turns[name][figure] / (turns[base][figure] if base else 1) for turns in taken), 3)


def memory(count: int) -> dict[str, Any]:
    """Megabytes in use at each twentieth of one long crawl."""
    with server("small") as port:
        tap = Contender("tap", port)
        marks = [round(tap.turn(count // 20)["MB"], 1) for _ in range(20)]
        tap.end()
    half = marks[len(marks) // 2 :]
    return {"captures": count, "megabytes": marks, "growth of the second half": round(half[-1] - half[0], 1)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=250, help="in a turn")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--memory", type=int, metavar="CAPTURES")
    parser.add_argument("--others", action="store_true")
    parser.add_argument("--peer-python", metavar="PATH", help="a Python that has scrapy-webarchive, for --others")
    for name in ("serve", "handler", "port", "folder"):
        parser.add_argument(f"--{name}", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        asyncio.run(serve(asked.serve))
    elif asked.handler:
        crawl(asked.handler, int(asked.port), Path(asked.folder))
    elif asked.memory:
        print(json.dumps(memory(asked.memory)))
    else:
        for kind in ("gzip", "plain"):
            found = compare(kind, asked.pages, asked.rounds, asked.others, asked.peer_python)
            print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
