"""Completion in a real shell, and the topics of help."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from crawler.cli.main import emeroteca

ROOT = Path(__file__).parents[3]


@pytest.fixture
def complete(tmp_path: Path) -> Callable[[str], set[str]]:
    """What bash proposes at the end of a line."""
    program = tmp_path / "emeroteca"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m crawler.cli "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    script = CliRunner().invoke(emeroteca, ["completion", "bash"]).stdout

    def proposed(line: str) -> set[str]:
        words = " ".join(f"'{word}'" for word in line.split(" "))
        asked = (
            f"{script}\nCOMP_WORDS=({words}); COMP_CWORD={line.count(' ')}; _emeroteca_completion emeroteca\n"
            "printf '%s\\n' \"${COMPREPLY[@]}\""
        )
        environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
        shell = [shutil.which("bash") or "bash", "-c", asked]
        ended = subprocess.run(shell, env=environment, cwd=tmp_path, capture_output=True, text=True, check=True)
        return set(ended.stdout.split())

    return proposed


@pytest.mark.parametrize(
    ("line", "proposed"),
    [
        ("emeroteca sea", {"search"}),
        ("emeroteca --ho", {"--home"}),
        ("emeroteca crawl al", {"alanews"}),
        ("emeroteca export --site sput", {"sputniknews"}),
        ("emeroteca export --format p", {"parquet"}),
        ("emeroteca schedule r", {"remove", "run"}),
    ],
)
def test_bash_completes(line: str, proposed: set[str], complete: Callable[[str], set[str]]) -> None:
    assert complete(line) == proposed


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_shell_has_a_script(shell: str) -> None:
    said = CliRunner().invoke(emeroteca, ["completion", shell])
    assert said.exit_code == 0
    assert f"_EMEROTECA_COMPLETE={shell}_complete" in said.stdout


def test_help_lists_the_pages_and_shows_each() -> None:
    listed = CliRunner().invoke(emeroteca, ["help"]).stdout
    names = [line.split()[0] for line in listed.splitlines()]
    assert {"archivist", "researcher", "data-engineer", "settings"} <= set(names)
    for name in names:
        page = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
        assert CliRunner().invoke(emeroteca, ["help", name]).stdout == page


def test_help_explains_a_command() -> None:
    said = CliRunner().invoke(emeroteca, ["help", "schedule", "add"], prog_name="emeroteca").stdout
    assert said.startswith("Usage: emeroteca schedule add [OPTIONS] SITE")


def test_help_knows_its_topics() -> None:
    said = CliRunner().invoke(emeroteca, ["help", "frullare"])
    assert said.exit_code == 2
    assert "archivist" in said.stderr
