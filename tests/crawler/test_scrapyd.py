"""A project deployed by scrapyd-client runs on a real scrapyd, which has an environment of its own."""

import json
import os
import socket
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, build_opener

import pytest

from newsstand.stand import Newsstand

ROOT = Path(__file__).parents[2]
#: scrapyd imports pkg_resources, which newer setuptools lack.
PACKAGES = ("scrapyd==1.6.0", "scrapyd-client==2.0.3", "setuptools<81")

T = TypeVar("T")


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with `scrapyd` and `scrapyd-deploy`; the packages of the project are those of the tests."""
    folder = tmp_path_factory.mktemp("scrapyd")
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, capture_output=True, timeout=120)
    [packages] = folder.glob("lib/python3*/site-packages")
    (packages / "zz_tests.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    install = [str(folder / "bin/pip"), "install", "--quiet", "--disable-pip-version-check", *PACKAGES]
    ended = subprocess.run(install, capture_output=True, text=True, timeout=300, check=False)
    if ended.returncode:
        pytest.skip(f"scrapyd cannot be installed here: {ended.stderr.strip()[-200:]}")
    return folder / "bin"


class Scrapyd:
    """A running scrapyd: its folder, its port, and its JSON API."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.url = folder, f"http://127.0.0.1:{port}/"
        self._opener = build_opener(ProxyHandler({}))

    def get(self, name: str, **parameters: str) -> dict[str, Any]:
        return self._answer(f"{name}.json?{urlencode(parameters)}", None)

    def post(self, name: str, **parameters: str) -> dict[str, Any]:
        return self._answer(f"{name}.json", urlencode(parameters).encode())

    def job(self, id: str, until: str) -> dict[str, Any]:
        """The job, once it is running or finished."""
        return wait(lambda: next((job for job in self.get("listjobs", project="mine")[until] if job["id"] == id), None))

    def _answer(self, path: str, body: bytes | None) -> dict[str, Any]:
        with self._opener.open(self.url + path, body, timeout=60) as response:
            answer: dict[str, Any] = json.load(response)
        assert answer["status"] == "ok", answer
        return answer


def wait(look: Callable[[], T | None], seconds: float = 60) -> T:
    end = time.monotonic() + seconds
    while (found := look()) is None:
        assert time.monotonic() < end, "waited for too long"
        time.sleep(0.2)
    return found


@pytest.fixture
def scrapyd(programs: Path, stand: Newsstand, tmp_path: Path) -> Iterator[Scrapyd]:
    """A scrapyd to which a project of somebody else, which uses the settings, is deployed."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Scrapyd(tmp_path, port)
    (tmp_path / "scrapyd.conf").write_text(
        f"[scrapyd]\nhttp_port = {port}\npoll_interval = 0.3\nitems_dir = items\n", encoding="utf-8"
    )
    clean = {name: value for name, value in os.environ.items() if not name.startswith("EMEROTECA_")}
    variables = {"EMEROTECA_CONTACT": "tests@emeroteca.example", "EMEROTECA_HOME": str(tmp_path / "archive")}
    stand.clock(0)
    with (tmp_path / "scrapyd.log").open("w") as log:
        child = subprocess.Popen(
            [programs / "scrapyd"],
            cwd=tmp_path,
            env={**clean, **stand.environment, **variables, "PYTHONPATH": str(ROOT)},
            stdout=log,
            stderr=log,
        )
    try:
        wait(lambda: _answers(server))
        _deploy(programs, server, tmp_path / "project")
        yield server
    finally:
        child.terminate()
        child.wait(timeout=60)


def _answers(server: Scrapyd) -> bool | None:
    try:
        return bool(server.get("daemonstatus"))
    except URLError:
        return None


def _deploy(programs: Path, server: Scrapyd, project: Path) -> None:
    (project / "mine").mkdir(parents=True)
    (project / "scrapy.cfg").write_text(
        f"[settings]\ndefault = mine.settings\n[deploy]\nurl = {server.url}\nproject = mine\n", encoding="utf-8"
    )
    (project / "mine/__init__.py").touch()
    (project / "mine/settings.py").write_text(
        'from crawler.settings import *\nSPIDER_MODULES = ["spiders", "mine.quotes"]\n'
        'ITEM_PIPELINES = {"mine.parts.Mark": 100}\n',
        encoding="utf-8",
    )
    (project / "mine/quotes.py").write_text(
        'import scrapy\n\n\nclass QuotesSpider(scrapy.Spider):\n    name = "quotes"\n', encoding="utf-8"
    )
    (project / "mine/parts.py").write_text(
        'class Mark:\n    def process_item(self, item):\n        return {**item, "mark": "mine"}\n', encoding="utf-8"
    )
    proxies = {"http_proxy", "https_proxy", "all_proxy", "no_proxy"}
    direct = {name: value for name, value in os.environ.items() if name.lower() not in proxies}
    deploy = subprocess.run(
        [programs / "scrapyd-deploy"], cwd=project, env=direct, capture_output=True, text=True, timeout=120, check=False
    )
    assert deploy.returncode == 0 and '"status": "ok"' in deploy.stdout, deploy.stdout + deploy.stderr


def _rows(home: Path) -> dict[str, dict[str, Any]]:
    words = [sys.executable, "-m", "crawler.cli", "--home", str(home), "export"]
    exported = subprocess.run(words, capture_output=True, check=True, timeout=120).stdout.splitlines()
    return {row["article_id"]: row for row in map(json.loads, exported)}


def test_a_deployed_project_crawls(scrapyd: Scrapyd) -> None:
    assert {"alanews", "any", "quotes", "sputniknews"} <= set(scrapyd.get("listspiders", project="mine")["spiders"])
    began = scrapyd.post("schedule", project="mine", spider="alanews", limit="6", setting="DOWNLOAD_DELAY=0")
    scrapyd.job(began["jobid"], "finished")
    [log] = scrapyd.folder.glob("logs/mine/alanews/*.log")
    assert "Closing spider (finished)" in log.read_text(encoding="utf-8")
    [feed] = scrapyd.folder.glob("items/mine/alanews/*.jl")
    items = [json.loads(line) for line in feed.read_text(encoding="utf-8").splitlines()]
    rows = _rows(scrapyd.folder / "archive")
    assert len(items) == 6 and {item["mark"] for item in items} == {"mine"}
    assert {item["article_id"]: item["body"] for item in items} == {id: row["body"] for id, row in rows.items()}


def test_a_cancelled_job_keeps_what_it_captured(scrapyd: Scrapyd) -> None:
    job = scrapyd.post("schedule", project="mine", spider="alanews", setting="DOWNLOAD_DELAY=0.3")["jobid"]
    scrapyd.job(job, "running")
    warcs = scrapyd.folder / "archive/warc"
    wait(lambda: True if any(file.stat().st_size > 100_000 for file in warcs.glob("*.open")) else None)
    scrapyd.post("cancel", project="mine", job=job)
    scrapyd.job(job, "finished")
    assert not list(warcs.glob("*.open")) and len(list(warcs.glob("*.warc.gz"))) == 1
    assert _rows(scrapyd.folder / "archive")
