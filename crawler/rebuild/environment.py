"""What a worker reads with: two machines give the same rows where this is the same."""

import hashlib
import sys
from functools import cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

#: Packages that have a say too.
_PACKAGES = ("crawler", "spiders", "storage")
#: Libraries that have a say in what is read from a page.
_LIBRARIES = ("trafilatura", "htmldate", "courlan", "jusText", "lxml", "dateparser", "PyStemmer", "dask", "distributed")

Environment = dict[str, str]


@cache
def environment() -> Environment:
    """Versions by name; `its code` digests every module, so that a site file that differs is seen too."""
    python = ".".join(map(str, sys.version_info[:2]))
    libraries = {name: version(name) for name in _LIBRARIES}
    return {"emeroteca": version("emeroteca"), "its code": _code(), "python": python, **libraries}


def differences(there: Environment) -> str:
    """What is other here than in that kit, for people; empty where nothing is."""
    here = environment()
    names = [name for name in sorted(here | there) if here.get(name) != there.get(name)]
    return ", ".join(f"{name} {here.get(name, 'missing')} instead of {there.get(name, 'missing')}" for name in names)


def _code() -> str:
    digest = hashlib.sha256()
    for name in _PACKAGES:
        folder = Path(import_module(name).__path__[0])
        for file in sorted(folder.rglob("*.py")):
            digest.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
