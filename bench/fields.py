"""Our own fixtures, field by field: how many fields of how many articles are exactly as they must be."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from crawler.extraction.extract import extract
from crawler.extraction.extract_flattened import extract_flattened
from crawler.extraction.pages.page import Page
from crawler.extraction.refusals import PageRefused

FIXTURES = Path(__file__).resolve().parents[1] / "tests" / "fixtures"


@dataclass(frozen=True, slots=True)
class Result:
    """Of one folder of fixtures (`sputniknews`, `flat` ...): fields compared, fields equal, what differs."""

    group: str
    fields: int
    differing: tuple[str, ...]

    @property
    def share(self) -> float:
        return 1 - len(self.differing) / max(1, self.fields)


def results() -> list[Result]:
    """Every group of fixtures compared."""
    return [_compared(group) for group in sorted(FIXTURES.iterdir()) if any(group.glob("*/article.json"))]


def _compared(group: Path) -> Result:
    fields, differing = 0, []
    for case in sorted(group.iterdir()):
        for name, found, expected in _fields(case):
            fields += 1
            if found != expected:
                differing.append(f"{group.name}/{case.name}: {name}")
    return Result(group.name, fields, tuple(differing))


def _fields(case: Path) -> Iterator[tuple[str, Any, Any]]:
    """Name, found and expected value of each field; a refusal is the field `refused`."""
    meta = json.loads((case / "meta.json").read_text("utf-8")) if (case / "meta.json").exists() else {}
    try:
        found: dict[str, Any] = _found(case, meta)
    except PageRefused as refusal:
        found = {"refused": refusal.reason.value}
    if "refused" in meta:
        yield "refused", found.get("refused"), meta["refused"]
        return
    for name, expected in json.loads((case / "article.json").read_text("utf-8")).items():
        yield name, found.get(name), expected


def _found(case: Path, meta: dict[str, Any]) -> dict[str, Any]:
    if (case / "dump.txt").exists():
        return extract_flattened((case / "dump.txt").read_text("utf-8")).as_json()
    captured_at = datetime.fromisoformat(meta["captured_at"]) if meta.get("captured_at") else None
    return extract(Page.from_bytes((case / "page.html").read_bytes(), meta["url"], captured_at)).as_json()
