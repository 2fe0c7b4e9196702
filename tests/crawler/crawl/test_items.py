"""Articles are items also where a crawl ends early or pipelines are slow: every row has its item."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from newsstand.stand import Newsstand

ROOT = Path(__file__).parents[3]
Crawl = Callable[..., subprocess.CompletedProcess[str]]
PARTS = """
import asyncio
import json
from pathlib import Path
from scrapy import signals


class Slow:
    at_once = most = 0

    async def process_item(self, item):
        self.at_once += 1
        Slow.most = max(Slow.most, self.at_once)
        await asyncio.sleep(1)
        self.at_once -= 1
        return item

    def close_spider(self):
        Path("most.txt").write_text(str(Slow.most))


class AddOn:
    def update_settings(self, settings):
        settings["FEEDS"] = {"addon.jsonl": {"format": "jsonlines"}}
"""


@pytest.fixture
def crawl(stand: Newsstand, tmp_path: Path) -> Crawl:
    """Runs `scrapy crawl alanews` in a project of its own."""
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = crawler.settings\n", encoding="utf-8")
    (tmp_path / "parts.py").write_text(PARTS, encoding="utf-8")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("EMEROTECA_")}
    variables = {"EMEROTECA_CONTACT": "tests@emeroteca.example", "EMEROTECA_HOME": str(tmp_path / "archive")}
    path = os.pathsep.join((str(tmp_path), str(ROOT)))
    stand.clock(0)

    def run(*words: str, spider: str = "alanews") -> subprocess.CompletedProcess[str]:
        ended = subprocess.run(
            [sys.executable, "-m", "scrapy", "crawl", spider, "-s", "DOWNLOAD_DELAY=0", *words],
            cwd=tmp_path,
            env={**clean, **stand.environment, **variables, "PYTHONPATH": path},
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )
        assert "Traceback" not in ended.stderr, ended.stderr
        return ended

    return run


def ids(path: Path) -> list[str]:
    return sorted(json.loads(line)["article_id"] for line in path.read_text(encoding="utf-8").splitlines())


def rows(folder: Path) -> list[str]:
    words = [sys.executable, "-m", "crawler.cli", "--home", str(folder / "archive"), "export"]
    lines = subprocess.run(words, capture_output=True, check=True, timeout=90).stdout.splitlines()
    return sorted(json.loads(line)["article_id"] for line in lines)


def test_a_crawl_that_ends_early_has_an_item_for_each_row(crawl: Crawl, tmp_path: Path) -> None:
    ended = crawl("-s", "EMEROTECA_BUDGET=20", "-O", "articles.jsonl")
    assert "budget-spent" in ended.stderr
    stored = rows(tmp_path)
    assert 0 < len(stored) < 20 and ids(tmp_path / "articles.jsonl") == stored


def test_a_crawl_that_ends_waits_for_slow_pipelines(crawl: Crawl, tmp_path: Path) -> None:
    slow = ["-s", 'ITEM_PIPELINES={"parts.Slow": 1}', "-O", "articles.jsonl"]
    crawl("-s", "EMEROTECA_BUDGET=20", *slow)
    stored = rows(tmp_path)
    assert 0 < len(stored) < 20 and ids(tmp_path / "articles.jsonl") == stored
    assert 1 < int((tmp_path / "most.txt").read_text()) <= 16


def test_an_add_on_of_the_project_asks_for_a_feed(crawl: Crawl, tmp_path: Path) -> None:
    crawl("-a", "limit=3", "-s", 'ADDONS={"parts.AddOn": 1}')
    assert len(ids(tmp_path / "addon.jsonl")) == 3 and ids(tmp_path / "addon.jsonl") == rows(tmp_path)


def test_a_survey_that_fails_ends(crawl: Crawl, tmp_path: Path) -> None:
    crawl("-a", "url=http://127.0.0.1:9/", "-O", "articles.jsonl", spider="any")
    assert ids(tmp_path / "articles.jsonl") == []
