"""Compares our index with cdxj-indexer, and our keys with surt."""

import json
import random
import subprocess
from pathlib import Path

from bench.interop.tools import output_of
from storage.collection import Collection
from storage.warc.index.cdxj import entries_in
from storage.warc.index.surt import surt


def same_index(tools: Path, collection: Collection) -> str:
    files = collection.warc_files()
    for path in files:
        theirs = output_of(tools / "cdxj-indexer", "--sort", path)
        ours = b"".join(sorted(entry.line() for entry in entries_in(path))).decode()
        assert ours == theirs, f"{path.name}: {_first_difference(ours, theirs)}"
    theirs = output_of(tools / "cdxj-indexer", "--sort", *files)
    ours = b"".join(collection.registry().index.lines()).decode()
    assert ours == theirs, f"the collection: {_first_difference(ours, theirs)}"
    revisits = theirs.count('"mime": "warc/revisit"')
    return (
        f"{len(files)} files and the collection's index are equal, {theirs.count(chr(10))} lines, {revisits} revisits"
    )


def _first_difference(ours: str, theirs: str) -> str:
    pairs = zip(ours.splitlines(), theirs.splitlines(), strict=False)
    return next((f"{one} is not {other}" for one, other in pairs if one != other), "one is longer")


def same_keys(tools: Path) -> str:
    """The keys of unusual URLs, generated from a fixed seed, are equal."""
    draw = random.Random(1)
    parts = (
        "/",
        "//",
        ".",
        "..",
        "?",
        "&",
        "=",
        "%20",
        "%C3%A9",
        "é",
        "+",
        "-",
        "_",
        "www.",
        "@",
        ":",
        "%",
        "x=1",
        "Ab",
    )
    hosts = ("a.it", "www.b.it", "WWW3.C.it", "x.y.it:8080", "a.it:80", "caffè.it", "127.0.0.1", "[::1]", "a..it.")
    urls = [
        f"{draw.choice(('http', 'https'))}://{draw.choice(hosts)}/" + "".join(draw.choices(parts, k=draw.randrange(10)))
        for _ in range(5000)
    ]
    program = "import json,sys,surt; print(json.dumps([surt.surt(url) for url in json.load(sys.stdin)]))"
    words = [str(tools / "python"), "-c", program]
    theirs = json.loads(
        subprocess.run(words, input=json.dumps(urls), capture_output=True, text=True, check=True).stdout
    )
    for url, their in zip(urls, theirs, strict=True):
        assert surt(url) == their, f"{url}: {surt(url)} is not {their}"
    return f"{len(urls)} URLs have the same keys"
