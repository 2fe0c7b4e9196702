"""The process that reads captures back: a crawl whose reader dies, and a reader whose crawl does."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil
import pytest

from newsstand.stand import Newsstand

Emeroteca = Callable[..., subprocess.CompletedProcess[str]]
Begun = Callable[[], subprocess.Popen[str]]


@pytest.mark.skipif(sys.platform != "linux", reason="the processes are told apart by how Linux forks them")
def test_a_crawl_whose_reader_dies_says_so_and_the_next_run_makes_the_rows(
    stand: Newsstand, emeroteca: Emeroteca, begun: Begun, tmp_path: Path
) -> None:
    crawl = begun()
    (reader,) = psutil.Process(crawl.pid).children()
    reader.kill()
    _, said = crawl.communicate(timeout=60)
    assert crawl.returncode == 3, said
    assert "the process that reads captures ended (-9)" in said
    assert "Traceback" not in said
    captured = [path.name for path in (tmp_path / "archive" / "warc").glob("*.warc.gz*")]
    assert captured
    last = json.loads(emeroteca("status", "--json").stdout)["last_crawl"]
    assert last["outcome"] == "reading-failed"
    ended = emeroteca("crawl", "alanews", "--delay", "0", env=stand.environment)
    assert ended.returncode == 0, ended.stderr
    assert rows(emeroteca) == sorted(row["native_id"] for row in stand.truth("alanews"))


def test_a_signal_to_the_whole_group_ends_in_order(emeroteca: Emeroteca, begun: Begun, tmp_path: Path) -> None:
    crawl = begun()
    children = psutil.Process(crawl.pid).children()
    assert children
    os.killpg(crawl.pid, signal.SIGTERM)
    _, said = crawl.communicate(timeout=60)
    assert crawl.returncode == 1, said
    assert "shutdown" in said
    assert not list((tmp_path / "archive" / "warc").glob("*.open"))
    counts = json.loads(emeroteca("status", "--json").stdout)["last_crawl"]["counts"]["captures"]
    assert counts.get("article", 0) == len(rows(emeroteca)) > 0
    assert not any(child.is_running() for child in children)


def test_a_killed_crawl_leaves_no_reader_behind(begun: Begun) -> None:
    crawl = begun()
    children = psutil.Process(crawl.pid).children()
    crawl.kill()
    crawl.communicate()
    _, alive = psutil.wait_procs(children, timeout=60)
    assert children
    assert not alive


def test_a_home_that_is_moved_under_a_crawl_is_not_made_anew(
    stand: Newsstand, emeroteca: Emeroteca, begun: Begun, tmp_path: Path
) -> None:
    crawl = begun()
    (tmp_path / "archive").rename(tmp_path / "moved")
    _, said = crawl.communicate(timeout=60)
    assert crawl.returncode == 3, said
    assert "Traceback" not in said
    assert not (tmp_path / "archive").exists()
    (tmp_path / "moved").rename(tmp_path / "archive")
    ended = emeroteca("crawl", "alanews", "--delay", "0", env=stand.environment)
    assert ended.returncode == 0, ended.stderr
    assert rows(emeroteca) == sorted(row["native_id"] for row in stand.truth("alanews"))


@pytest.mark.parametrize("words", [("crawl", "alanews"), ("schedule", "add", "alanews", "--every", "1d")])
def test_a_home_that_has_to_exist_is_not_made(emeroteca: Emeroteca, tmp_path: Path, words: Sequence[str]) -> None:
    """As the scheduler and workers start their crawls."""
    ended = emeroteca("--existing-home", *words)
    assert ended.returncode == 3, ended.stderr
    assert "moved or deleted" in ended.stderr
    assert not (tmp_path / "archive").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="handles are counted in /proc")
@pytest.mark.parametrize("changed", ["AsyncCrawlerProcess.crawl", "SiteLock.release"])
def test_a_crawl_with_too_few_file_handles_does_not_begin(stand: Newsstand, tmp_path: Path, changed: str) -> None:
    said = failed_crawl(FEW_HANDLES.format(changed=changed), stand, tmp_path)
    assert "Too many open files" in said


#: `emeroteca` whose file handles are used up when the crawl is made, or before its event loop.
FEW_HANDLES = """
import os, resource
from scrapy.crawler import AsyncCrawlerProcess
from crawler.cli.main import main
from storage.locks import SiteLock

sound = {changed}

def few(self, *arguments, **options):
    returned = sound(self, *arguments, **options)
    used = max(map(int, os.listdir("/proc/self/fd"))) + 1
    resource.setrlimit(resource.RLIMIT_NOFILE, (used + 1, 4096))
    return returned

{changed} = few
main()
"""


def rows(emeroteca: Emeroteca) -> list[str]:
    return sorted(json.loads(line)["native_id"] for line in emeroteca("export").stdout.splitlines())


def failed_crawl(program: str, stand: Newsstand, folder: Path) -> str:
    """What a crawl by a program, as Python text, says on standard error; it ends with status 3 and no traceback."""
    ended = subprocess.run(
        [sys.executable, "-c", program, "--home", str(folder / "archive"), "crawl", "alanews", "--delay", "0"],
        env={**os.environ, **stand.environment, "EMEROTECA_CONTACT": "tests@emeroteca.example"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 3, ended.stderr
    assert "Traceback" not in ended.stderr
    return ended.stderr


#: `emeroteca` with an extension whose job for the reader cannot be pickled.
UNSENDABLE = """
from scrapy import signals
from crawler import settings
from crawler.cli.main import main
from crawler.crawl.session import CrawlSession

class Unsendable:
    @classmethod
    def from_crawler(cls, crawler):
        this = cls()
        this.opened = lambda spider: crawler.get_extension(CrawlSession).worker.add_write(lambda store: None)
        crawler.signals.connect(this.opened, signals.spider_opened)
        return this

settings.EXTENSIONS[Unsendable] = 900
main()
"""


def test_a_crawl_that_cannot_send_to_its_reader_ends_and_says_so(stand: Newsstand, tmp_path: Path) -> None:
    said = failed_crawl(UNSENDABLE, stand, tmp_path)
    assert "captures cannot be sent to the process that reads them" in said


#: `emeroteca` whose reader has died before the crawl begins.
DEAD_READER = """
import crawler.crawl.session
from crawler.cli.main import main

class Session(crawler.crawl.session.CrawlSession):
    def __init__(self, crawler):
        super().__init__(crawler)
        self.worker._worker.process.kill()
        self.worker._worker.process.join()

crawler.crawl.session.CrawlSession.from_crawler = classmethod(lambda _, crawler: Session(crawler))
main()
"""


def test_a_crawl_whose_reader_died_before_it_began_ends_and_says_so(stand: Newsstand, tmp_path: Path) -> None:
    said = failed_crawl(DEAD_READER, stand, tmp_path)
    assert "the process that reads captures ended (-9)" in said
