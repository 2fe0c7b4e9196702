"""wacz on our packages, and our `verify` on its."""

from pathlib import Path

from bench.interop.tools import ours, said_by
from storage.collection import Collection


def wacz_validate(judges: Path, collection: Collection, folder: Path) -> str:
    made = []
    for name, words in (("all", ()), ("crawl-3", ("--crawl", "3")), ("site", ("--site", "sputniknews"))):
        output = folder / f"{name}.wacz"
        said_by(*ours(collection), "package", *words, "--output", output)
        said = said_by(judges / "wacz", "validate", "-f", output, may_fail=True)
        assert "Validation succeeded" in said, said.strip()
        made.append(f"{output.name} ({output.stat().st_size} bytes)")
    return ", ".join(made) + " are valid"


def same_wacz(judges: Path, collection: Collection, folder: Path) -> str:
    """A package that wacz makes of our files is one that we read and find nothing wrong with."""
    output = folder / "theirs.wacz"
    said_by(judges / "wacz", "create", "--output", output, *collection.warc_files())
    said = said_by(*ours(collection), "verify", output, may_fail=True)
    assert "nothing wrong" in said, said[-500:]
    return said.strip().splitlines()[-1]
