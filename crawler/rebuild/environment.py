"""A fingerprint of code and libraries: machines where it is equal give the same rows; used by dask_executor."""

import hashlib
import sys
from functools import cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

#: Packages whose code decides what is extracted.
_PACKAGES = ("crawler", "spiders", "storage")
#: Libraries that do so too.
_LIBRARIES = ("trafilatura", "htmldate", "courlan", "jusText", "lxml", "dateparser", "PyStemmer", "dask", "distributed")

Environment = dict[str, str]


@cache
def environment() -> Environment:
    """Versions by name; `its code` is a digest of every module, the site files too."""
    python = ".".join(map(str, sys.version_info[:2]))
    libraries = {name: version(name) for name in _LIBRARIES}
    return {"emeroteca": version("emeroteca"), "its code": _code(), "python": python, **libraries}


def differences(other: Environment) -> str:
    """The differences of this environment from another, as text; empty where there are none."""
    here = environment()
    names = [name for name in sorted(here | other) if here.get(name) != other.get(name)]
    return ", ".join(f"{name} {here.get(name, 'missing')} instead of {other.get(name, 'missing')}" for name in names)


def _code() -> str:
    digest = hashlib.sha256()
    for name in _PACKAGES:
        folder = Path(import_module(name).__path__[0])
        for file in sorted(folder.rglob("*.py")):
            digest.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
