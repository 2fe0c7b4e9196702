"""Checks a WACZ's digests: datapackage.json by datapackage-digest.json, every file by that (WACZ 1.1.1, 5.2).

Called by `crawler.cli.verify`.
"""

import json
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from storage.warc.digest import digest_of
from storage.warc.fixity.verifier import Fault

PACKAGE = "datapackage.json"
DIGEST = "datapackage-digest.json"


def wacz_faults(path: Path) -> Iterator[Fault]:
    """The faults of the package at a path; none where it is no zip file."""
    if not path.is_file() or not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as wacz:
        names = {name for name in wacz.namelist() if not name.endswith("/")}
        if PACKAGE not in names:
            yield Fault(str(path), None, "package", f"it has no {PACKAGE}")
            return
        package = wacz.read(PACKAGE)
        resources = _resources(package)
        if resources is None:
            yield Fault(str(path), None, "package", f"{PACKAGE} lists no files")
            return
        if DIGEST in names and (declared := _hash_in(wacz.read(DIGEST))) != _hash([package], declared):
            yield Fault(str(path), None, "package", f"{DIGEST} says {PACKAGE} is {declared}")
        for resource in resources:
            yield from _resource_faults(wacz, path, names, resource)
        for name in sorted(names - {PACKAGE, DIGEST} - {str(resource.get("path")) for resource in resources}):
            yield Fault(f"{path}/{name}", None, "package", f"{PACKAGE} does not list it")


def _resources(package: bytes) -> list[dict[str, Any]] | None:
    try:
        found = json.loads(package)["resources"]
    except (ValueError, KeyError, TypeError):
        return None
    return found if isinstance(found, list) and all(isinstance(one, dict) for one in found) else None


def _hash_in(digest: bytes) -> str:
    try:
        return str(json.loads(digest)["hash"])
    except (ValueError, KeyError, TypeError):
        return "nothing"


def _resource_faults(wacz: zipfile.ZipFile, path: Path, names: set[str], resource: dict[str, Any]) -> Iterator[Fault]:
    name, declared = str(resource.get("path")), str(resource.get("hash"))
    if name not in names:
        yield Fault(f"{path}/{name}", None, "missing", f"{PACKAGE} lists it")
        return
    try:
        with wacz.open(name) as file:
            found = _hash(iter(lambda: file.read(1024 * 1024), b""), declared)
    except zipfile.BadZipFile as problem:
        yield Fault(f"{path}/{name}", None, "damaged", str(problem))
        return
    if found != declared:
        yield Fault(f"{path}/{name}", None, "changed", f"{PACKAGE} says {declared}, it is {found}")


def _hash(parts: Iterable[bytes], declared: str) -> str:
    """The labelled digest by the algorithm of the declared one, SHA-256 or MD5."""
    algorithm = "md5" if declared.startswith("md5:") else "sha256"
    return f"{algorithm}:{digest_of(algorithm, parts).digester.hexdigest()}"
