"""Whether the working tree gives what an earlier commit gave: crawls, rebuilds, indexes, extraction, help texts.

    python -m bench.equivalence --before COMMIT [--shared ../shared] [--articles 60]

Both trees run the same commands in processes of their own, with the Python and the libraries of this one. Compared are
the records of a crawl of the newsstand (two crawls of both sites, ids and times aside), and byte by byte: the exports
and search results of both collections rebuilt by each tree, their CDXJ index and manifest, the export and report of
every archive in SHARED/warcs, the articles of the fixtures and of the pages in SHARED, and the help of each command.
Prints a line for each comparison, a diff for each difference, and ends with 1 where there is one.
"""

import argparse
import difflib
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

from newsstand.stand import Newsstand

ROOT = Path(__file__).resolve().parents[1]
SITES = ("alanews", "sputniknews")
#: Lines of a difference that are printed.
SHOWN = 40
#: Headers of a record that name it, its time or its neighbours.
OF_ONE_RUN = re.compile(
    r"(?im)^(warc-(date|record-id|concurrent-to|refers-to|refers-to-date|warcinfo-id|filename|block-digest)"
    r"|date|content-length|(last-modified|etag|if-none-match|if-modified-since)|fetchtimems"
    r"|hostname|proxy|settings-digest|sha256|warc-ip-address)\s*:.*\n?"
)
#: The part of a cursor that names its corpus: another in each.
CURSOR = re.compile(r"(next cursor \d+)-[0-9a-f]+")


@dataclass
class Tree:
    """A checkout, and the folder for what it makes."""

    name: str
    root: Path
    made: Path

    def run(self, *words: str, home: Path | None = None, **environment: str) -> str:
        """`emeroteca` with these words: its exit status, standard output and standard error as one text.

        The folder of what this tree makes is written as MADE, so that texts of both trees compare.
        """
        command = [sys.executable, "-m", "crawler.cli", *(["--home", str(home)] if home else []), *words]
        surroundings = {**os.environ, "PYTHONPATH": str(self.root), "COLUMNS": "80", "EMEROTECA_CONTACT": "a@b.example"}
        ended = subprocess.run(
            command, cwd=self.root, env=surroundings | environment, capture_output=True, text=True, check=False
        )
        said = f"exit {ended.returncode}\n{ended.stdout}\n{ended.stderr}"
        said = said.replace(str(self.made), "MADE").replace(str(self.root), "TREE").replace(str(ROOT), "TREE")
        return CURSOR.sub(r"\1", said)


@dataclass
class Comparison:
    """Prints what is equal and what is not."""

    different: list[str] = field(default_factory=list)

    def texts(self, what: str, before: str, now: str) -> None:
        """Compare two texts line by line."""
        if before == now:
            print(f"same       {what} ({len(before.splitlines())} lines)", flush=True)
            return
        self.different.append(what)
        print(f"DIFFERENT  {what}")
        lines = difflib.unified_diff(before.splitlines(), now.splitlines(), "before", "now", lineterm="", n=1)
        for _, line in zip(range(SHOWN), lines, strict=False):
            print(f"    {line[:300]}", flush=True)


def main() -> int:
    """Compare, and say with the exit status whether all is the same."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--before", required=True, metavar="COMMIT")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", metavar="FOLDER")
    parser.add_argument("--articles", type=int, default=60)
    asked = parser.parse_args()
    comparison = Comparison()
    with _trees(asked.before) as (before, now):
        _compare_help(before, now, comparison)
        _compare_extraction(before, now, _pages(asked.shared), comparison)
        _compare_crawls(before, now, asked.articles, comparison)
        archives = sorted((asked.shared / "warcs").glob("*.*")) if asked.shared.is_dir() else []
        for archive in archives:
            _compare_rebuilds(before, now, archive, comparison)
    print(f"{len(comparison.different)} different: {', '.join(comparison.different) or 'none'}")
    return 1 if comparison.different else 0


@contextmanager
def _trees(commit: str) -> Iterator[tuple[Tree, Tree]]:
    with tempfile.TemporaryDirectory(prefix="equivalence-") as folder:
        checkout = Path(folder) / "before"
        subprocess.run(["git", "-C", str(ROOT), "worktree", "add", "--detach", str(checkout), commit], check=True)
        try:
            trees = [Tree(name, root, Path(folder) / f"made-{name}") for name, root in (("b", checkout), ("n", ROOT))]
            for tree in trees:
                tree.made.mkdir()
            yield trees[0], trees[1]
        finally:
            subprocess.run(["git", "-C", str(ROOT), "worktree", "remove", "--force", str(checkout)], check=True)


def _compare_help(before: Tree, now: Tree, comparison: Comparison) -> None:
    commands = re.findall(r"(?m)^  ([a-z]+)  ", now.run("--help").partition("Commands:")[2])
    for words in ([], *([name] for name in commands)):
        comparison.texts(" ".join([*words, "--help"]), before.run(*words, "--help"), now.run(*words, "--help"))


def _pages(shared: Path) -> Iterator[tuple[str, list[str], list[Path]]]:
    """What to extract: a name, the options, the files."""
    yield "fixtures", [], sorted((ROOT / "tests" / "fixtures").glob("*/*/page.html"))
    yield "flattened fixtures", ["--flat"], sorted((ROOT / "tests" / "fixtures" / "flat").glob("*/dump.txt"))
    yield "shared pages", [], sorted((shared / "pages").glob("*/*.html*"))
    yield "seeds", ["--flat"], sorted((shared / "seeds").glob("*.txt"))


def _compare_extraction(
    before: Tree, now: Tree, sets: Iterable[tuple[str, list[str], list[Path]]], comparison: Comparison
) -> None:
    for name, options, files in sets:
        if files:
            words = ["extract", *options, *map(str, files)]
            comparison.texts(f"extract of {len(files)} {name}", before.run(*words), now.run(*words))


def _compare_crawls(before: Tree, now: Tree, articles: int, comparison: Comparison) -> None:
    """Each tree crawls; then each rebuilds what either crawled."""
    for tree in (before, now):
        _crawl(tree, articles)
    records = [_records(tree.made / "home" / "warc") for tree in (before, now)]
    comparison.texts("records of the crawls", *("\n".join(sorted(one.elements())) for one in records))
    for captured in (before, now):
        _compare_rebuilds(before, now, captured.made / "home" / "warc", comparison)
        said = []
        for tree in (before, now):
            home = tree.made / f"index-{captured.name}"
            shutil.copytree(captured.made / "home" / "warc", home / "warc")
            said.append(tree.run("index", home=home) + _tree_text(home, ("index", "warc/*.txt")))
        comparison.texts(f"index and manifest of the crawl by {captured.name}", *said)


def _crawl(tree: Tree, articles: int) -> None:
    with Newsstand(articles=articles, seed=7) as stand:
        for step in range(2):
            stand.clock(step)
            for site in SITES:
                said = tree.run("crawl", site, "--delay", "0", home=tree.made / "home", **stand.environment)
                if not said.startswith(("exit 0", "exit 1")):
                    raise SystemExit(f"the crawl of {site} by {tree.name} failed: {said}")


def _records(folder: Path) -> Counter[str]:
    """The records of the WARC files, without what differs from run to run, each with its number of times."""
    found: Counter[str] = Counter()
    for path in sorted(folder.glob("*.warc.gz")):
        with path.open("rb") as file:
            for record in ArchiveIterator(file, no_record_parse=True):
                headers = "".join(f"{name}: {value}\n" for name, value in record.rec_headers.headers)
                head, gap, body = record.raw_stream.read().partition(b"\r\n\r\n")
                block = io.TextIOWrapper(io.BytesIO(head), encoding="latin-1", newline=None).read()
                kind = record.rec_type
                # A page that shows its own moment has another payload in each run; its length follows.
                text = "" if kind in {"response", "revisit"} else body.decode("latin-1")
                found[OF_ONE_RUN.sub("", f"{headers}{block}\n{gap!r}{text}").strip()] += 1
    return found


def _compare_rebuilds(before: Tree, now: Tree, archive: Path, comparison: Comparison) -> None:
    said = []
    for tree in (before, now):
        home = Path(tempfile.mkdtemp(dir=tree.made))
        text = tree.run("rebuild", str(archive), "--any", "--jobs", "1", home=home)
        for form in ("jsonl", "csv"):
            text += tree.run("export", "--format", form, home=home)
        text += tree.run("search", "una", home=home) + tree.run("status", home=home)
        said.append(re.sub(r"[0-9.]+ ?(s|seconds|MB/s|/s)\b", "TIME", text.replace(home.name, "HOME")))
    comparison.texts(f"rebuild, exports, search, status of {archive.parent.name}/{archive.name}", *said)


def _tree_text(home: Path, patterns: Iterable[str]) -> str:
    files = sorted({file for pattern in patterns for one in home.glob(pattern) for file in (one, *one.rglob("*"))})
    texts = (f"{file.relative_to(home)}\n{file.read_text('utf-8')}" for file in files if file.is_file())
    return "\n".join(texts)


if __name__ == "__main__":
    sys.exit(main())
