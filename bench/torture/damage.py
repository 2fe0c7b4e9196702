"""Damage to files of a collection at rest: what `verify` says of it, and the remedy."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.torture.arena import Arena
from bench.torture.checker import promises
from bench.torture.checker.warc import read_file


@dataclass(frozen=True)
class Damage:
    """do: damages, and returns what `verify` has to name; an empty string where it need not see it. remedy: restores,
    by commands of the program where there are any."""

    name: str
    do: Callable[[Arena], str]
    remedy: Callable[[Arena], None]


def _flip(arena: Arena) -> str:
    path = arena.draw.choice(sorted((arena.home / "warc").glob("*.warc.gz")))
    data = bytearray(path.read_bytes())
    place = arena.draw.randrange(len(data))
    records, _ = read_file(path)
    hit = next(record for record in records if record.offset <= place < record.offset + record.length)
    shutil.copyfile(path, arena.folder / path.name)
    data[place] ^= 1 << arena.draw.randrange(8)
    path.write_bytes(data)
    return f"{path.name} at {hit.offset}"


def _restore(arena: Arena) -> None:
    for path in arena.folder.glob("*.warc.gz"):
        shutil.move(path, arena.home / "warc" / path.name)


def _cut(arena: Arena) -> str:
    path = arena.draw.choice(sorted((arena.home / "warc").glob("*.warc.gz")))
    shutil.copyfile(path, arena.folder / path.name)
    path.write_bytes(path.read_bytes()[: arena.draw.randrange(path.stat().st_size)])
    return path.name


def _remove_warc(arena: Arena) -> str:
    path = arena.draw.choice(sorted((arena.home / "warc").glob("*.warc.gz")))
    shutil.move(path, arena.folder / path.name)
    return path.name


def _index_file(arena: Arena) -> Path:
    return arena.draw.choice(sorted((arena.home / "index").glob("*.cdxj")))


def _delete_index(arena: Arena) -> str:
    shutil.rmtree(arena.home / "index")
    return "index"


def _delete_index_file(arena: Arena) -> str:
    _index_file(arena).unlink()
    return "index"


def _damage_index(arena: Arena) -> str:
    path = _index_file(arena)
    data = path.read_bytes()
    place = arena.draw.randrange(len(data))
    kind = arena.draw.choice(["cut", "noise", "a line less"])
    if kind == "cut":
        path.write_bytes(data[:place])
    elif kind == "noise":
        path.write_bytes(data[:place] + arena.draw.randbytes(40) + data[place + 40 :])
    else:
        lines = data.splitlines(keepends=True)
        lines.pop(arena.draw.randrange(len(lines)))
        path.write_bytes(b"".join(lines))
    return "index"


def _make_index(arena: Arena) -> None:
    arena.run("index")


def _delete_payloads(arena: Arena) -> str:
    for path in arena.home.glob("payloads.db*"):
        path.unlink()
    return "payloads.db: missing"


def _damage_payloads(arena: Arena) -> str:
    path = arena.home / "payloads.db"
    data = bytearray(path.read_bytes())
    if arena.draw.random() < 0.3:
        path.write_bytes(data[: arena.draw.randrange(len(data))])
    else:
        place = arena.draw.choice([0, arena.draw.randrange(len(data))])
        noise = arena.draw.randbytes(200)
        data[place : place + 200] = noise[: len(data) - place]
        path.write_bytes(data)
    return ""


def _crawl_on(arena: Arena) -> None:
    """Crawls do not depend on it; a rebuild makes it."""
    arena.stand.clock(1)
    arena.run("crawl", "alanews", "--delay", "0")
    _delete_payloads(arena)
    arena.run("rebuild", "--again")


def _delete_rows(arena: Arena) -> str:
    arena.drop_rows()
    return ""


def _make_rows(arena: Arena) -> None:
    arena.run("rebuild")


def _delete_manifest(arena: Arena) -> str:
    (arena.home / "warc" / "manifest-sha256.txt").unlink()
    return "manifest"


DAMAGES = (
    Damage("a byte flipped in a WARC file", _flip, _restore),
    Damage("a byte flipped in a WARC file", _flip, _restore),
    Damage("a WARC file cut off", _cut, _restore),
    Damage("a WARC file deleted", _remove_warc, _restore),
    Damage("index deleted", _delete_index, _make_index),
    Damage("a file of the index deleted", _delete_index_file, _make_index),
    Damage("a file of the index damaged", _damage_index, _make_index),
    Damage("payload index deleted", _delete_payloads, _crawl_on),
    Damage("payload index damaged", _damage_payloads, _crawl_on),
    Damage("database deleted", _delete_rows, _make_rows),
    Damage("manifest deleted", _delete_manifest, _make_index),
)


def damaged(arena: Arena, damage: Damage) -> None:
    """One damage, from `verify` that sees it to `verify` that finds nothing; problems go to the arena."""
    texts = promises.newest_texts(arena.database)
    named = damage.do(arena)
    if damage.name != "database deleted":
        found = arena.run("verify", "--rows", "0", accepted=(1,) if named else (0, 1))
        if named and named not in found:
            arena.problems.append(f"verify does not name {named}: {found[:500]}")
    damage.remedy(arena)
    arena.run("verify")
    now = promises.newest_texts(arena.database)
    if missing := texts.keys() - now.keys():
        arena.problems.append(f"articles are missing after {damage.name}: {sorted(missing)[:3]}")
