"""Imports texts of pages: each becomes a conversion record in a WARC file of the collection, with its provenance in a
metadata record; the usual pipeline makes the rows. Called by the command `import text`.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawler.archives.text_pages import JsonFields, TextPage, UnreadableText, read_text_pages
from crawler.crawl.recovery import ingest_missing_captures, recover_interrupted_crawls
from crawler.extraction.extract_flattened import extract_flattened
from crawler.extraction.refusals import PageRefused
from crawler.ingest.classify import DEFAULT_EXTRACTOR, TEXT_URN
from crawler.ingest.file_registration import register_files
from crawler.ingest.report import IngestReport
from crawler.registry import canonical_url_of, site_of
from crawler.settings import EMEROTECA_CONTACT, USER_AGENT
from crawler.takedown.erase import keys_erased
from crawler.urls import is_web_url
from storage.collection import Collection
from storage.corpus.db.database import open_database
from storage.corpus.read.captures import conversions
from storage.corpus.write.erasure import ErasedKeys
from storage.corpus.write.store import Store
from storage.locks import exclusive_reader_lock
from storage.warc.digest import sha1_digest
from storage.warc.index.manifest import sha256_of
from storage.warc.write.conversion import Conversion
from storage.warc.write.writer import WarcWriter


@dataclass(slots=True)
class TextImportReport:
    """written: texts that became records. known: texts that the collection had, under the same URL. skipped: texts of
    hosts of no known site. erased: texts of pages that were erased. unreadable: parts of files that hold no text.
    rows: results of the records.
    """

    written: int = 0
    known: int = 0
    skipped: int = 0
    erased: int = 0
    unreadable: int = 0
    rows: IngestReport = field(default_factory=IngestReport)

    @property
    def needs_a_look(self) -> bool:
        """Whether a part could not be read, nothing was of use, or a text gave no article."""
        is_nothing = not self.written and not self.known and not self.erased
        return bool(self.unreadable or self.rows.problems or self.rows.refused) or is_nothing

    def as_json(self) -> dict[str, Any]:
        counts = {"written": self.written, "known": self.known, "skipped": self.skipped, "unreadable": self.unreadable}
        counts["erased"] = self.erased
        return counts | {"taken": dict(self.rows.taken), "refused": dict(self.rows.refused)}

    def lines(self) -> list[str]:
        """The counts as text."""
        words = [f"{self.written} texts imported, {self.known} were there already"]
        if self.written:
            words.append(_counts("rows", self.rows.taken))
        if self.rows.refused:
            words.append(_counts("refused", self.rows.refused))
        if self.unreadable:
            words.append(f"unreadable: {self.unreadable}")
        if self.erased:
            words.append(f"erased: {self.erased} texts of pages that were taken down are not imported again")
        if self.skipped:
            words.append(f"{self.skipped} texts are of hosts of no known site: emeroteca site add URL makes one known")
        return words


def _counts(title: str, counts: Counter[str]) -> str:
    return f"{title}: " + ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))


@dataclass(frozen=True, slots=True)
class TextSource:
    """url, captured_at: of texts whose file does not say. names: of the fields of JSON lines."""

    url: str | None = None
    captured_at: datetime | None = None
    names: JsonFields = field(default_factory=JsonFields)

    def pages(self, path: Path) -> Iterator[TextPage | UnreadableText]:
        """The pages of a file, completed. Raises SourceNotFound."""
        for page in read_text_pages(path, self.names):
            if isinstance(page, TextPage):
                moment = page.captured_at or self.captured_at
                yield replace(page, url=page.url or self.url, captured_at=moment)
            else:
                yield page


def import_texts(
    collection: Collection,
    paths: Iterable[Path],
    source: TextSource,
    on_problem: Callable[[str], None] = lambda _: None,
) -> TextImportReport:
    """Import the texts of files; one that the collection has under the same URL is not written again.

    on_problem: called with a sentence for each part that cannot be read. A killed import is completed by the next run
    of any command that writes. Raises SourceNotFound, CorpusError, WriteFailed.
    """
    report = TextImportReport()
    with (
        exclusive_reader_lock(collection.locks, "import-text"),  # two at once would write a text twice
        open_database(collection.database_url) as database,
    ):
        store = Store(database)
        recover_interrupted_crawls(collection, store, DEFAULT_EXTRACTOR)
        known, erased = set(conversions(database)), keys_erased(collection, database)
        with WarcWriter(
            collection.warc, prefix="text", software=USER_AGENT.split(" ")[0], operator=EMEROTECA_CONTACT or None
        ) as writer:
            files = {file for path in paths for file in _write(path, source, writer, known, erased, report, on_problem)}
        sealed = [collection.warc / file for file in sorted(files)]
        report.rows = ingest_missing_captures(collection, store, sealed, DEFAULT_EXTRACTOR)
        if not report.rows.is_incomplete:
            register_files(collection.registry(), store, sealed)
    return report


def _write(
    path: Path,
    source: TextSource,
    writer: WarcWriter,
    known: set[tuple[str, str | None]],
    erased: ErasedKeys,
    report: TextImportReport,
    on_problem: Callable[[str], None],
) -> Iterator[str]:
    """Write the texts of a file that are not known; gives the WARC files."""
    facts = {"source-file": path.name, "source-digest": f"sha256:{sha256_of(path)}"}
    for page in source.pages(path):
        if isinstance(page, UnreadableText):
            report.unreadable += 1
            on_problem(f"{path}{', ' if page.place else ''}{page.place}: {page.reason}")
        elif (conversion := _conversion(page, facts)) is None:
            report.skipped += 1
        elif erased.has_url(canonical_url_of(conversion.url)):
            report.erased += 1
        elif (key := (conversion.url, sha1_digest([conversion.text]))) in known:
            report.known += 1
        else:
            known.add(key)
            report.written += 1
            yield writer.write_conversion(conversion).file


def _conversion(page: TextPage, facts: Mapping[str, str]) -> Conversion | None:
    """The record of a page; None where it is of no known site."""
    now = datetime.now(UTC)
    text = page.text.encode()
    url = page.url if page.url and is_web_url(page.url) else _address_in(page, text)
    if url is None or (not url.startswith(TEXT_URN) and site_of(url) is None):
        return None
    provenance = {
        **facts,
        **page.stated,
        "source-place": page.place or None,
        "imported-at": now.isoformat(),
        "date-is-of": "capture" if page.captured_at else "import",
    }
    return Conversion(url, page.captured_at or now, text, provenance, page.refers_to)


def _address_in(page: TextPage, text: bytes) -> str | None:
    """The URL that a text states; a URN of the text where it states none; None where it is of no known site."""
    urn = TEXT_URN + sha1_digest([text]).removeprefix("sha1:")
    try:
        article = extract_flattened(page.text, None, page.captured_at)
    except PageRefused:
        return urn  # to be recorded with its reason
    # Foreign text, through foreign parsers: that it fails is recorded by its row.
    except Exception:
        return urn
    return article.canonical_url or article.url or (urn if article.site else None)
