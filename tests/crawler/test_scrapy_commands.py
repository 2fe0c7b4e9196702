"""Scrapy users' habits: the real `scrapy` command, with feeds, pipelines and a project of one's own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from newsstand.stand import Newsstand

ROOT = Path(__file__).parents[2]
Scrapy = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def scrapy(stand: Newsstand, tmp_path: Path) -> Scrapy:
    def run(*words: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("EMEROTECA_")}
        variables = {"EMEROTECA_CONTACT": "tests@emeroteca.example", "EMEROTECA_HOME": str(tmp_path / "archive")}
        return subprocess.run(
            [sys.executable, "-m", "scrapy", *words],
            cwd=cwd,
            env={**clean, **stand.environment, **variables, "PYTHONPATH": os.pathsep.join((str(cwd), str(ROOT)))},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    stand.clock(0)
    return run


def rows(tmp_path: Path) -> list[dict[str, object]]:
    words = [sys.executable, "-m", "crawler.cli", "--home", str(tmp_path / "archive"), "export"]
    return [json.loads(line) for line in subprocess.run(words, capture_output=True, check=True).stdout.splitlines()]


def test_a_feed_has_the_articles_of_the_rows(scrapy: Scrapy, tmp_path: Path) -> None:
    feed = tmp_path / "articles.jsonl"
    ended = scrapy("crawl", "alanews", "-s", "DOWNLOAD_DELAY=0", "-a", "limit=7", "-O", str(feed))
    assert ended.returncode == 0, ended.stderr
    items = {item["article_id"]: item for item in map(json.loads, feed.read_text(encoding="utf-8").splitlines())}
    stored = {row["article_id"]: row for row in rows(tmp_path)}
    assert len(items) == 7 and items.keys() == stored.keys()
    for name in ("headline", "body", "published_at", "authors", "warc_file", "warc_offset", "payload_digest"):
        assert {id: item[name] for id, item in items.items()} == {id: row[name] for id, row in stored.items()}
    scrapy("crawl", "alanews", "-s", "DOWNLOAD_DELAY=0", "-a", "limit=2", "-o", str(feed))
    assert len(feed.read_text(encoding="utf-8").splitlines()) >= 7


def test_a_project_with_a_pipeline_an_extension_and_a_spider_of_its_own(scrapy: Scrapy, tmp_path: Path) -> None:
    project = tmp_path / "mine"
    (project / "mine").mkdir(parents=True)
    (project / "scrapy.cfg").write_text("[settings]\ndefault = mine.settings\n", encoding="utf-8")
    (project / "mine/__init__.py").touch()
    (project / "mine/settings.py").write_text(
        "from crawler.settings import *\n"
        'SPIDER_MODULES = ["spiders", "mine.quotes"]\n'
        'ITEM_PIPELINES = {"mine.parts.OnlyEven": 100, "mine.parts.Collect": 200}\n'
        'EXTENSIONS = {**EXTENSIONS, "mine.parts.Counter": 500}\n',
        encoding="utf-8",
    )
    (project / "mine/quotes.py").write_text(
        "import scrapy\n\n\nclass QuotesSpider(scrapy.Spider):\n"
        '    name = "quotes"\n    start_urls = ["https://alanews.it/"]\n'
        '    def parse(self, response):\n        yield {"headline": response.text[:5], "word_count": 2}\n',
        encoding="utf-8",
    )
    (project / "mine/parts.py").write_text(
        "from pathlib import Path\nfrom scrapy import signals\nfrom scrapy.exceptions import DropItem\n\n\n"
        "class OnlyEven:\n    async def process_item(self, item):\n"
        '        if item["word_count"] % 2:\n            raise DropItem("odd")\n        return item\n\n\n'
        "class Collect:\n    def process_item(self, item):\n"
        '        with Path("collected.txt").open("a") as file:\n            print(item["headline"], file=file)\n'
        "        return item\n\n\n"
        "class Counter:\n    @classmethod\n    def from_crawler(cls, crawler):\n        self = cls()\n"
        "        self.counts = {}\n"
        "        for name in ('item_scraped', 'item_dropped'):\n"
        "            crawler.signals.connect(getattr(self, name), signal=getattr(signals, name))\n"
        "        crawler.signals.connect(self.closed, signal=signals.spider_closed)\n        return self\n"
        "    def item_scraped(self, item):\n        self.counts['scraped'] = self.counts.get('scraped', 0) + 1\n"
        "    def item_dropped(self, item):\n        self.counts['dropped'] = self.counts.get('dropped', 0) + 1\n"
        "    def closed(self):\n        Path('counts.txt').write_text(repr(self.counts))\n",
        encoding="utf-8",
    )
    assert {"alanews", "any", "quotes", "sputniknews"} <= set(scrapy("list", cwd=project).stdout.split())
    ended = scrapy("crawl", "alanews", "-s", "DOWNLOAD_DELAY=0", "-a", "limit=9", cwd=project)
    assert ended.returncode == 0, ended.stderr
    stored = rows(tmp_path)
    even = sorted(str(row["headline"]) for row in stored if int(str(row["word_count"])) % 2 == 0)
    assert 0 < len(even) < len(stored) == 9
    assert sorted((project / "collected.txt").read_text(encoding="utf-8").splitlines()) == even
    counts = {"scraped": len(even), "dropped": len(stored) - len(even)}
    assert eval((project / "counts.txt").read_text(encoding="utf-8")) == counts

    ended = scrapy("crawl", "quotes", "-O", "quotes.jsonl", cwd=project)
    assert ended.returncode == 0, ended.stderr
    assert len((project / "quotes.jsonl").read_text(encoding="utf-8").splitlines()) == 1, ended.stderr
    assert len(rows(tmp_path)) == 9


def test_looking_at_one_page(scrapy: Scrapy, stand: Newsstand, tmp_path: Path) -> None:
    truth = stand.truth("alanews")[0]
    parsed = scrapy("parse", truth["url"], "--nocolour")
    assert truth["url"] in parsed.stdout and "'site': 'alanews'" in parsed.stdout, parsed.stderr
    assert scrapy("shell", truth["url"], "-c", "response.status").stdout.strip() == "200"
    assert "<html" in scrapy("fetch", truth["url"]).stdout
    ended = scrapy("check")
    assert ended.returncode == 0 and "OK" in ended.stderr
    assert len(list((tmp_path / "archive/warc").glob("*.warc.gz"))) >= 1


def test_any_address(scrapy: Scrapy, stand: Newsstand, tmp_path: Path) -> None:
    truth = stand.truth("alanews")[0]
    ended = scrapy("crawl", "any", "-a", f"url={truth['url']}", "-s", "DOWNLOAD_DELAY=0")
    assert ended.returncode == 0, ended.stderr
    assert [row["url"] for row in rows(tmp_path)] == [truth["url"]]
    refused = scrapy("crawl", "any")
    assert "the spider any needs an address" in refused.stderr
