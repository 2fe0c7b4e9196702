"""An erasure that is killed with -9 at any step is finished by the next run."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine

from crawler.operations.verify_collection import verify_collection
from crawler.takedown.erase import is_interrupted
from storage.collection import Collection
from storage.corpus.db.database import open_database
from storage.warc.read.reader import read_captures
from tests.conftest import postgres_database
from tests.crawler.takedown.conftest import COPY, ERASED, FEED, PAGES, SECRET, files_with, fill

#: Kills its process at the n-th change of the file system or connection to a database, which Python announces.
KILLED = """
import os, signal, sys
left, count = int(sys.argv.pop(1)), 0
CHANGES = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.truncate", "sqlite3.connect/handle", "socket.connect"}
def hook(event, arguments):
    global count
    writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
    if event in CHANGES or writes:
        count += 1
        if count == left:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(hook)
from crawler.cli.main import main
try:
    main()
finally:
    print("changes", count)
"""
#: Kills, spread evenly over all changes.
KILLS = 8


def erase(collection: Collection, at: int, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command, killed at a change; 0: never."""
    options = ["--home", str(collection.home), "--database", str(collection.database_url), "erase"]
    options += words or ("--url", ERASED, "--reason", "request", "--yes")
    return subprocess.run(
        [sys.executable, "-c", KILLED, str(at), *options],
        cwd=Path(__file__).parents[3],
        env={name: value for name, value in os.environ.items() if not name.startswith("EMEROTECA_")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def check_erased(collection: Collection) -> None:
    assert not is_interrupted(collection)
    assert files_with(collection.home, SECRET.encode()) == {}
    assert {capture.url for capture in read_captures(collection.warc)} == PAGES.keys() - {ERASED, COPY, FEED}
    with open_database(collection.database_url) as database:
        assert [str(fault) for fault in verify_collection(collection, database, None, ()).faults] == []
    assert list(collection.home.rglob("*.erased")) == []


@pytest.mark.slow
def test_a_killed_erasure_is_finished_by_the_next_run(tmp_path: Path) -> None:
    original = Collection(tmp_path / "original")
    original.create()
    with open_database(original.database_url) as database:
        fill(original, database)
    whole = Collection(shutil.copytree(original.home, tmp_path / "whole"))
    ended = erase(whole, 0)
    assert ended.returncode == 0, ended.stderr
    check_erased(whole)
    changes = int(ended.stdout.split()[-1])
    states = set()
    for at in sorted({1 + changes * kill // KILLS for kill in range(KILLS)}):
        collection = Collection(shutil.copytree(original.home, tmp_path / f"killed-{at}"))
        assert erase(collection, at).returncode == -signal.SIGKILL
        states.add(is_interrupted(collection))
        again = erase(collection, 0, *(("--resume",) if is_interrupted(collection) else ()))
        if not is_interrupted(collection) and again.returncode == 3:  # all was done before
            assert "no captures" in again.stderr
        else:
            assert again.returncode == 0, (at, again.stderr)
        check_erased(collection)
        shutil.rmtree(collection.home)
    assert states == {True, False}


@pytest.mark.parametrize("at", [24, 30, 36, 42])
def test_a_killed_erasure_on_postgres_is_finished_too(
    tmp_path: Path, admin: Engine, migrated_postgres: str, at: int
) -> None:
    with postgres_database(admin, migrated_postgres) as url, open_database(url) as database:
        collection = Collection(tmp_path / "archive", url)
        collection.create()
        fill(collection, database)
        assert erase(collection, at).returncode == -signal.SIGKILL
        words = ("--resume",) if is_interrupted(collection) else ()
        assert erase(collection, 0, *words).returncode == 0
        check_erased(collection)
