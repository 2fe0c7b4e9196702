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
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
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


def crawl(handler: str, port: int, count: int, folder: Path) -> None:
    """One contender in this process; prints its figures as JSON."""
    import scrapy
    from scrapy.crawler import CrawlerProcess

    peaks: list[int] = []

    class Pages(scrapy.Spider):
        name = "pages"

        async def start(self) -> AsyncIterator[scrapy.Request]:
            for number in range(count):
                yield scrapy.Request(f"http://127.0.0.1:{port}/{number}", dont_filter=True)

        def parse(self, response: Any) -> None:
            assert response.status == 200
            self.seen = getattr(self, "seen", 0) + 1
            if self.seen % max(1, count // 20) == 0:
                peaks.append(resident())

        @classmethod
        def from_crawler(cls, crawler: Any, *args: Any, **kwargs: Any) -> "Pages":
            if handler == "tap":  # the others' Python does not have what is ours
                from storage.warc.originals import Originals
                from storage.warc.payloads import PayloadIndex
                from storage.warc.writer import WarcWriter

                originals = Originals(folder, PayloadIndex(folder / "payloads.db"))
                crawler.warc_writer = WarcWriter(folder / "warc", prefix="bench", software="bench", originals=originals)
            return super().from_crawler(crawler, *args, **kwargs)

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
    began, used = time.perf_counter(), time.process_time()
    process.start()
    seconds, cpu = time.perf_counter() - began, time.process_time() - used
    print(json.dumps({"pages": count, "seconds": seconds, "cpu": cpu, "resident": peaks}))


def resident() -> int:
    """Bytes of memory in use now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def contend(handler: str, port: int, count: int, python: str = sys.executable) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        command = [python, "-m", "bench.capture", "--handler", handler, "--port", str(port), "--folder", folder]
        done = subprocess.run([*command, "--pages", str(count)], capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{handler}: {done.stderr[-2000:]}")
        figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return figures


def wget(port: int, count: int) -> dict[str, Any] | None:
    if shutil.which("wget") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        urls = "\n".join(f"http://127.0.0.1:{port}/{number}" for number in range(count))
        began, before = time.perf_counter(), os.times()
        options = [
            "--quiet",
            "--warc-file=bench",
            "--no-warc-digests",
            "--compression=auto",
            "-O",
            "/dev/null",
            "-i",
            "-",
        ]
        subprocess.run(["wget", *options], input=urls, text=True, cwd=folder, check=False)
        after = os.times()
        cpu = after.children_user + after.children_system - before.children_user - before.children_system
        return {"pages": count, "seconds": time.perf_counter() - began, "cpu": cpu}


def compare(kind: str, count: int, rounds: int, others: dict[str, str]) -> dict[str, Any]:
    """Medians and ratios for one kind of page; others: further handlers and the Python that has them."""
    taken: dict[str, list[dict[str, Any]]] = {}
    with server(kind) as port:
        for _ in range(rounds):
            for handler, python in {"bare": sys.executable, "tap": sys.executable, **others}.items():
                found = wget(port, count) if handler == "wget" else contend(handler, port, count, python)
                if found is not None:
                    taken.setdefault(handler, []).append(found)
    report: dict[str, Any] = {"kind": kind, "pages": count, "rounds": rounds}
    for handler, runs in taken.items():
        report[handler] = {
            "pages/s": round(statistics.median(run["pages"] / run["seconds"] for run in runs), 1),
            "cpu ms/page": round(statistics.median(1000 * run["cpu"] / run["pages"] for run in runs), 3),
        }
    for handler in taken.keys() - {"bare"}:
        speed = report[handler]["pages/s"] / report["bare"]["pages/s"]
        cpu = report["bare"]["cpu ms/page"] / report[handler]["cpu ms/page"]
        report[f"{handler} : bare"] = {"pages/s": round(speed, 3), "by cpu": round(cpu, 3)}
    return report


def memory(count: int) -> dict[str, Any]:
    """Megabytes in use at twentieths of one long crawl."""
    with server("small") as port:
        run = contend("tap", port, count)
    marks = [round(value / 1e6, 1) for value in run["resident"]]
    half = marks[len(marks) // 2 :]
    return {"captures": count, "megabytes": marks, "growth of the second half": round(half[-1] - half[0], 1)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--memory", type=int, metavar="CAPTURES")
    parser.add_argument("--others", action="store_true")
    parser.add_argument("--webarchive-python", help="a Python that has scrapy-webarchive")
    for name in ("serve", "handler", "port", "folder"):
        parser.add_argument(f"--{name}", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        asyncio.run(serve(asked.serve))
    elif asked.handler:
        crawl(asked.handler, int(asked.port), asked.pages, Path(asked.folder))
    elif asked.memory:
        print(json.dumps(memory(asked.memory)))
    else:
        others = {"wget": ""} if asked.others else {}
        if asked.webarchive_python:
            others["scrapy-webarchive"] = asked.webarchive_python
        for kind in ("gzip", "plain"):
            print(json.dumps(compare(kind, asked.pages, asked.rounds, others)), flush=True)


if __name__ == "__main__":
    main()
