"""The journal of an erasure, in HOME/erasure: what a second run needs to finish what a killed one began.

The plan is there before anything changes; the places of rewritten records before the first file is replaced. Both are
removed at the end, when the tombstone is in HOME/erasures.jsonl.
"""

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from storage.collection import Collection
from storage.corpus.write.capture_result import RecordKey
from storage.corpus.write.erasure import Tombstone
from storage.warc.durable_files import replace_file

#: Ends the name of a rewritten file that is not yet in its place.
REWRITTEN = ".erased"


@dataclass(slots=True)
class ErasurePlan:
    """What an erasure does. count: of captures. captures: places of rows to erase, in files of the collection and
    others. records: places of all records to leave out, by file of the collection. responses: revisits to be written
    as responses. payloads: the digests of what goes. urls, articles (their ids), url_keys: not taken again. headlines:
    to be looked for in logs.
    """

    kind: str
    count: int = 0
    captures: list[RecordKey] = field(default_factory=list)
    records: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    responses: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    payloads: list[str] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)
    url_keys: list[int] = field(default_factory=list)
    articles: list[str] = field(default_factory=list)
    headlines: list[str] = field(default_factory=list)
    id: str = ""
    erased_at: str = ""
    reason: str = ""
    by_right: str | None = None


@dataclass(slots=True)
class FileChange:
    """A rewritten file: size and SHA-256, None where no capture is left in it; old and new place of each record that
    is left; SHA-256 of each record that went.
    """

    facts: tuple[int, str] | None
    moved: list[tuple[int, str, int, int]]
    erased: list[str]


class Journal:
    """The journal of a collection."""

    def __init__(self, collection: Collection) -> None:
        self._folder = collection.home / "erasure"
        self._plan, self._changes = self._folder / "plan.json", self._folder / "files.json"
        self._tombstones = collection.home / "erasures.jsonl"

    @property
    def scratch(self) -> Path:
        """A folder for temporary files, which goes with the journal."""
        return self._folder

    def plan(self) -> ErasurePlan | None:
        """The plan of an erasure that has begun and not ended; None where there is none."""
        data = _read(self._plan)
        if data is None:
            return None
        data["captures"] = [tuple(key) for key in data["captures"]]
        for name in ("records", "responses"):
            data[name] = {file: [tuple(place) for place in places] for file, places in data[name].items()}
        return ErasurePlan(**data)

    def begin(self, plan: ErasurePlan) -> None:
        """Raises WriteFailed."""
        _write(self._plan, asdict(plan))

    def changes(self) -> dict[str, FileChange] | None:
        """The rewritten files by name; None where not all of them are written."""
        data = _read(self._changes)
        if data is None:
            return None
        return {
            name: FileChange(
                tuple(one["facts"]) if one["facts"] else None,
                [(old, id, new, length) for old, id, new, length in one["moved"]],
                one["erased"],
            )
            for name, one in data.items()
        }

    def files_written(self, changes: dict[str, FileChange]) -> None:
        """Raises WriteFailed."""
        _write(self._changes, {name: asdict(change) for name, change in changes.items()})

    def end(self, stone: Tombstone) -> None:
        """Add the tombstone and remove the journal. Raises WriteFailed."""
        if stone.id not in {one.id for one in self.tombstones()}:
            self._write_tombstones([*self.tombstones(), stone])
        self.cancel()

    def cancel(self) -> None:
        """Give up an erasure of which nothing has been done."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def tombstones(self) -> list[Tombstone]:
        """The tombstones of the collection, the oldest first."""
        try:
            lines = self._tombstones.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []
        return [Tombstone.from_json(json.loads(line)) for line in lines]

    def _write_tombstones(self, stones: Sequence[Tombstone]) -> None:
        replace_file(self._tombstones, (json.dumps(stone.as_json()).encode() + b"\n" for stone in stones))


def _read(path: Path) -> dict[str, Any] | None:
    try:
        data: dict[str, Any] = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    return data


def _write(path: Path, data: Any) -> None:
    replace_file(path, [json.dumps(data).encode()])
