"""A WACZ's own digests: datapackage-digest.json against datapackage.json, that against every file (WACZ 1.1.1, 5.2)."""

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from storage.warc.fixity.verifier import Fault

PACKAGE = "datapackage.json"
DIGEST = "datapackage-digest.json"


def wacz_faults(path: Path) -> Iterator[Fault]:
    """What is wrong with the package at a path, if it is one; what is no zip file is no package."""
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
        if DIGEST in names and (said := _hash_in(wacz.read(DIGEST))) != _hash([package], said):
            yield Fault(str(path), None, "package", f"{DIGEST} says {PACKAGE} is {said}")
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
    name, said = str(resource.get("path")), str(resource.get("hash"))
    if name not in names:
        yield Fault(f"{path}/{name}", None, "missing", f"{PACKAGE} lists it")
        return
    try:
        with wacz.open(name) as file:
            found = _hash(iter(lambda: file.read(1024 * 1024), b""), said)
    except zipfile.BadZipFile as problem:
        yield Fault(f"{path}/{name}", None, "damaged", str(problem))
        return
    if found != said:
        yield Fault(f"{path}/{name}", None, "changed", f"{PACKAGE} says {said}, it is {found}")


def _hash(parts: Iterable[bytes], said: str) -> str:
    """The labelled digest in the kind that is said, SHA-256 or MD5."""
    kind = "md5" if said.startswith("md5:") else "sha256"
    digested = hashlib.new(kind, usedforsecurity=False)
    for part in parts:
        digested.update(part)
    return f"{kind}:{digested.hexdigest()}"
