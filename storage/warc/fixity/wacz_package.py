"""Checks a WACZ's digests: datapackage.json by datapackage-digest.json, every file by that (WACZ 1.1.1, 5.2).

Called by `crawler.cli.verify`.
"""

import json
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from storage.warc.digest import digest_of
from storage.warc.fixity.verifier import Fault
from storage.warc.read.source import check_size, open_package, read_entry

PACKAGE = "datapackage.json"
DIGEST = "datapackage-digest.json"
#: Of an entry in a zip file: signature, version, flags, method, time, date, CRC-32, sizes, lengths of name and extra.
_HEADER = struct.Struct("<4s5H3I2H")
#: What zipfile raises for damaged packages, beside its own error.
_UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError),
    *(ValueError, OSError, struct.error),
)


def wacz_faults(path: Path) -> Iterator[Fault]:
    """The faults of the package at a path; none where it is no zip file."""
    if not path.is_file() or not zipfile.is_zipfile(path):
        return
    try:
        yield from _faults(path)
    except _UNREADABLE as problem:
        yield Fault(str(path), None, "damaged", str(problem))


def _faults(path: Path) -> Iterator[Fault]:
    with open_package(path) as wacz:
        yield from directory_faults(path, wacz)
        names = {name for name in wacz.namelist() if not name.endswith("/")}
        if PACKAGE not in names:
            yield Fault(str(path), None, "package", f"it has no {PACKAGE}")
            return
        package = read_entry(wacz, PACKAGE)
        resources = _resources(package)
        if resources is None:
            yield Fault(str(path), None, "package", f"{PACKAGE} lists no files")
            return
        if DIGEST in names and (declared := _hash_in(read_entry(wacz, DIGEST))) != _hash([package], declared):
            yield Fault(str(path), None, "package", f"{DIGEST} says {PACKAGE} is {declared}")
        for resource in resources:
            yield from _resource_faults(wacz, path, names, resource)
        for name in sorted(names - {PACKAGE, DIGEST} - {str(resource.get("path")) for resource in resources}):
            yield Fault(f"{path}/{name}", None, "package", f"{PACKAGE} does not list it")


def directory_faults(path: Path, wacz: zipfile.ZipFile) -> Iterator[Fault]:
    """What the header of an entry and the directory at the end of the package say differently: version, flags, method,
    date, name (APPNOTE 4.3.7, 4.3.12), of which readers look at one only.
    """
    with path.open("rb") as file:
        size = file.seek(0, 2)
        for info in wacz.infolist():
            is_inside = 0 <= info.header_offset <= size - _HEADER.size
            file.seek(info.header_offset if is_inside else size)
            header = file.read(_HEADER.size)
            if not is_inside:
                yield Fault(f"{path}/{info.filename}", None, "package", "its header is not where the directory says")
                continue
            _, version, flags, method, time, date, _, _, _, length, _ = _HEADER.unpack(header)
            year, month, day, hour, minute, second = info.date_time
            moment = (hour << 11 | minute << 5 | second // 2, year - 1980 << 9 | month << 5 | day)
            listed = (info.extract_version, info.flag_bits, info.compress_type, *moment)
            name = file.read(length).decode("utf-8" if flags & 0x800 else "cp437", "replace")
            if listed != (version, flags, method, time, date) or name != info.orig_filename:
                yield Fault(f"{path}/{info.filename}", info.header_offset, "package", "its header is not as listed")


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
        check_size(wacz, name)
        with wacz.open(name) as file:
            found = _hash(iter(lambda: file.read(1024 * 1024), b""), declared)
    except _UNREADABLE as problem:
        yield Fault(f"{path}/{name}", None, "damaged", str(problem))
        return
    if found != declared:
        yield Fault(f"{path}/{name}", None, "changed", f"{PACKAGE} says {declared}, it is {found}")


def _hash(parts: Iterable[bytes], declared: str) -> str:
    """The labelled digest by the algorithm of the declared one, SHA-256 or MD5."""
    algorithm = "md5" if declared.startswith("md5:") else "sha256"
    return f"{algorithm}:{digest_of(algorithm, parts).digester.hexdigest()}"
