"""The open sets of pages with known text that stand beside the checkout, each with its own measure.

Nothing of them is kept here: they are read from ../shared/benchmarks; a set that is absent has no pages. Each set is
split by its pages' hosts: rules are learned on one half, nobody looks at the pages of the other.
"""

import gzip
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from urllib.parse import urlsplit

from bench.shingles import overlap, score

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "benchmarks"
SHINGLES, WORDS, SEGMENTS = "article-extraction-benchmark", "wcxb-articles", "trafilatura-evaluation"
#: Every page of this set was looked at before the halves were made: its second half is not unseen.
LOOKED_AT = SHINGLES
LEARNED, UNSEEN = "learned", "unseen"
_DOMAIN = re.compile(r"[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\.[a-z]{2,}")
_WORD = re.compile(r"\w+")
_NO_LETTERS = re.compile(r"[\W_]+")
_BETWEEN_NAMES = re.compile(r"\s*(?:;|,|&| and | und | et | y )\s*")


@dataclass(frozen=True, slots=True)
class Case:
    """A page of a set; the truth is its `body`, or else the segments that must be `present` and `absent`."""

    set: str
    name: str
    url: str
    html: bytes
    half: str
    body: str | None = None
    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    day: str | None = None
    author: str | None = None
    title: str | None = None

    @property
    def key(self) -> tuple[str, str]:
        return self.set, self.name


@dataclass(frozen=True, slots=True)
class Scores:
    """Of a set, 0 to 1: its own measure, and the share of pages that are exactly right."""

    measure: float
    exact: float


def load() -> list[Case]:
    """All pages of all sets."""
    return [*_shingle_cases(), *_gold_cases(WORDS), *_gold_cases(SEGMENTS)]


def _shingle_cases() -> Iterator[Case]:
    folder = FOLDER / SHINGLES
    if folder.is_dir():
        for name, page in sorted(json.loads((folder / "ground-truth.json").read_text("utf-8")).items()):
            html = gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes())
            yield Case(SHINGLES, name, page["url"], html, half_of(page["url"]), page["articleBody"])


def _gold_cases(name: str) -> Iterator[Case]:
    folder = FOLDER / name
    for line in (folder / "gold.jsonl").open(encoding="utf-8") if folder.is_dir() else ():
        page = json.loads(line)
        html = gzip.decompress((folder / "html" / f"{page['id']}.html.gz").read_bytes())
        yield Case(
            set=name,
            name=page["id"],
            url=page["url"] or "",
            html=html,
            half=half_of(page["url"] or page["id"]),
            body=page.get("body"),
            present=tuple(page["present"]),
            absent=tuple(page["absent"]),
            day=(_first(page.get("published") or page.get("date")) or "")[:10] or None,
            author="; ".join(_list(page.get("author"))) or None,
            title=_first(page.get("title")),
        )


def _first(value: str | list[str] | None) -> str | None:
    return next(iter(_list(value)), None)


def _list(value: str | list[str] | None) -> list[str]:
    return value if isinstance(value, list) else [value] if value else []


def half_of(url: str) -> str:
    """The half of a page, by a digest of its host (or the domain in its file's name)."""
    host = urlsplit(url).hostname or ""
    if "." not in host:
        found = _DOMAIN.search(re.sub(r"\.html?$", "", url.split("::")[-1]).lower())
        host = found[0] if found else url
    return (LEARNED, UNSEEN)[int(hashlib.sha256(host.removeprefix("www.").encode()).hexdigest(), 16) % 2]


def scored(pages: Sequence[Case], texts: Mapping[tuple[str, str], str]) -> Scores:
    """The scores of these texts for pages of one set; a page without a text has an empty one."""
    pairs = [(case, texts.get(case.key, "")) for case in pages]
    if pages[0].set == SHINGLES:
        found = score(overlap(case.body or "", text) for case, text in pairs)
        return Scores(found.f1, found.accuracy)
    if pages[0].set == WORDS:
        exact = mean(_WORD.findall(case.body or "") == _WORD.findall(text) for case, text in pairs)
        return Scores(mean(word_f1(case.body or "", text) for case, text in pairs), exact)
    return _by_segments(pairs)


def word_f1(true: str, found: str) -> float:
    """F1 of the words of two texts, each word as often as it occurs."""
    wanted, given = (Counter(_WORD.findall(text.lower())) for text in (true, found))
    both = (wanted & given).total()
    return 2 * both / (wanted.total() + given.total()) if both else 0.0


def recall(true: str, found: str) -> float:
    """The share of the true words that were found."""
    wanted, given = (Counter(_WORD.findall(text.lower())) for text in (true, found))
    return (wanted & given).total() / max(1, wanted.total())


def _by_segments(pairs: Iterable[tuple[Case, str]]) -> Scores:
    """F1 over all segments of all pages; a page is exact with all that it must have and nothing that it must not."""
    counts = []
    for case, text in pairs:
        folded = " ".join(text.split())
        present, absent = (
            sum(" ".join(segment.split()) in folded for segment in segments) for segments in (case.present, case.absent)
        )
        counts.append((present, len(case.present), absent))
    right, wanted, wrong = (sum(column) for column in zip(*counts, strict=True))
    exact = mean(found == true and not false for found, true, false in counts)
    return Scores(2 * right / (right + wrong + wanted), exact)


def groups(pages: Iterable[Case]) -> dict[tuple[str, str], list[Case]]:
    """The pages by set and half."""
    found: dict[tuple[str, str], list[Case]] = {}
    for case in pages:
        found.setdefault((case.set, case.half), []).append(case)
    return dict(sorted(found.items()))


def report(pages: Iterable[Case], texts: Mapping[tuple[str, str], str]) -> Iterator[str]:
    """A line for each set and half."""
    for (name, half), group in groups(pages).items():
        found = scored(group, texts)
        yield f"{name:30} {half:8} {len(group):4} {found.measure:.4f} {found.exact:.3f}"


def digest(pages: Iterable[Case]) -> str:
    """What names this corpus: a digest of all pages and all truth."""
    found = hashlib.sha256()
    for page in pages:
        truth = repr((page.name, page.body, page.present, page.absent))
        for part in (page.html, truth.encode()):
            found.update(hashlib.sha256(part).digest())
    return found.hexdigest()


def same_authors(true: str, found: Iterable[str]) -> bool:
    """Whether these are the true authors, in any order; the truth separates them by semicolons, commas or "and"."""
    names = frozenset(key for name in _BETWEEN_NAMES.split(true) if (key := _NO_LETTERS.sub("", name.casefold())))
    return names == {
        key for name in _BETWEEN_NAMES.split("; ".join(found)) if (key := _NO_LETTERS.sub("", name.casefold()))
    }
