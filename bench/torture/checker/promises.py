"""The promises of DESIGN.md on a collection, and what was there at a fault and may not be lost."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.torture.checker import files
from bench.torture.checker.rows import ARTICLES, CONSISTENCY, FILES, Corpus, corpus
from bench.torture.checker.rows import CAPTURES as CAPTURE_ROWS
from bench.torture.checker.warc import CAPTURES, Record, digest_faults, read_file

#: Name endings of files that are not finished.
UNFINISHED = (".open", ".tmp", ".part", ".new", ".erased")
#: Articles of the newsstand are judged by these kinds of blocks.
TEXTS = {"paragraph", "heading", "quote"}


@dataclass
class Durable:
    """What a collection holds at a moment: ids of whole records, and the texts of articles in rows."""

    records: set[str] = field(default_factory=set)
    texts: set[tuple[str, str]] = field(default_factory=set)

    @classmethod
    def of(cls, home: Path, url: str) -> "Durable":
        found = cls({record.id for record in all_records(home / "warc")[0]})
        if not url.startswith("sqlite:///") or Path(url.removeprefix("sqlite:///")).exists():
            with corpus(url) as rows:
                found.texts = rows.texts() if rows.has_tables else set()
        return found

    def lost(self, now: "Durable") -> Iterator[str]:
        """What is there no more."""
        yield from (f"the record {id} was captured, and is lost" for id in sorted(self.records - now.records)[:5])
        yield from (f"the text {text} was stored, and is lost" for text in sorted(self.texts - now.texts)[:5])


def all_records(warc: Path) -> tuple[list[Record], list[Any]]:
    """The records of all files of a folder, open ones too, and damages."""
    records, damages = [], []
    for path in sorted([*warc.glob("*.warc.gz"), *warc.glob("*.warc.gz.open")]):
        found, broken = read_file(path)
        records += found
        damages += broken
    return records, damages


def collection_faults(home: Path, url: str, elsewhere: Iterable[Path] = ()) -> Iterator[str]:
    """Faults of a collection on which no command is running. elsewhere: further WARC files, which have rows too."""
    warc = home / "warc"
    if left := [path.name for path in home.rglob("*") if path.name.endswith(UNFINISHED)]:
        yield f"unfinished files are left: {left}"
    records, damages = all_records(warc)
    yield from (f"{damage.file} is damaged at {damage.offset}: {damage.reason}" for damage in damages)
    for record in records:
        yield from digest_faults(record)
    yield from (f"the record {id} is there twice" for id, count in Counter(r.id for r in records).items() if count > 1)
    yield from _revisit_faults(records)
    yield from files.manifest_faults(warc)
    yield from files.index_faults(home / "index", records)
    for path in elsewhere:
        records += read_file(path)[0]
    with corpus(url) as rows:
        yield from _row_faults(rows, records, warc)


def _revisit_faults(records: list[Record]) -> Iterator[str]:
    held = {record.headers.get("warc-payload-digest") for record in records if record.kind == "response"}
    for record in records:
        if record.kind == "revisit" and record.headers.get("warc-payload-digest") not in held:
            yield f"the payload of the revisit {record.id} of {record.url} is in no record"


def _row_faults(rows: Corpus, records: list[Record], warc: Path) -> Iterator[str]:
    wanted = {record.id: record for record in records if record.kind in CAPTURES}
    found = set()
    for name, offset, length, id, kind, url, digest, *_ in rows(CAPTURE_ROWS):
        record = wanted.get(id)
        found.add(id)
        if record is None:
            yield f"a row refers to {id}, which is in no file"
            continue
        stated = record.headers.get("warc-payload-digest")
        if (name, offset, length, kind, url) != (record.file, record.offset, record.length, record.kind, record.url):
            yield f"the row of {id} says {(name, offset, length, kind, url)}, which is not where it is"
        if digest != stated and stated is not None:
            yield f"the row of {id} has the digest {digest}, its record {stated}"
    yield from (f"{record.kind} {id} of {record.url} has no row" for id, record in wanted.items() if id not in found)
    for name, size, digest in rows(FILES):
        path = warc / name
        if path.exists() and (size, digest) != (path.stat().st_size, files.sha256(path.read_bytes())):
            yield f"the row of {name} says {size} bytes and {digest}"
    for meaning, statement in CONSISTENCY.items():
        if strange := rows(statement):
            yield f"{meaning}: {strange[:3]}"


def newest_texts(url: str) -> dict[str, str]:
    """Content hash of the newest revision, by article id."""
    with corpus(url) as rows:
        return dict(
            rows(
                "SELECT a.article_id, r.content_hash FROM articles a "
                "JOIN revisions r ON r.article = a.id AND r.number = a.revision_count WHERE a.withheld IS NULL"
            )
        )


def truth_faults(url: str, site: str, truth: Iterable[Mapping[str, Any]], *, whole: bool) -> Iterator[str]:
    """Articles that the newsstand serves and that are not in the rows, or with other words.

    whole: all are expected with the text that they have now; else only that they are there.
    """
    with corpus(url) as rows:
        found = {row[0]: row for row in rows(ARTICLES) if row[1] == site}
    for article in truth:
        row = found.get(article["canonical_url"])
        if row is None:
            yield f"{article['canonical_url']} was served, and is in no row"
        elif whole and row[2] != article["headline"]:
            yield f"{article['canonical_url']} has the headline {row[2]!r}, served was {article['headline']!r}"
        elif whole:
            blocks = row[4] if isinstance(row[4], list) else json.loads(row[4])
            read = [block["text"] for block in blocks if block["type"] in TEXTS]
            served = [block["text"] for block in article["blocks"] if block["type"] in TEXTS]
            if read != served:
                yield f"{article['canonical_url']} has other texts than were served"


def request_faults(
    log: Iterable[Mapping[str, Any]], records: Iterable[Record], articles: set[str], strikes: int, in_flight: int = 8
) -> Iterator[str]:
    """More captures of a URL than the newsstand had requests; more repeated requests of articles than were in flight at
    the faults."""
    asked = Counter(f"{row['scheme']}://{row['host']}{row['target']}" for row in log if row["method"] == "GET")
    captured = Counter(record.url for record in records if record.kind in ("response", "revisit"))
    for url, count in captured.items():
        if count > asked[url]:
            yield f"{count} captures of {url}, which was requested {asked[url]} times"
    again = sum(count - 1 for url, count in asked.items() if url in articles)
    if again > strikes * in_flight:
        yield f"{again} requests for articles that had been served, after {strikes} faults"
