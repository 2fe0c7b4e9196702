"""A site that a TOML file in the home describes is crawled, rebuilt, listed and counted like any other."""

import json
from pathlib import Path

import pytest

from tests.crawler.conftest import Emeroteca, Serve

HOST = "http://gazzettino.example"
TOML = rf"""
name = "gazzettino"
title = "Il Gazzettino del Molo"
hosts = ["gazzettino.example", "sport.gazzettino.example"]
timezone = "Europe/Rome"
language = "it"

[articles]
include = ['^/notizie/']
id = '-(\d+)$'

[[routes]]
kind = "sitemap"
urls = ["{HOST}/mappa.xml"]

[[routes]]
kind = "listing"
urls = ["http://sport.gazzettino.example/"]
links = "main h2 a"

[selectors]
body = ".testo"
drop = [".pubblicita"]
headline = "h1.titolo"
lede = ".sommario"
date = ".quando"
authors = ".firma"
keywords = ".temi a"
section = ".sezione"
images = ".foto img"
"""
PAGE = """<!DOCTYPE html><html><head><title>Gazzettino</title></head><body><div class="sezione">Porto</div>
<h1>Il Gazzettino</h1><h1 class="titolo">Il faro nuovo {number} si accende</h1>
<p class="sommario">Luce su tutto il molo.</p>
<span class="quando">5 gennaio 2026, ore 9:30</span><span class="firma">di Nives Bordolana</span>
<div class="foto"><img src="/faro.jpg"></div>
<div class="{body}"><p>Il faro del molo piccolo si è acceso ieri sera davanti a molti curiosi, numero {number}.</p>
<div class="pubblicita"><p>Compra una lampada!</p></div><p>La luce si vede fino all'isola di fronte.</p></div>
<div class="temi"><a>faro</a> <a>porto</a></div></body></html>"""
SITEMAP = (
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    f"<url><loc>{HOST}/notizie/faro-17</loc></url><url><loc>{HOST}/chi-siamo</loc></url></urlset>"
)
ANSWERS = {
    f"{HOST}/robots.txt": "",
    f"{HOST}/mappa.xml": (200, {"Content-Type": "application/xml"}, SITEMAP.encode()),
    f"{HOST}/notizie/faro-17": PAGE.format(number=1, body="testo"),
    "http://sport.gazzettino.example/": '<nav><h2><a href="/notizie/menu">x</a></h2></nav><main><h2>'
    '<a href="/notizie/gara-18">La gara</a></h2></main>',
    "http://sport.gazzettino.example/notizie/gara-18": PAGE.format(number=2, body="corpo"),
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "archive/sites").mkdir(parents=True)
    (tmp_path / "archive/sites/gazzettino.toml").write_text(TOML, encoding="utf-8")
    return tmp_path / "archive"


def rows(emeroteca: Emeroteca) -> dict[str, dict[str, object]]:
    lines = emeroteca("export", "--format", "jsonl").stdout.splitlines()
    return {row["native_id"]: row for row in map(json.loads, lines)}


def test_a_site_of_a_file(home: Path, emeroteca: Emeroteca, serve: Serve) -> None:
    environment, asked = serve(ANSWERS)
    crawled = emeroteca("crawl", "gazzettino", "--delay", "0", env=environment)
    assert crawled.returncode == 0, crawled.stderr
    assert f"{HOST}/chi-siamo" not in asked
    found = rows(emeroteca)
    assert sorted(found) == ["17", "18"]
    article = found["17"]
    assert article["site"] == "gazzettino"
    assert article["headline"] == "Il faro nuovo 1 si accende"
    assert article["description"] == "Luce su tutto il molo."
    assert article["published_at"] == "2026-01-05T09:30:00+01:00"
    assert article["authors"] == ["Nives Bordolana"]
    assert article["keywords"] == ["faro", "porto"]
    assert article["section"] == "Porto"
    assert article["images"] == [{"url": f"{HOST}/faro.jpg", "caption": None, "credit": None}]
    assert [block["text"] for block in article["blocks"]] == [  # type: ignore[attr-defined]
        "Il faro del molo piccolo si è acceso ieri sera davanti a molti curiosi, numero 1.",
        "La luce si vede fino all'isola di fronte.",
    ]
    assert article["warnings"] == []
    other = found["18"]
    assert "template-unknown" in other["warnings"]  # type: ignore[operator]
    assert "Compra" not in other["body"] and "molti curiosi, numero 2" in other["body"]  # type: ignore[operator]

    exported = emeroteca("export").stdout
    (home / "corpus.db").unlink()
    assert emeroteca("rebuild", "--jobs", "2").returncode == 0
    assert emeroteca("export").stdout == exported


def test_a_changed_file_makes_its_rows_again(home: Path, emeroteca: Emeroteca, serve: Serve) -> None:
    environment, _ = serve(ANSWERS)
    emeroteca("crawl", "gazzettino", "--delay", "0", env=environment)
    (home / "sites/gazzettino.toml").write_text(TOML.replace('".sommario"', '".firma"'), encoding="utf-8")
    waiting = emeroteca("status").stdout
    assert "gazzettino: 6 captures wait for emeroteca rebuild" in waiting
    assert emeroteca("rebuild").returncode == 0
    assert rows(emeroteca)["17"]["description"] == "di Nives Bordolana"


def test_a_bad_definition_costs_its_site_alone(home: Path, emeroteca: Emeroteca) -> None:
    (home / "sites/storta.toml").write_text('name = "storta"\nhosts = [1]\n', encoding="utf-8")
    (home / "sites/rotta.py").write_text("import does_not_exist\n", encoding="utf-8")
    listed = emeroteca("sites", "--json")
    assert listed.returncode == 0
    assert [json.loads(line)["name"] for line in listed.stdout.splitlines()] == ["alanews", "gazzettino", "sputniknews"]
    assert "storta.toml, line 2: hosts" in listed.stderr
    assert "rotta.py: ModuleNotFoundError" in listed.stderr
    assert "Traceback" not in listed.stderr
