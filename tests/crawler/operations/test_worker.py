"""Workers on a real Postgres: one dies in the middle of a crawl, and nobody's crawl is lost or doubled."""

import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path

import pytest
from psycopg import OperationalError
from sqlalchemy import select

from newsstand.stand import Newsstand
from storage.corpus.db.database import open_database
from storage.corpus.db.tables import CrawlRow
from storage.corpus.read.schedules import schedules
from storage.exceptions import CorpusUnreachable

pytest.importorskip("procrastinate")
from procrastinate.exceptions import ConnectorException

from crawler.operations.worker import Worker

Emeroteca = Callable[..., subprocess.CompletedProcess[str]]
ROOT = Path(__file__).parents[3]
HOSTS = {"alanews": "alanews.it", "sputniknews": "it.sputniknews.com"}


@contextmanager
def worker(name: str, folder: Path, url: str, stand: Newsstand) -> Iterator[subprocess.Popen[bytes]]:
    """A worker that is a machine of its own; its name is its crawls' contact, which servers see."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("EMEROTECA_")}
    child = subprocess.Popen(
        [sys.executable, "-m", "crawler.cli", "--home", str(folder / name), "worker", "--stalled-after", "2"],
        env={
            **clean, **stand.environment, "EMEROTECA_DATABASE_URL": url,
            "EMEROTECA_CONTACT": f"{name}@emeroteca.example",
        },
        cwd=ROOT,
    )  # fmt: skip
    try:
        yield child
    finally:
        if child.poll() is None:
            child.terminate()
        child.wait(120)


def until(holds: Callable[[], bool]) -> None:
    for _ in range(1800):
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError("it did not come to that within three minutes")


def asked(stand: Newsstand, host: str) -> list[str]:
    """Who asked the host, request by request."""
    return [row["headers"]["user-agent"].split("+")[1].split("@")[0] for row in stand.log() if row["host"] == host]


def kill_machine(child: subprocess.Popen[bytes]) -> None:
    crawls = Path(f"/proc/{child.pid}/task/{child.pid}/children").read_text().split()
    for pid in (child.pid, *map(int, crawls)):
        os.kill(pid, signal.SIGKILL)
    child.wait(60)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds the crawls of a worker in /proc")
def test_a_worker_dies_and_another_takes_over(emeroteca: Emeroteca, tmp_path: Path, postgres_url: str) -> None:
    env = {"EMEROTECA_DATABASE_URL": postgres_url}
    for site in HOSTS:
        added = emeroteca("schedule", "add", site, "--every", "1d", "--delay", "0.1", env=env)
        assert added.returncode == 0, added.stderr
    with (
        Newsstand(articles=40, seed=11) as stand,
        open_database(postgres_url) as database,
        worker("anna", tmp_path, postgres_url, stand) as anna,
    ):
        until(lambda: all(len(asked(stand, host)) > 10 for host in HOSTS.values()))
        with worker("bruno", tmp_path, postgres_url, stand) as bruno:
            kill_machine(anna)
            until(lambda: all(row["finished_at"] is not None for row in schedules(database)))
            bruno.terminate()
            assert bruno.wait(120) == 0
        assert {row["exit_status"] for row in schedules(database)} == {0}
        exported = emeroteca("export", env=env)
        articles = [json.loads(line)["url"] for line in exported.stdout.splitlines()]
        for site, host in HOSTS.items():
            assert [name for name, _ in groupby(asked(stand, host))] == ["anna", "bruno"], "never two at once"
            assert sum(1 for url in articles if host in url) == len(stand.truth(site))
        with database.reading() as connection:
            outcomes = list(connection.execute(select(CrawlRow.site, CrawlRow.outcome).order_by(CrawlRow.id)))
        for site in HOSTS:
            assert [outcome for of, outcome in outcomes if of == site] == [None, "finished"]


def test_a_worker_that_is_told_to_stop_ends_its_crawls_in_order(
    emeroteca: Emeroteca, tmp_path: Path, postgres_url: str, stand: Newsstand
) -> None:
    env = {"EMEROTECA_DATABASE_URL": postgres_url}
    emeroteca("schedule", "add", "alanews", "--every", "1d", "--delay", "0.1", env=env)
    seen = len(stand.log())
    with worker("anna", tmp_path, postgres_url, stand) as anna:
        until(lambda: len(stand.log()) > seen + 10)
        anna.terminate()
        assert anna.wait(120) == 0
    with open_database(postgres_url) as database:
        with database.reading() as connection:
            assert connection.scalars(select(CrawlRow.outcome)).all() == ["shutdown"]
        with worker("bruno", tmp_path, postgres_url, stand):
            until(lambda: schedules(database)[0]["finished_at"] is not None)
        with database.reading() as connection:
            assert connection.scalars(select(CrawlRow.outcome).order_by(CrawlRow.id)).all() == ["shutdown", "finished"]


def test_a_worker_that_procrastinate_stops_says_why(
    tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It ends with status 3, so that systemd starts it again; Procrastinate logs a traceback, and returns."""

    async def stops(**options: object) -> None:
        try:
            try:
                raise OperationalError("connection is bad")
            except OperationalError as cause:
                raise ConnectorException from cause
        except ConnectorException as problem:
            logging.getLogger("procrastinate.worker.anna").error(
                "Side task listener failed, stopping worker", exc_info=problem, extra={"action": "side_task_failed"}
            )

    with open_database(postgres_url) as database:
        anna = Worker(database, tmp_path, jobs=1, stalled_after=60)
        monkeypatch.setattr(anna.queue.app, "run_worker_async", stops)
        with pytest.raises(CorpusUnreachable, match="connection is bad"):
            anna.run()
    said = capsys.readouterr().err
    assert "Side task listener failed, stopping worker (connection is bad)" in said
    assert "Traceback" not in said


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="handles are counted in /proc")
@pytest.mark.parametrize("words", [("worker",), ("schedule", "run", "--once")])
def test_too_few_file_handles_are_told(tmp_path: Path, postgres_url: str, words: Sequence[str]) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", FEW_HANDLES, "--home", str(tmp_path), "--database", postgres_url, *words],
        env={**os.environ, "EMEROTECA_CONTACT": "tests@emeroteca.example"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 3, ended.stderr
    assert "Too many open files" in ended.stderr
    assert "Traceback" not in ended.stderr


#: `emeroteca` whose file handles are used up when the event loop is made.
FEW_HANDLES = """
import asyncio, os, resource
import crawler.operations.scheduler, crawler.operations.worker
from crawler.cli.main import main
from storage.corpus.db import database

sound = database.open_database

def few(url, **options):
    found = sound(url, **options)
    used = max(map(int, os.listdir("/proc/self/fd"))) + 1
    resource.setrlimit(resource.RLIMIT_NOFILE, (used + 1, 4096))
    return found

database.open_database = few
main()
"""


def test_a_worker_on_sqlite_says_what_to_do(emeroteca: Emeroteca) -> None:
    ended = emeroteca("worker")
    assert ended.returncode == 3
    assert "postgresql://" in ended.stderr
    assert "schedule run" in ended.stderr
