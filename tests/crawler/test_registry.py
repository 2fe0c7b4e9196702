"""Sites of installed packages, and which of two definitions is used."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULE = """
from zoneinfo import ZoneInfo

from crawler.discovery.sitemap import SitemapRoute
from crawler.site import ArticleUrl, Site
from crawler.spider import NewsSpider

SITE = Site(
    name="gazzetta",
    title="La Gazzetta",
    hosts=("gazzetta.example",),
    timezone=ZoneInfo("Europe/Rome"),
    language="it",
    parse_url=lambda url: ArticleUrl(canonical_url=url) if url.endswith(".html") else None,
)


class GazzettaSpider(NewsSpider):
    name = "gazzetta"
    site = SITE
    routes = (SitemapRoute(starts=("https://gazzetta.example/sitemap.xml",)),)
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A folder with an installed package of sites, as pip leaves it."""
    folder = tmp_path / "site-packages"
    (folder / "my_sites").mkdir(parents=True)
    (folder / "my_sites/__init__.py").touch()
    (folder / "my_sites/gazzetta.py").write_text(MODULE, encoding="utf-8")
    (folder / "my_sites/broken.py").write_text("1 / 0\n", encoding="utf-8")
    info = folder / "my_sites-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: my-sites\nVersion: 1.0\n", encoding="utf-8")
    points = "[emeroteca.sites]\ngazzetta = my_sites.gazzetta\nbroken = my_sites.broken\ngone = my_sites.gone\n"
    (info / "entry_points.txt").write_text(points, encoding="utf-8")
    return folder


def run(package: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *words],
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(package), str(ROOT)))},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_sites_of_an_installed_package(package: Path, tmp_path: Path) -> None:
    home = ("crawler.cli", "--home", str(tmp_path / "archive"))
    listed = run(package, *home, "sites", "--json")
    assert "gazzetta" in [json.loads(line)["name"] for line in listed.stdout.splitlines()]
    assert "my_sites.broken (my-sites): ZeroDivisionError" in listed.stderr
    assert "my_sites.gone (my-sites): ModuleNotFoundError" in listed.stderr
    assert "Traceback" not in listed.stderr
    assert "gazzetta" in run(package, "scrapy", "list").stdout.split()
    assert "module my_sites.gazzetta" in run(package, *home, "site", "show", "gazzetta").stdout


def test_a_file_of_the_home_wins_and_the_other_is_reported(package: Path, tmp_path: Path) -> None:
    sites = tmp_path / "archive/sites"
    sites.mkdir(parents=True)
    (sites / "gazzetta.toml").write_text('name = "gazzetta"\ntitle = "Di casa"\nhosts = ["g.example"]\n', "utf-8")
    listed = run(package, "crawler.cli", "--home", str(tmp_path / "archive"), "sites", "--json")
    titles = {site["name"]: site["title"] for site in map(json.loads, listed.stdout.splitlines())}
    assert titles["gazzetta"] == "Di casa"
    assert f"the site gazzetta is defined by {sites / 'gazzetta.toml'} already" in listed.stderr
