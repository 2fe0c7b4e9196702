"""Runs the other programs, and `emeroteca`."""

import shutil
import subprocess
import sys
import venv
from pathlib import Path

from storage.collection import Collection

REQUIREMENTS = Path(__file__).with_name("requirements.txt")


def installed_tools(tools: Path) -> Path:
    """The folder `bin` of the tool environment, created or replaced unless it has the versions of REQUIREMENTS."""
    folder, stamp = tools / "interop", tools / "interop" / "requirements.txt"
    if not stamp.exists() or stamp.read_bytes() != REQUIREMENTS.read_bytes():
        print(f"installing warcio, cdxj-indexer, surt and wacz in {folder}", flush=True)
        venv.create(folder, with_pip=True, clear=True)
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--requirement", str(REQUIREMENTS)], check=True)
        shutil.copy(REQUIREMENTS, stamp)
    return folder / "bin"


def output_of(*words: str | Path, may_fail: bool = False) -> str:
    """Standard output of a program; with may_fail, standard error too, and no error for its exit status."""
    ended = subprocess.run(words, capture_output=True, text=True, check=False, timeout=600)
    if may_fail:
        return ended.stdout + ended.stderr
    assert ended.returncode == 0, f"{Path(words[0]).name} ended with {ended.returncode}: {ended.stderr[-500:]}"
    return ended.stdout


def ours(collection: Collection) -> list[str]:
    """The command `emeroteca` for this collection."""
    return [sys.executable, "-m", "crawler.cli", "--home", str(collection.home)]
