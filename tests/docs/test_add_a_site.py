"""What CONTRIBUTING says of adding a site is done here, to the letter: one file, one fixture."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
SECTION = GUIDE.partition("## Add a site")[2].partition("\n## ")[0]
URL = "http://gazzettadelporto.example/20260105/la-regata-17/"

PAGE = """<!DOCTYPE html><html lang="it"><head><meta charset="utf-8"><title>La regata - Gazzetta del Porto</title>
<meta property="og:title" content="La regata delle barche di carta">
<meta property="article:published_time" content="2026-01-05T09:30:00+01:00">
<meta name="author" content="Nives Bordolana"><meta name="keywords" content="regata, porto">
</head><body><nav>Cronaca Sport</nav><h1>La regata delle barche di carta</h1>
<p class="sommario">Undici equipaggi e un solo ombrello.</p>
<div class="testo"><p>Undici barche di carta hanno attraversato ieri il bacino piccolo del porto vecchio.</p>
<div class="pubblicita"><p>Compra una barca!</p></div>
<div class="virgolettato">“La colla ha tenuto fino alla boa”, racconta la capitana.</div>
<p>La prossima edizione si terrà in primavera, vento permettendo.</p></div><footer>Chi siamo</footer></body></html>"""
SITEMAP = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>{URL}</loc></url></urlset>'
ANSWERS = {"/robots.txt": "User-agent: *\nDisallow:\n", "/sitemap.xml": SITEMAP, "/20260105/la-regata-17/": PAGE}


class Paper(BaseHTTPRequestHandler):
    """The paper's web server, behind a proxy: request lines carry whole URLs."""

    def do_GET(self) -> None:
        body = ANSWERS.get(self.path.removeprefix("http://gazzettadelporto.example"))
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write((body or "").encode())

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def proxy() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Paper)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the project with the one file added."""
    for name in ("crawler", "spiders", "storage", "migrations", "newsstand"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "scrapy.cfg", tmp_path)
    shutil.copytree(ROOT / "tests/fixtures", tmp_path / "tests/fixtures")
    shutil.copytree(ROOT / "tests/crawler/extraction", tmp_path / "tests/crawler/extraction")
    named, code = re.search(r"`(spiders/\w+\.py)`:\n\n```python\n(.*?)```", SECTION, re.S).groups()  # type: ignore[union-attr]
    (tmp_path / named).write_text(code, encoding="utf-8")
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    return tmp_path


def run(checkout: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("EMEROTECA_")}
    return subprocess.run(
        [sys.executable, *words],
        cwd=checkout,
        env={**clean, "PYTHONPATH": str(checkout), "EMEROTECA_CONTACT": "tests@emeroteca.example", **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_site_is_known_everywhere(checkout: Path) -> None:
    listed = run(checkout, "-m", "crawler.cli", "sites", "--json")
    assert "gazzetta" in {json.loads(line)["name"] for line in listed.stdout.splitlines()}, listed.stderr
    assert "gazzetta" in run(checkout, "-m", "scrapy", "list").stdout.split()


def test_its_fixture_is_made_and_holds_every_field(checkout: Path) -> None:
    line = re.search(r"python (tests/fixtures/make\.py .*)", SECTION)
    assert line is not None
    made = run(checkout, *line[1].split())
    assert made.returncode == 0, made.stderr
    article = json.loads((checkout / "tests/fixtures/gazzetta/regata/article.json").read_text(encoding="utf-8"))
    assert article["site"] == "gazzetta"
    assert article["native_id"] == "17"
    assert article["headline"] == "La regata delle barche di carta"
    assert article["description"] == "Undici equipaggi e un solo ombrello."
    assert article["published_at"] == "2026-01-05T09:30:00+01:00"
    assert [block["type"] for block in article["blocks"]] == ["paragraph", "quote", "paragraph"]
    assert "Compra" not in article["body"]
    assert article["warnings"] == []


def test_a_page_of_another_template_is_read_too(checkout: Path) -> None:
    page = PAGE.replace('class="testo"', 'class="corpo"')
    (checkout / "page.html").write_text(page, encoding="utf-8")
    article = json.loads(run(checkout, "-m", "crawler.cli", "extract", "page.html", "--url", URL).stdout)
    assert "template-unknown" in article["warnings"]
    assert "Undici barche di carta" in article["body"]


def test_it_is_crawled_exported_and_rebuilt(checkout: Path, proxy: str, tmp_path: Path) -> None:
    home = ("-m", "crawler.cli", "--home", str(tmp_path / "archive"))
    crawled = run(checkout, *home, "crawl", "gazzetta", "--delay", "0", http_proxy=proxy, no_proxy="")
    assert crawled.returncode == 0, crawled.stderr
    exported = run(checkout, *home, "export").stdout
    assert [json.loads(line)["canonical_url"] for line in exported.splitlines()] == [URL]
    (tmp_path / "archive" / "corpus.db").unlink()
    run(checkout, *home, "rebuild")
    assert run(checkout, *home, "export").stdout == exported


def test_the_guide_is_short() -> None:
    prose = re.sub(r"```python.*?```", "", SECTION, flags=re.S)
    assert len([line for line in prose.splitlines() if line.strip()]) <= 40
