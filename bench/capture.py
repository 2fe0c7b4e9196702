"""What capture costs: Scrapy with its own handler beside Scrapy with the wire tap, in one run on one machine.

    python -m bench.capture                       ratios for gzip and plain pages of 35 KB
    python -m bench.capture --memory 100000       memory over so many small captures
    python -m bench.capture --others              beside `wget --warc-file` and scrapy-webarchive where they are there

A server process answers every URL with a page of its own. Each contender crawls in a process of its own, round after
round by turns; the median of the rounds counts. CPU seconds are those of the crawling process: they stay true on a
machine with other work to do, pages/s does not.
"""

import argparse
import asyncio
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


def pages(kind: str) -> list[bytes]:
    """Responses; the eight bytes `########` in each are another number for every request."""
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
    """A crawl in a process of its own, which goes on for as many pages as it is told to."""

    def __init__(self, handler: str, port: int, python: str = sys.executable) -> None:
        self.handler = handler
        self.folder = tempfile.TemporaryDirectory()
        command = [python, "-m", "bench.capture", "--handler", handler, "--port", str(port)]
        self.process = subprocess.Popen(
            [*command, "--folder", self.folder.name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def turn(self, count: int) -> dict[str, float]:
        """Pages/s, CPU milliseconds a page, megabytes in use."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(f"{count}\n")
        self.process.stdin.flush()
        while (line := self.process.stdout.readline()) and not line.startswith("{"):
            pass
        if not line:
            raise SystemExit(f"{self.handler} has died")
        figures: dict[str, float] = json.loads(line)
        return figures

    def end(self) -> None:
        self.process.communicate()
        self.folder.cleanup()


class Wget:
    """`wget --warc-file`, one page after the other."""

    handler = "wget"

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
        return {"pages/s": count / seconds, "cpu ms/page": 1000 * cpu / count}

    def end(self) -> None:
        pass


def crawl(handler: str, port: int, folder: Path) -> None:
    """In a contender's process: crawls as many pages as each line of the standard input says, and prints how it went.

    Whenever Scrapy has nothing more to do it waits for the next line. Runs with old versions of Scrapy too.
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
            if handler == "tap":  # the others' Python does not have what is ours
                from storage.warc.originals import Originals
                from storage.warc.payloads import PayloadIndex
                from storage.warc.writer import WarcWriter

                originals = Originals(folder, PayloadIndex(folder / "payloads.db"))
                crawler.warc_writer = WarcWriter(folder / "warc", prefix="bench", software="bench", originals=originals)
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
            figures = {"pages/s": self.seen / seconds, "cpu ms/page": 1000 * cpu / self.seen, "MB": resident() / 1e6}
            print(json.dumps(figures), flush=True)

    settings: dict[str, Any] = {
        "CONCURRENT_REQUESTS": 16,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
        "DOWNLOAD_DELAY": 0,
        "ROBOTSTXT_OBEY": False,
        "TELNETCONSOLE_ENABLED": False,
        "LOG_LEVEL": "WARNING",
        "USER_AGENT": "bench",
    }
    if handler == "tap":
        from crawler.capture.tap import TAP

        settings["DOWNLOAD_HANDLERS"] = {"http": TAP, "https": TAP}
    if handler == "scrapy-webarchive":
        settings |= {
            "EXTENSIONS": {"scrapy_webarchive.extensions.WaczExporter": 543},
            "SW_EXPORT_URI": str(folder) + "/",
            "SW_WACZ_SOURCE_URI": str(folder),
        }
    process = CrawlerProcess(settings)
    process.crawl(Pages)
    process.start()


def resident() -> int:
    """Bytes of memory in use now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def contenders(port: int, others: bool, webarchive_python: str | None) -> Iterator[Contender | Wget]:
    """Bare Scrapy first. What is not there is said."""
    yield Contender("bare", port)
    yield Contender("tap", port)
    if others and shutil.which("wget"):
        yield Wget(port)
    elif others:
        print("skipped: wget, which is not on PATH", file=sys.stderr)
    if webarchive_python:
        yield Contender("scrapy-webarchive", port, webarchive_python)
    elif others:
        print("skipped: scrapy-webarchive, since no --webarchive-python has it", file=sys.stderr)


def compare(kind: str, count: int, rounds: int, others: bool, webarchive_python: str | None) -> dict[str, Any]:
    """Medians of the rounds for one kind of page; of each round's ratios too, as what slows it slows everybody."""
    with server(kind) as port:
        racing = list(contenders(port, others, webarchive_python))
        for one in racing:
            one.turn(count)  # to get warm
        taken = [{one.handler: one.turn(count) for one in racing} for _ in range(rounds)]
        for one in racing:
            one.end()
    report: dict[str, Any] = {"kind": kind, "pages": count, "rounds": rounds}
    for handler in taken[0]:
        figures = {name: median(turns[handler][name] for turns in taken) for name in ("pages/s", "cpu ms/page")}
        if handler != "bare":
            figures["pages/s : bare"] = median(turns[handler]["pages/s"] / turns["bare"]["pages/s"] for turns in taken)
            figures["bare : cpu"] = median(
                turns["bare"]["cpu ms/page"] / turns[handler]["cpu ms/page"] for turns in taken
            )
        report[handler] = {name: round(value, 3) for name, value in figures.items()}
    return report


def memory(count: int) -> dict[str, Any]:
    """Megabytes in use at twentieths of one long crawl."""
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
    parser.add_argument("--webarchive-python", metavar="PATH", help="a Python that has scrapy-webarchive")
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
            found = compare(kind, asked.pages, asked.rounds, asked.others, asked.webarchive_python)
            print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
