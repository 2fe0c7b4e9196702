"""Pages served as different hosts are crawled by their addresses, and give what `extract` says of the files."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from bench.hosts import compare

ROOT = Path(__file__).parents[2]
PAGES = (
    *("alanews/picture-first-autoload", "alanews/amp", "sputniknews/g2-full", "sputniknews/g2-live"),
    *("generic/json-ld", "generic/consent-wall"),
)


def test_pages_served_as_different_hosts_give_what_the_files_give(tmp_path: Path) -> None:
    for name in PAGES:
        shutil.copytree(ROOT / "tests/fixtures" / name, tmp_path / name)
    ended = subprocess.run(
        [sys.executable, "-m", "bench.hosts", "--folder", str(tmp_path), "--seconds", "200"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=250,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert f"{len(PAGES)} hosts in " in ended.stdout
    assert ended.stdout.strip().endswith(f"{len(PAGES) - 1} equal, 1 refused")


def _ended(folder: Path, **said: str) -> Path:
    for name, text in said.items():
        (folder / name.replace("_", ".")).write_text(text, encoding="utf-8")
    return folder


def test_what_differs_is_named(tmp_path: Path) -> None:
    article = {"headline": "The regatta", "body": "Eleven boats.", "site": None}
    row = {**article, "site": "paper", "article_id": 1}
    _ended(tmp_path, crawl_status="0", extract_status="0", extract_out=json.dumps(article))
    assert compare(_ended(tmp_path, export_out=json.dumps(row))) == "equal"
    assert compare(_ended(tmp_path, export_out=json.dumps({**row, "body": "Ten."}))) == "differs in body"
    assert compare(_ended(tmp_path, export_out=f"{json.dumps(row)}\n" * 2)) == "2 rows"
    assert compare(_ended(tmp_path, export_out="")).startswith("only extract has it")
    assert compare(_ended(tmp_path, extract_status="3")) == "refused"
    assert compare(_ended(tmp_path, crawl_status="-11")).startswith("crashed")
