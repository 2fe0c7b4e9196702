"""Do the field's own tools agree with us? `make interop`.

    python -m bench.interop --tools .tools

Crawls the newsstand twice into a collection, and has it judged by programs that we had no hand in, each in a tool
environment of its own: warcio (records, digests), cdxj-indexer (the index), surt (keys), wacz (packages), pywb and
Chromium (replay, seen in a browser). Prints a line a judgement and ends with 1 where one is against us. What cannot
run here is skipped, and says so.
"""

import argparse
import json
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import venv
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener

from lxml import html

from crawler.replay import ReplayProblem, find_wayback, free_port, install, replaying
from newsstand.faults import Fault, FaultKind
from newsstand.stand import Newsstand
from storage.collection import Collection
from storage.warc.cdxj import entries_in
from storage.warc.digest import digest_of
from storage.warc.message import parse_head
from storage.warc.reader import read_records
from storage.warc.record import Record
from storage.warc.spool import pieces
from storage.warc.surt import surt

ROOT = Path(__file__).parents[1]
REQUIREMENTS = Path(__file__).with_name("interop-requirements.txt")
SITES = ("alanews", "sputniknews")
#: Captures of each kind (`_kind`) and site that are looked at in the browser.
SEEN = 2
#: Share of a headline's and lede's words that must be read off a screenshot.
LEGIBLE = 0.8
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
BROWSER_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--virtual-time-budget=8000", "--window-size=1200,2400"),
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


class Skipped(Exception):
    """A judgement that cannot be had here; the message says why."""


@dataclass
class Court:
    """The judgements so far."""

    lines: list[tuple[str, str, str]] = field(default_factory=list)

    def hear(self, name: str, judgement: Callable[[], str]) -> None:
        """Have one judgement: what it returns is told, AssertionError is against us, Skipped is none."""
        try:
            verdict, said = "agrees", judgement()
        except AssertionError as against:
            verdict, said = "DISAGREES", str(against)
        except Skipped as skipped:
            verdict, said = "skipped", str(skipped)
        self.lines.append((verdict, name, said))
        print(f"{verdict:9}  {name}: {said}", flush=True)

    @property
    def is_against_us(self) -> bool:
        return any(verdict == "DISAGREES" for verdict, _, _ in self.lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.interop")
    parser.add_argument("--tools", type=Path, default=Path(".tools"))
    parser.add_argument("--articles", type=int, default=20)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--keep", type=Path, help="a folder for collection, package and screenshots")
    given = parser.parse_args()
    os.environ["EMEROTECA_TOOLS"] = str(given.tools.absolute())
    judges = judges_installed(given.tools.absolute())
    court = Court()
    with tempfile.TemporaryDirectory(prefix="emeroteca-interop-") as temporary:
        folder = given.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        collection = crawled(folder / "archive", given.articles, given.seed)
        court.hear("warcio check", lambda: warcio_check(judges, collection))
        court.hear("warcio's records", lambda: same_records(judges, collection))
        court.hear("cdxj-indexer", lambda: same_index(judges, collection))
        court.hear("surt", lambda: same_keys(judges))
        court.hear("wacz validate", lambda: wacz_validate(judges, collection, folder))
        court.hear("wacz create", lambda: same_wacz(judges, collection, folder))
        court.hear("pywb in a browser", lambda: replayed(collection, folder))
    return 1 if court.is_against_us else 0


# --- tools ----------------------------------------------------------------------------------------------------


def judges_installed(tools: Path) -> Path:
    """The programs of the judges' environment, which is made where it is not there or not as REQUIREMENTS says."""
    folder, stamp = tools / "judges", tools / "judges" / "requirements.txt"
    if not stamp.exists() or stamp.read_bytes() != REQUIREMENTS.read_bytes():
        print(f"installing the judges in {folder}", flush=True)
        venv.create(folder, with_pip=True, clear=True)
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--requirement", str(REQUIREMENTS)], check=True)
        shutil.copy(REQUIREMENTS, stamp)
    return folder / "bin"


def said_by(*words: str | Path, may_fail: bool = False) -> str:
    """Standard output of a program, and standard error too where it may fail."""
    ended = subprocess.run(words, capture_output=True, text=True, check=False, timeout=600)
    if may_fail:
        return ended.stdout + ended.stderr
    assert ended.returncode == 0, f"{Path(words[0]).name} ended with {ended.returncode}: {ended.stderr[-500:]}"
    return ended.stdout


def crawled(home: Path, articles: int, seed: int) -> Collection:
    """A collection of both sites, crawled before and after the newsroom went on, some of it chunked.

    Then every article is asked for twice again: as what the archive has, which the server calls unchanged, and as new,
    which brings the same payload again. So both kinds of revisit are there.
    """
    collection = Collection(home)
    with Newsstand(articles=articles, seed=seed) as stand:
        stand.faults(Fault(FaultKind.CHUNKED, pattern=".", share=0.4))
        environment = {**os.environ, **stand.environment, "EMEROTECA_CONTACT": "interop@emeroteca.example"}

        def crawl(*words: str) -> None:
            every = [sys.executable, "-m", "crawler.cli", "--home", str(home), "crawl", *words, "--delay", "0"]
            subprocess.run(every, env=environment, check=True, timeout=600)

        for step in (0, 1):
            stand.clock(step)
            for site in SITES:
                crawl(site)
        for site in SITES:
            again = [word for row in stand.truth(site)[: 2 * SEEN] for word in ("--url", row["url"])]
            crawl(site, *again)
            with closing(sqlite3.connect(collection.payloads)) as index:
                index.execute("DELETE FROM urls")
                index.commit()
            crawl(site, *again)
    return collection


# --- files ----------------------------------------------------------------------------------------------------


def warcio_check(judges: Path, collection: Collection) -> str:
    """`warcio check` digests the framing of chunked messages too; all else must pass."""
    records, chunked = 0, 0
    for path in collection.warc_files():
        ours = {record.record_id: record for record in read_records(path)}
        records += len(ours)
        said = said_by(judges / "warcio", "check", path, may_fail=True)
        for name, complaint in re.findall(r"WARC-Record-ID (<\S+>) \S+\n\s+(.+)", said):
            codings = parse_head(ours[name].block).tokens(b"transfer-encoding")
            assert "payload" in complaint and "chunked" in codings, f"{path.name}, {name}: {complaint}"
            chunked += 1
        assert "skipping rest of file" not in said, said
    return f"{records} records pass, {chunked} chunked ones aside"


def same_records(judges: Path, collection: Collection) -> str:
    """Types, ids, URLs, digests, offsets and lengths as an independent reader finds them."""
    files = collection.warc_files()
    theirs = said_by(judges / "python", ROOT / "bench" / "judge_records.py", *files).splitlines()
    ours = [json.dumps([str(path), *_facts(record)]) for path in files for record in read_records(path)]
    assert ours == theirs, next(f"{one} is not {other}" for one, other in zip(ours, theirs, strict=False))
    return f"{len(ours)} records in {len(files)} files: types, ids, URLs, digests, offsets, lengths"


def _facts(record: Any) -> list[Any]:
    header = record.header
    block = digest_of(pieces(record.block))
    assert header("WARC-Block-Digest") in (block, None), record.record_id
    told = (header("WARC-Target-URI"), header("WARC-Payload-Digest"))
    return [record.record_type, record.record_id, *told, block, record.offset, record.length]


# --- index ----------------------------------------------------------------------------------------------------


def same_index(judges: Path, collection: Collection) -> str:
    files = collection.warc_files()
    for path in files:
        theirs = said_by(judges / "cdxj-indexer", "--sort", path)
        ours = b"".join(sorted(entry.line() for entry in entries_in(path))).decode()
        assert ours == theirs, f"{path.name}: {_first_difference(ours, theirs)}"
    theirs = said_by(judges / "cdxj-indexer", "--sort", *files)
    ours = b"".join(collection.keeping().index.lines()).decode()
    assert ours == theirs, f"the collection: {_first_difference(ours, theirs)}"
    revisits = theirs.count('"mime": "warc/revisit"')
    return (
        f"{len(files)} files and the collection's index are equal, {theirs.count(chr(10))} lines, {revisits} revisits"
    )


def _first_difference(ours: str, theirs: str) -> str:
    pairs = zip(ours.splitlines(), theirs.splitlines(), strict=False)
    return next((f"{one} is not {other}" for one, other in pairs if one != other), "one is longer")


def same_keys(judges: Path) -> str:
    """The keys of odd URLs, drawn from a fixed seed."""
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
    words = [str(judges / "python"), "-c", program]
    theirs = json.loads(
        subprocess.run(words, input=json.dumps(urls), capture_output=True, text=True, check=True).stdout
    )
    for url, their in zip(urls, theirs, strict=True):
        assert surt(url) == their, f"{url}: {surt(url)} is not {their}"
    return f"{len(urls)} URLs have the same keys"


# --- packages -------------------------------------------------------------------------------------------------


def wacz_validate(judges: Path, collection: Collection, folder: Path) -> str:
    made = []
    for name, words in (("all", ()), ("crawl-3", ("--crawl", "3")), ("site", ("--site", "sputniknews"))):
        output = folder / f"{name}.wacz"
        said_by(*_ours(collection), "package", *words, "--output", output)
        said = said_by(judges / "wacz", "validate", "-f", output, may_fail=True)
        assert "Validation succeeded" in said, said.strip()
        made.append(f"{output.name} ({output.stat().st_size} bytes)")
    return ", ".join(made) + " are valid"


def same_wacz(judges: Path, collection: Collection, folder: Path) -> str:
    """A package that wacz makes of our files is one that we read and find nothing wrong with."""
    output = folder / "theirs.wacz"
    said_by(judges / "wacz", "create", "--output", output, *collection.warc_files())
    said = said_by(*_ours(collection), "verify", output, may_fail=True)
    assert "nothing wrong" in said, said[-500:]
    return said.strip().splitlines()[-1]


def _ours(collection: Collection) -> list[str]:
    return [sys.executable, "-m", "crawler.cli", "--home", str(collection.home)]


# --- replay ---------------------------------------------------------------------------------------------------


def replayed(collection: Collection, folder: Path) -> str:
    browser = _browser()
    try:
        wayback = find_wayback() or install()
    except ReplayProblem as problem:
        raise Skipped(str(problem)) from problem
    seen: Counter[str] = Counter()
    read: list[float] = []
    with (
        replaying(collection, wayback, free_port(), framed=False) as (url, _),
        tempfile.TemporaryDirectory(prefix="emeroteca-browser-") as profile,
    ):
        look = [browser, *BROWSER_FLAGS, f"--user-data-dir={profile}"]
        for number, (article, timestamp, kind) in enumerate(_articles(collection)):
            address = f"{url}{timestamp}/{article['url']}"
            seen[kind] += 1
            if kind == "server-not-modified":
                _assert_unchanged(address)
                continue
            document = html.fromstring(said_by(*look, "--dump-dom", address) or "<p>nothing</p>")
            _assert_shown(article, " ".join(document.text_content().split()), address)
            picture = folder / f"replay-{number}.png"
            said_by(*look, f"--screenshot={picture}", address)
            assert picture.exists() and picture.stat().st_size > 10_000, f"{address}: the picture is empty"
            read += _legible(article, picture)
    assert seen.keys() == {"plain", "chunked", "identical-payload-digest", "server-not-modified"}, f"only {dict(seen)}"
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(seen.items()))
    words = f"{seen.total()} captures ({kinds}) are replayed, all but the 304s in the browser with every paragraph"
    if not read:
        return f"{words}; no tesseract here to read the pictures"
    assert min(read) >= LEGIBLE, f"of a headline and lede only {min(read):.0%} can be read off the picture"
    return f"{words}; at least {min(read):.0%} of each headline and lede are read off the picture"


def _browser() -> str:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        packages = ("chromium", "tesseract-ocr", "tesseract-ocr-ita")
        subprocess.run(["apt-get", "update", "-qq"], check=False, stdout=sys.stderr)
        words = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
        subprocess.run(words, check=False, stdout=sys.stderr)
        found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        raise Skipped("no Chromium here: apt-get install chromium tesseract-ocr tesseract-ocr-ita")
    return found


def _articles(collection: Collection) -> Iterator[tuple[dict[str, Any], str, str]]:
    """Articles, each with the time and the kind of one of its captures: that of the newest revision, or a revisit."""
    rows = {row["url"]: row for row in map(json.loads, said_by(*_ours(collection), "export").splitlines())}
    seen: Counter[tuple[str, str]] = Counter()
    for path in collection.warc_files():
        for record in read_records(path):
            row = rows.get(record.header("WARC-Target-URI") or "")
            if row is None or record.record_type not in ("response", "revisit"):
                continue
            kind = _kind(record)
            is_own = (path.name, record.offset) == (row["warc_file"], row["warc_offset"])
            if (is_own or record.record_type == "revisit") and seen[row["site"], kind] < SEEN:
                seen[row["site"], kind] += 1
                yield row, re.sub(r"\D", "", record.header("WARC-Date") or "")[:14], kind


def _kind(record: Record) -> str:
    """ "chunked" or "plain" for a response, the profile's last word for a revisit."""
    if record.record_type == "revisit":
        return (record.header("WARC-Profile") or "").rpartition("/")[2]
    return "chunked" if "chunked" in parse_head(record.block).tokens(b"transfer-encoding") else "plain"


def _assert_unchanged(address: str) -> None:
    """pywb replays a revisit of this profile as it was served, a 304 without content, whatever WARC/1.1, 6.7.3 says."""
    try:
        build_opener(ProxyHandler({})).open(address, timeout=60).close()
    except HTTPError as answer:
        assert answer.code == 304, f"{address} is answered with {answer.code}"


def _assert_shown(article: dict[str, Any], shown: str, address: str) -> None:
    expected = [article["headline"], article["description"]]
    expected += [block["text"] for block in article["blocks"] if block["type"] in ("paragraph", "heading")]
    for text in filter(None, expected):
        assert " ".join(text.split()) in shown, f"{address} does not show: {text[:80]}"


def _legible(article: dict[str, Any], picture: Path) -> list[float]:
    """The share of the words of headline and lede that are read off the picture; nothing where nobody can read."""
    if shutil.which("tesseract") is None:
        return []
    languages = said_by("tesseract", "--list-langs")
    seen = said_by("tesseract", picture, "-", "-l", "ita" if "ita" in languages.split() else "eng")
    words = set(re.findall(r"\w{4,}", f"{article['headline']} {article['description'] or ''}".lower()))
    return [len(words & set(re.findall(r"\w{4,}", seen.lower()))) / len(words)]


if __name__ == "__main__":
    sys.exit(main())
