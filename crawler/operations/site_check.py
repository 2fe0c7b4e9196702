"""Crawls a few pages of a site into a collection that is thrown away, and explains how they are read: `site check`."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from crawler.extraction.explanation import Explanation, explain
from crawler.extraction.refusals import PageRefused
from crawler.ingest.classify import page_of
from crawler.registry import site_named
from storage.exceptions import CommandError
from storage.warc.read.reader import read_captures

#: Words below which a body is doubted, and agreement with trafilatura below which it is.
_FEW_WORDS, _AGREEING = 80, 0.75
_BEGINNING = 160
#: Fields that nearly every article has.
_EXPECTED = ("headline", "published_date", "authors", "language")


@dataclass(frozen=True, slots=True)
class CheckedPage:
    """A page with what is doubtful on it: names of fields to reasons."""

    explanation: Explanation
    beginning: str
    doubts: dict[str, str]

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        return {**self.explanation.as_json(), "doubts": self.doubts}


@contextmanager
def throw_away_home(home: Path) -> Iterator[Path]:
    """A home with the site files of another, removed in the end."""
    with TemporaryDirectory(prefix="emeroteca-") as folder:
        if (home / "sites").is_dir():
            shutil.copytree(home / "sites", Path(folder) / "sites")
        yield Path(folder)


def check_site_pages(home: Path, name: str, *, pages: int, urls: Sequence[str], delay: float) -> Iterator[CheckedPage]:
    """The pages of a short crawl of the site, in the order of their capture. Raises CommandError."""
    site = site_named(name)
    with throw_away_home(home) as folder:
        words = ["--home", str(folder), "crawl", name, "--limit", str(pages), "--delay", str(delay)]
        words += [word for url in urls for word in ("--url", url)]
        clean = {key: value for key, value in os.environ.items() if key != "EMEROTECA_DATABASE_URL"}
        ended = subprocess.run([sys.executable, "-m", "crawler.cli", *words], env=clean, check=False)
        if ended.returncode not in (0, 1):
            raise CommandError(f"the crawl of {name} ended with status {ended.returncode}: see the messages above")
        seen = set()
        for capture in read_captures(folder / "warc"):
            if site.article_url(capture.url) is None or capture.url in seen:
                continue
            seen.add(capture.url)
            try:
                page = page_of(capture)
            except PageRefused:
                continue
            yield checked(explain(page))


def checked(explanation: Explanation) -> CheckedPage:
    """The page with its doubts."""
    values = {one.name: one.value for one in explanation.fields}
    doubts = {name: "there is none" for name in _EXPECTED if not values.get(name)}
    if explanation.refusal is not None:
        doubts["refused"] = ": ".join(explanation.refusal)
    if (words := values.get("word_count") or 0) < _FEW_WORDS:
        doubts["word_count"] = f"{words} words are few"
    if explanation.agreement is not None and explanation.agreement < _AGREEING:
        doubts["text"] = f"trafilatura agrees on {explanation.agreement:.2f} of it"
    for warning in explanation.warnings:
        kind = warning.partition(":")[0]
        if kind not in ("date-unknown", "readers-disagree"):
            doubts[kind] = warning
    kept = " ".join(one.text for one in explanation.blocks if one.is_kept)
    return CheckedPage(explanation, kept[:_BEGINNING], doubts)
