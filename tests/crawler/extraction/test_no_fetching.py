"""Nothing is fetched behind the user's back."""

import os
import subprocess
import sys
from pathlib import Path

FIXTURE = Path(__file__).parents[2] / "fixtures" / "alanews" / "breadcrumb-first" / "page.html"


def test_the_first_extraction_on_a_machine_asks_nobody_for_a_list_of_suffixes(tmp_path: Path) -> None:
    nobody = dict.fromkeys(("http_proxy", "https_proxy"), "http://127.0.0.1:9") | {"TLDEXTRACT_CACHE": str(tmp_path)}
    words = [sys.executable, "-m", "crawler.cli", "extract", str(FIXTURE), "--url", "https://alanews.it/cronaca/fiera/"]
    ended = subprocess.run(words, env={**os.environ, **nobody}, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
