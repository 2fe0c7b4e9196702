"""emeroteca site: a site is added by its address, checked, shown, turned into code, removed; its rows stay."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.crawler.conftest import Answer, Emeroteca, Serve

HOST = "http://ilmolo.example"


def _page(number: int, author: bool = True) -> str:
    text = "".join(
        f"<p>La squadra numero {number} ha riparato il {what} del porto davanti a molti abitanti del quartiere, che "
        "hanno applaudito a lungo fino a sera.</p>"
        for what in ("faro", "molo", "pontile", "faro piccolo", "ponte", "cantiere")
    )
    byline = '<meta name="author" content="Nives Bordolana">' if author else ""
    return (
        f'<html lang="it"><head><title>La squadra {number} ripara il porto</title>{byline}'
        f'<meta property="article:published_time" content="2026-01-{number:02}T09:30:00+01:00">'
        f'<meta property="og:type" content="article"></head><body><h1>La squadra {number} ripara il porto</h1>'
        f'<div class="testo">{text}<p class="abbonati">Abbonati subito alla nostra lettera!</p></div></body></html>'
    )


URLS = [f"{HOST}/2026/01/{number:02}/la-squadra-{number}" for number in range(1, 9)]
SITEMAP = "".join(f"<url><loc>{url}</loc></url>" for url in URLS)
ANSWERS: dict[str, Answer] = {
    f"{HOST}/": "<html lang='it'><head><title>Il Molo</title></head><body><h1>Il Molo</h1></body></html>",
    f"{HOST}/sitemap.xml": (
        200,
        {"Content-Type": "application/xml"},
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{SITEMAP}</urlset>'.encode(),
    ),
    **{url: _page(number, author=number != 8) for number, url in enumerate(URLS, 1)},
}


@pytest.mark.slow
def test_the_life_of_a_site(emeroteca: Emeroteca, serve: Serve, tmp_path: Path) -> None:
    environment, asked = serve(ANSWERS)
    added = emeroteca("site", "add", f"{HOST}/", "--delay", "0", env=environment)
    assert added.returncode == 0, added.stderr
    toml = tmp_path / "archive/sites/ilmolo.example.toml"
    assert toml.exists() and not set(URLS) & set(asked)
    again = emeroteca("site", "add", f"{HOST}/", env=environment)
    assert again.returncode == 2 and "is of the known site ilmolo.example" in again.stderr

    text = toml.read_text(encoding="utf-8") + '\n[selectors]\nbody = ".testo"\ndrop = [".abbonati"]\n'
    toml.write_text(text, encoding="utf-8")
    assert "ilmolo.example" in emeroteca("site", "list").stdout
    assert text in emeroteca("site", "show", "ilmolo.example").stdout

    words = ("site", "check", "ilmolo.example", "--delay", "0")
    checked = emeroteca(*words, "--pages", "8", "--json", env=environment)
    assert checked.returncode == 1, checked.stderr
    pages = {page["url"]: page for page in map(json.loads, checked.stdout.splitlines())}
    assert pages.keys() == set(URLS)
    assert pages[URLS[0]]["fields"]["authors"] == {
        "value": ["Nives Bordolana"],
        "source": "meta:author",
        "candidates": [{"source": "meta:author", "value": "Nives Bordolana"}],
    }
    assert [url for url, page in pages.items() if "authors" in page["doubts"]] == [URLS[7]]
    shown = emeroteca(*words, "--url", URLS[7], env=environment).stdout
    assert "? authors: none" in shown and "<- meta:article:published_time" in shown
    assert not list((tmp_path / "archive").glob("corpus.db*")) or not emeroteca("export").stdout

    assert emeroteca("crawl", "ilmolo.example", "--delay", "0", env=environment).returncode == 0
    exported = [json.loads(line) for line in emeroteca("export").stdout.splitlines()]
    assert len(exported) == 8 and all("Abbonati" not in row["body"] for row in exported)

    coded = emeroteca("site", "code", "ilmolo.example")
    assert coded.returncode == 0, coded.stderr
    module, test = map(Path, coded.stdout.split())
    assert (module.name, test.name) == ("ilmolo_example.py", "test_ilmolo_example.py")
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(test)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert ran.returncode == 0, ran.stdout
    rebuilt = emeroteca("rebuild")
    assert rebuilt.returncode == 0, rebuilt.stderr
    now = [json.loads(line) for line in emeroteca("export").stdout.splitlines()]
    assert [{**row, "extractor": ""} for row in now] == [{**row, "extractor": ""} for row in exported]

    removed = emeroteca("site", "remove", "ilmolo.example", "--yes")
    assert removed.returncode == 0 and not module.exists()
    assert len(emeroteca("export").stdout.splitlines()) == 8
    refused = emeroteca("site", "remove", "alanews", "--yes")
    assert refused.returncode == 3 and "module spiders.alanews" in refused.stderr


def test_a_file_that_cannot_be_loaded_costs_its_site_alone_and_is_shown_and_removed(
    emeroteca: Emeroteca, tmp_path: Path
) -> None:
    sites = tmp_path / "archive/sites"
    sites.mkdir(parents=True)
    (sites / "good.toml").write_text('name = "good"\nhosts = ["good.example"]\n', "utf-8")
    (sites / "broken.toml").write_text('name = "broken"\nhosts = ["b.example"]\ndelay = inf\n', "utf-8")
    (sites / "open.toml").write_text('name = "open"\nhosts = ["o.example"\n', "utf-8")
    (sites / "gone.toml").symlink_to(tmp_path / "nowhere.toml")
    (sites / "folder.toml").mkdir()
    (sites / "ends.py").write_text("raise SystemExit(3)\n", "utf-8")
    listed = emeroteca("site", "list", "--json")
    assert listed.returncode == 0 and "Traceback" not in listed.stderr
    assert {json.loads(line)["name"] for line in listed.stdout.splitlines()} == {"alanews", "good", "sputniknews"}
    for says in (
        "broken.toml, line 3: delay is a number of seconds, not inf",
        "open.toml: it is no valid TOML: Unclosed array (at end of document, line 2)",
        "gone.toml: it cannot be read: No such file",
        "folder.toml: it cannot be read: Is a directory",
        "ends.py: SystemExit: 3",
    ):
        assert says in listed.stderr
    assert "delay = inf" in emeroteca("site", "show", "broken").stdout
    for name in ("broken", "gone", "ends"):
        removed = emeroteca("site", "remove", name, "--yes")
        assert removed.returncode == 0 and f"removed {sites / name}" in removed.stderr
    assert {path.name for path in sites.iterdir()} == {"good.toml", "open.toml", "folder.toml"}
    assert emeroteca("site", "remove", "../good", "--yes").returncode == 2
