"""Small sites of many shapes are crawled by address alone: every article once, and nothing that is none."""

import json

import pytest

from tests.crawler.conftest import Emeroteca, Serve
from tests.crawler.survey.invented_sites import SITES


@pytest.mark.parametrize("name", SITES)
def test_its_articles_and_nothing_else(name: str, emeroteca: Emeroteca, serve: Serve) -> None:
    site = SITES[name]()
    environment, asked = serve(site.answers)
    ended = emeroteca("crawl", site.start, "--delay", "0", env=environment)
    assert ended.returncode == 0, ended.stderr
    rows = {row["url"]: row for row in map(json.loads, emeroteca("export").stdout.splitlines())}
    assert rows.keys() == site.articles.keys()
    assert {url: row["headline"] for url, row in rows.items()} == {u: s.headline for u, s in site.articles.items()}
    assert {url: row["published_date"] for url, row in rows.items()} == {
        u: str(s.day) for u, s in site.articles.items()
    }
    asked_once = len(asked)
    assert len(set(asked)) == asked_once
    assert emeroteca("crawl", site.start, "--delay", "0", env=environment).returncode == 0
    assert not set(asked[asked_once:]) & site.articles.keys()
