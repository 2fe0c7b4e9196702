"""The main job as a user does it: the command line against the newsstand, over real sockets and TLS."""

import json
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from crawler.sites import all_sites
from newsstand.stand import Newsstand
from storage.warc.capture import CaptureRef
from storage.warc.reader import read_capture

Emeroteca = Callable[..., subprocess.CompletedProcess[str]]

SITES = [site.name for site in all_sites()]

#: Fields of an article that the newsstand knows the truth of.
TRUE_FIELDS = (
    "native_id",
    "headline",
    "alternative_headline",
    "description",
    "section",
    "authors",
    "keywords",
    "published_at",
    "modified_at",
    "published_date",
    "blocks",
    "images",
    "language",
)


def exported(emeroteca: Emeroteca, *words: str) -> list[dict[str, Any]]:
    ended = emeroteca("export", "--format", "jsonl", *words)
    assert ended.returncode == 0, ended.stderr
    return [json.loads(line) for line in ended.stdout.splitlines()]


def by_id(rows: list[dict[str, Any]]) -> Mapping[str, dict[str, Any]]:
    return {row["native_id"]: row for row in rows}


@pytest.mark.parametrize("site", SITES)
def test_a_crawl_ends_with_the_newsstands_truth_as_rows(
    site: str, stand: Newsstand, emeroteca: Emeroteca, tmp_path: Path
) -> None:
    stand.clock(0)
    ended = emeroteca("crawl", site, "--delay", "0", env=stand.environment)
    assert ended.returncode == 0, ended.stderr
    truth, rows = by_id(stand.truth(site)), by_id(exported(emeroteca))
    assert rows.keys() == truth.keys()
    for native_id, row in rows.items():
        for name in TRUE_FIELDS:
            assert row[name] == truth[native_id][name], (row["url"], name)
        ref = CaptureRef(row["warc_file"], row["warc_offset"], 0, row["warc_record_id"])
        capture = read_capture(tmp_path / "archive" / "warc", ref)
        assert capture.url == row["url"]
        assert capture.payload_digest == row["payload_digest"]
