"""Floors of the evaluation: scores that may only rise, pinned with the digest of the corpus that they were had on."""

import json
from collections.abc import Mapping
from math import floor
from pathlib import Path

FILE = Path(__file__).with_name("floors.json")
Scores = Mapping[str, float]


class Lower(Exception):
    """A floor would have to be lowered, or belongs to another corpus."""


def pinned(file: Path = FILE) -> dict[str, dict[str, float | str]]:
    """The floors by corpus: `digest` and the scores; empty before the first pinning."""
    return json.loads(file.read_text("utf-8")) if file.exists() else {}


def below(corpus: str, digest: str, scores: Scores, file: Path = FILE) -> list[str]:
    """What is worse than its floor, in words; a corpus other than the pinned one is worse too."""
    floors = pinned(file).get(corpus)
    if floors is None:
        return [f"{corpus}: no floors"]
    if floors["digest"] != digest:
        return [f"{corpus}: another corpus than the floors were pinned on"]
    return [
        f"{corpus}: {name} {scores.get(name, 0.0):.4f} is below its floor {value}"
        for name, value in floors.items()
        if name != "digest" and scores.get(name, 0.0) < float(value)
    ]


def pin(corpus: str, digest: str, scores: Scores, *, lower: bool = False, file: Path = FILE) -> None:
    """Raise the floors to these scores. Raises Lower where one would fall or the corpus changed, unless told to."""
    known = corpus in pinned(file)
    if known and not lower and (worse := below(corpus, digest, scores, file)):
        raise Lower("; ".join(worse))
    rounded = {name: floor(score * 10_000) / 10_000 for name, score in sorted(scores.items())}
    kept = {**pinned(file), corpus: {"digest": digest, **rounded}}
    file.write_text(json.dumps(kept, indent=2, sort_keys=True) + "\n", encoding="utf-8")
