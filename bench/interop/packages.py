"""`wacz validate` on our packages, and our `verify` on packages of wacz."""

from pathlib import Path

from bench.interop.tools import ours, output_of
from storage.collection import Collection


def wacz_validate(tools: Path, collection: Collection, folder: Path) -> str:
    made = []
    for name, words in (("all", ()), ("crawl-3", ("--crawl", "3")), ("site", ("--site", "sputniknews"))):
        output = folder / f"{name}.wacz"
        output_of(*ours(collection), "package", *words, "--output", output)
        said = output_of(tools / "wacz", "validate", "-f", output, may_fail=True)
        assert "Validation succeeded" in said, said.strip()
        made.append(f"{output.name} ({output.stat().st_size} bytes)")
    return ", ".join(made) + " are valid"


def same_wacz(tools: Path, collection: Collection, folder: Path) -> str:
    """Our `verify` finds no fault in a package that wacz makes of our files."""
    output = folder / "theirs.wacz"
    output_of(tools / "wacz", "create", "--output", output, *collection.warc_files())
    said = output_of(*ours(collection), "verify", output, may_fail=True)
    assert "nothing wrong" in said, said[-500:]
    return said.strip().splitlines()[-1]
