"""A newsstand, and the command line as a user calls it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from time import monotonic, sleep

import pytest

from newsstand.stand import Newsstand

CONTACT = "tests@emeroteca.example"


Emeroteca = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def stand() -> Iterator[Newsstand]:
    """A newsstand of forty articles a site."""
    with Newsstand(articles=40, seed=11) as newsstand:
        yield newsstand


@pytest.fixture
def emeroteca(tmp_path: Path) -> Emeroteca:
    """The command line; its home is a folder of the test's."""

    def run(
        *words: str, home: Path | None = None, env: Mapping[str, str] | None = None, stdin: bytes | None = None
    ) -> subprocess.CompletedProcess[str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("EMEROTECA_")}
        return subprocess.run(
            [sys.executable, "-m", "crawler.cli", "--home", str(home or tmp_path / "archive"), *words],
            env={**clean, "EMEROTECA_CONTACT": CONTACT, "PYTHONWARNINGS": "default", **(env or {})},
            input=stdin.decode() if stdin is not None else None,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    return run


@pytest.fixture
def begun(stand: Newsstand, tmp_path: Path) -> Callable[[], subprocess.Popen[str]]:
    """Begins a crawl of alanews into the test's home, in a group of its own; it has asked for some articles and has not
    ended."""

    def begin() -> subprocess.Popen[str]:
        stand.clock(0)
        seen, words = len(stand.log()) + 1, ("crawl", "alanews", "--delay", "0.1")
        crawl = subprocess.Popen(
            [sys.executable, "-m", "crawler.cli", "--home", str(tmp_path / "archive"), *words],
            env={**os.environ, **stand.environment, "EMEROTECA_CONTACT": CONTACT},
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        end = monotonic() + 60
        while len(stand.log(seen)) <= 15:
            assert monotonic() < end
            sleep(0.05)
        return crawl

    return begin
