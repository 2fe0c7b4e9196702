"""The first thing that anybody runs, twice; and that it takes nobody's collection away."""

import subprocess
import sys
from pathlib import Path

import pytest

from storage.corpus.db.database import open_database
from storage.corpus.read.queries import status
from storage.warc.read.reader import read_captures


def demo(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "crawler.cli", *words, "--articles", "10"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)


@pytest.mark.slow
def test_a_demo_crawls_both_sites_before_and_after_the_edits_and_does_so_again(tmp_path: Path) -> None:
    for words in (["demo"], ["--home", "demo", "demo"]):
        done = demo(tmp_path, *words)
        assert done.returncode == 0, done.stderr
        with open_database(f"sqlite:///{tmp_path / 'demo' / 'corpus.db'}") as database:
            sites = {site["site"]: site for site in status(database)}
        assert sites.keys() == {"alanews", "sputniknews"}
        for name, site in sites.items():
            assert site["articles"] >= 10
            assert site["revisions"] > site["articles"]
            assert f"{name}: {site['articles']} articles in {site['revisions']} revisions" in done.stdout
        captures = sum(1 for _ in read_captures(tmp_path / "demo" / "warc"))
        assert f"{captures} captures in 4 WARC files" in done.stdout


@pytest.mark.parametrize("words", [["demo", "--home", "mine"], ["--home", "mine", "demo"]])
def test_a_folder_that_no_demo_made_is_left_alone(tmp_path: Path, words: list[str]) -> None:
    mine = tmp_path / "mine"
    (mine / "warc").mkdir(parents=True)
    (mine / "corpus.db").write_bytes(b"the only copy")
    done = demo(tmp_path, *words)
    assert (done.returncode, done.stdout) == (3, "")
    assert "choose another --home" in done.stderr
    assert (mine / "corpus.db").read_bytes() == b"the only copy"
