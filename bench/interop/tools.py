"""The judges' programs, and ours."""

import shutil
import subprocess
import sys
import venv
from pathlib import Path

from storage.collection import Collection

REQUIREMENTS = Path(__file__).with_name("requirements.txt")


def judges_installed(tools: Path) -> Path:
    """The programs of the judges' environment, which is made where it is not there or not as REQUIREMENTS says."""
    folder, stamp = tools / "judges", tools / "judges" / "requirements.txt"
    if not stamp.exists() or stamp.read_bytes() != REQUIREMENTS.read_bytes():
        print(f"installing the judges in {folder}", flush=True)
        venv.create(folder, with_pip=True, clear=True)
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--requirement", str(REQUIREMENTS)], check=True)
        shutil.copy(REQUIREMENTS, stamp)
    return folder / "bin"


def said_by(*words: str | Path, may_fail: bool = False) -> str:
    """Standard output of a program, and standard error too where it may fail."""
    ended = subprocess.run(words, capture_output=True, text=True, check=False, timeout=600)
    if may_fail:
        return ended.stdout + ended.stderr
    assert ended.returncode == 0, f"{Path(words[0]).name} ended with {ended.returncode}: {ended.stderr[-500:]}"
    return ended.stdout


def ours(collection: Collection) -> list[str]:
    """`emeroteca` on this collection."""
    return [sys.executable, "-m", "crawler.cli", "--home", str(collection.home)]
