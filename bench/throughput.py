"""Speed of a complete crawl compared with bare Scrapy, and the longest time that the reactor is blocked.

    python -m bench.throughput --articles 1500 --rounds 3

Two contenders fetch the same articles from the same newsstand, alternately, each in a process of its own, with the same
concurrency and no delay: bare Scrapy, which discards every response, and our crawl with discovery, capture, extraction
and rows. Prints JSON: pages/s and CPU seconds of each, the ratio of pages/s (median of the rounds), and the delay of a
call due every 5 ms, the maximum and the 99.9th percentile, in ms: `late` in wall time, meaningful on a quiet machine,
and `spent` in CPU time of the process, independent of other programs. Exits with 1 where the ratio is under 0.6, or a
call was more than 100 ms late and later than any of bare Scrapy's, which is also delayed by its own start and by other
programs.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.http import Response
from scrapy.utils.asyncio import create_looping_call

from newsstand.stand import Newsstand

TICK = 0.005
CONCURRENT = 8
#: The minimum ratio, and the maximum delay in milliseconds.
GOAL, LONGEST = 0.6, 100
TICKS = "BENCH_TICKS"


class ReactorLatency:
    """A Scrapy extension: measures the delay of a call every 5 ms, from the first request to the last response."""

    def __init__(self, crawler: Crawler) -> None:
        self.late: list[float] = []
        self.spent: list[float] = []
        self.looping = create_looping_call(self.tick)
        crawler.signals.connect(self.opened, signals.spider_opened)
        crawler.signals.connect(self.closed, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def opened(self) -> None:
        self.began = self.last = time.perf_counter()
        self.cpu = time.process_time()
        self.looping.start(TICK, now=False)

    def tick(self) -> None:
        now, cpu = time.perf_counter(), time.process_time()
        self.late.append(now - self.last - TICK)
        self.spent.append(cpu - self.cpu)
        self.last, self.cpu = now, cpu

    def closed(self) -> None:
        self.looping.stop()
        found = {"seconds": time.perf_counter() - self.began, "cpu": time.process_time(), "reactor": time.thread_time()}
        for name, values in ("late", sorted(self.late)), ("spent", sorted(self.spent)):
            found |= {f"{name}_most": values[-1] * 1000, f"{name}_999": values[int(len(values) * 0.999)] * 1000}
        Path(os.environ[TICKS]).write_text(json.dumps(found))


class BareSpider(Spider):
    """Requests each URL and discards the response."""

    name = "bare"

    async def start(self) -> Any:
        for url in Path(os.environ["BENCH_URLS"]).read_text().splitlines():
            yield Request(url, callback=self.parse, dont_filter=True)

    def parse(self, response: Response) -> None:
        return None


def bare() -> None:
    """Entry point of the child process of bare Scrapy."""
    settings = {
        "CONCURRENT_REQUESTS": 16, "CONCURRENT_REQUESTS_PER_DOMAIN": CONCURRENT, "DOWNLOAD_DELAY": 0,
        "ROBOTSTXT_OBEY": False, "COOKIES_ENABLED": False, "TELNETCONSOLE_ENABLED": False, "LOG_LEVEL": "WARNING",
        "EXTENSIONS": {"bench.throughput.ReactorLatency": 900},
    }  # fmt: skip
    process = AsyncCrawlerProcess(settings)
    process.crawl(BareSpider)
    process.start()


def whole() -> None:
    """Entry point of the child process of `emeroteca crawl`, with the extension."""
    from crawler import settings
    from crawler.cli.main import main as emeroteca

    settings.EXTENSIONS["bench.throughput.ReactorLatency"] = 900
    sys.argv = ["emeroteca", "--home", os.environ["BENCH_HOME"], "crawl", "alanews", "--delay", "0"]
    emeroteca()


def measure(contender: str, stand: Newsstand, folder: Path, urls: int) -> dict[str, float]:
    """One round of a contender."""
    environment = {
        **os.environ, **stand.environment, "EMEROTECA_CONTACT": "bench@emeroteca.example",
        TICKS: str(folder / "ticks"), "BENCH_URLS": str(folder / "urls"), "BENCH_HOME": tempfile.mkdtemp(dir=folder),
    }  # fmt: skip
    words = [sys.executable, "-c", f"from bench.throughput import {contender} as run; run()"]
    ended = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise RuntimeError(f"{contender} ended with {ended.returncode}: {ended.stderr[-2000:]}")
    found: dict[str, float] = json.loads((folder / "ticks").read_text())
    return {**found, "pages_s": urls / found["seconds"]}


def main() -> int:
    """Prints the report; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    rounds: dict[str, list[dict[str, float]]] = {"bare": [], "whole": []}
    with (
        tempfile.TemporaryDirectory() as name,
        Newsstand(articles=asked.articles, seed=5) as stand,
    ):
        urls = [row["url"] for row in stand.each_truth("alanews")]
        (Path(name) / "urls").write_text("\n".join(urls))
        for _ in range(asked.rounds):
            for contender, found in rounds.items():
                found.append(measure(contender, stand, Path(name), len(urls)))
    ratio = statistics.median(
        whole["pages_s"] / bare["pages_s"] for whole, bare in zip(rounds["whole"], rounds["bare"], strict=True)
    )
    held_up, bare_held_up = (max(one["late_most"] for one in rounds[name]) for name in ("whole", "bare"))
    report = {
        **{
            contender: {key: [round(one[key], 3) for one in found] for key in found[0]}
            for contender, found in rounds.items()
        },
        "ratio": round(ratio, 3),
        "late_most": round(held_up),
        "load": os.getloadavg()[0],
    }
    print(json.dumps(report))
    return 0 if ratio >= GOAL and held_up <= max(LONGEST, bare_held_up) else 1


if __name__ == "__main__":
    sys.exit(main())
