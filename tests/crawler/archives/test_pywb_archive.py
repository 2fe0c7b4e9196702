"""A real pywb is a second archive: it plays a collection back, and another collection imports it."""

import json
import shutil
from pathlib import Path

import pytest

from crawler.operations.pywb import find_wayback, free_port, replaying
from newsstand.stand import Newsstand
from storage.collection import Collection
from tests.crawler.archives.conftest import QUICK
from tests.crawler.conftest import Emeroteca
from tests.crawler.operations.test_pywb import installed


def test_a_collection_comes_back_from_pywb(archives: Newsstand, emeroteca: Emeroteca, tmp_path: Path) -> None:
    wayback = installed() or find_wayback()
    if wayback is None:
        pytest.skip("pywb is not here: make interop installs it")
    crawled = emeroteca("crawl", "alanews", "--delay", "0", "--limit", "15", env=archives.environment)
    assert crawled.returncode == 0, crawled.stderr
    other = tmp_path / "other"
    with replaying(Collection(tmp_path / "archive"), wayback, free_port(), framed=False) as (url, _):
        done = emeroteca("import", "wayback", "alanews", "--server", url, "--json", home=other, env=QUICK)
    lines = json.loads(done.stdout)["lines"]
    assert lines["verified"] == 15 and set(lines) == {"verified", "no-article"}, done.stderr
    exports = [emeroteca("export", "--format", "jsonl", home=home).stdout for home in (None, other)]
    ours, theirs = ([json.loads(line) for line in text.splitlines()] for text in exports)
    assert {row["content_hash"] for row in ours} == {row["content_hash"] for row in theirs}
    shutil.rmtree(other)
