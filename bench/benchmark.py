"""The public article-extraction-benchmark beside the checkout: its pages, the true bodies, what its authors published.

Nothing of it is kept here: it is read from ../shared/benchmarks, and where that is absent there is no benchmark.
"""

import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "benchmarks" / "article-extraction-benchmark"
#: F1, precision, recall, accuracy in the benchmark's README, of systems whose outputs its repository stores.
PUBLISHED: Mapping[str, tuple[float, float, float, float]] = {
    "AutoExtract": (0.970, 0.984, 0.956, 0.470),
    "readability": (0.922, 0.913, 0.931, 0.315),
    "rs_trafilatura": (0.970, 0.951, 0.990, 0.287),
    "trafilatura": (0.958, 0.938, 0.978, 0.293),
}


@dataclass(frozen=True, slots=True)
class Case:
    """A page: its name in the benchmark (a digest), its address, its bytes, its true body."""

    name: str
    url: str
    body: bytes
    truth: str

    @property
    def half(self) -> str:
        """Which half it belongs to: rules are made by looking at `dev` pages only."""
        return "held-out" if int(self.name[0], 16) % 2 else "dev"


def cases() -> list[Case]:
    """All pages, in the order of their names; none where the benchmark is absent."""
    if not FOLDER.is_dir():
        return []
    truth = json.loads((FOLDER / "ground-truth.json").read_text("utf-8"))
    return [
        Case(
            name, page["url"], gzip.decompress((FOLDER / "html" / f"{name}.html.gz").read_bytes()), page["articleBody"]
        )
        for name, page in sorted(truth.items())
    ]


def digest(pages: list[Case]) -> str:
    """What names this corpus: a digest of all pages and all truth."""
    found = hashlib.sha256()
    for page in pages:
        for part in (page.name.encode(), page.body, page.truth.encode()):
            found.update(hashlib.sha256(part).digest())
    return found.hexdigest()


def stored_output(path: Path) -> dict[str, str]:
    """A system's bodies as the benchmark's repository stores them (`output/*.json`)."""
    data = json.loads(path.read_text("utf-8"))
    pages = data["output"] if set(data) == {"version", "output"} else data
    return {name: page.get("articleBody") or "" for name, page in pages.items()}
