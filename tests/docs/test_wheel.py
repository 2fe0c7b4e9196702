"""The wheel works outside a checkout: the command, its help pages, its migrations, `import emeroteca`."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = """
import emeroteca, pathlib, sys
assert pathlib.Path(emeroteca.__file__).is_relative_to(sys.argv[1]), emeroteca.__file__
print(emeroteca.extract("<html><head><meta property='og:type' content='article'></head><body><h1>La regata</h1>"
      "<p>Undici barche di carta hanno attraversato ieri il bacino piccolo del porto vecchio.</p></body></html>",
      "https://g.example/a").headline)
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the installed wheel, and nothing else of the project."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    source = folder / "source"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(source)], check=True, capture_output=True)
    for name in (
        "emeroteca",
        "crawler",
        "storage",
        "spiders",
        "migrations",
        "newsstand",
        "reading_room",
        "docs",
        "pyproject.toml",
    ):
        subprocess.run(["cp", "-r", str(ROOT / name), str(source)], check=True)
    wheel = [*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(source)]
    subprocess.run(wheel, check=True, capture_output=True, timeout=120)
    [built] = folder.glob("emeroteca-*.whl")
    target = [*pip, "install", "--no-deps", "--target", str(folder / "site"), str(built)]
    subprocess.run(target, check=True, capture_output=True, timeout=120)
    return folder


def run(installed: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words],
        cwd=installed,
        env={**os.environ, "PYTHONPATH": str(installed / "site")},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_the_package_is_imported(installed: Path) -> None:
    ended = run(installed, "-c", PROGRAM, str(installed / "site"))
    assert (ended.stdout, ended.returncode) == ("La regata\n", 0), ended.stderr


def test_the_demo_runs(installed: Path) -> None:
    ended = run(installed, "-m", "crawler.cli", "--home", "demo", "demo", "--articles", "10")
    assert ended.returncode == 0, ended.stderr
    status = run(installed, "-m", "crawler.cli", "--home", "demo", "status")
    assert "alanews: captures: 1" in status.stdout
