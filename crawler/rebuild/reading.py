"""What a worker does: the captures of a range are read, judged and handed on in parts."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import IO

from crawler.extraction.urls import host_of
from crawler.intake import kept_of
from crawler.judge import judge, read_article
from crawler.rebuild.choice import Choice
from crawler.rebuild.discovered import Discovered
from crawler.rebuild.found import Found, Held, Problem, Range
from crawler.rebuild.once import Once
from crawler.rebuild.records import Headers, RangeReader, Unwanted
from crawler.rebuild.sources import is_remote, opened
from crawler.sites import site_on
from storage.warc.capture import Capture
from storage.warc.members import Members
from storage.warc.originals import NOT_MODIFIED, Originals
from storage.warc.payloads import PayloadIndex, Place
from storage.warc.reader import as_capture
from storage.warc.record import Record, records_in

#: Captures that are handed on together, and seconds after which fewer are.
PART, PATIENCE = 50, 1.0
RECOMPRESS = "several records in one gzip member: only the first is taken, `warcio recompress` parts them"


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where a worker finds the originals of revisits: the collection's WARC folder and its index of payloads."""

    warc: Path
    payloads: Path


class Reader:
    """Reads ranges, one after the other."""

    def __init__(self, shelf: Shelf, choice: Choice) -> None:
        self._originals = Originals(shelf.warc, PayloadIndex(shelf.payloads), opened)
        self._own = shelf.warc.absolute()
        self._choice = choice
        self._once = Once(read_article)
        self._shared: tuple[str, int] | None = None

    def close(self) -> None:
        self._originals.index.close()

    def read(self, asked: Range) -> Iterator[Found]:
        """The parts of a range, the last one marked. What goes wrong is among their problems."""
        found, name = Found(), asked.source.name
        try:
            with opened(asked.source.place) as file:
                yield from self._parts(asked, file, found)
        # Bytes of others, over networks of others, through parsers of others: whatever they come up with, it is one
        # file's problem, and the others go on.
        except Exception as problem:
            found.problems.append(Problem(name, None, "cannot be read", f"{type(problem).__name__}: {problem}"))
        yield Found(problems=found.problems, is_last=True)

    def _parts(self, asked: Range, file: IO[bytes], found: Found) -> Iterator[Found]:
        discovered = Discovered()
        reader = RangeReader(file, asked.start, asked.end, self._unwanted(asked, discovered), asked.known)
        name, at, since = asked.source.name, asked.start, monotonic()
        for record, lastmod in discovered.pairs(reader):
            self._take(record, lastmod, asked, found)
            if len(found.saved) >= PART or monotonic() - since > PATIENCE:
                yield self._part(found, reader, name, at)
                at, since = reader.at, monotonic()
                found.clear()
        yield self._part(found, reader, name, at)
        found.clear()

    def _part(self, found: Found, reader: RangeReader, name: str, at: int) -> Found:
        part = replace(found, passed=found.passed + reader.passed, bytes=reader.at - at)
        part.problems += [Problem(name, damage.offset, "damaged", damage.reason) for damage in reader.damages]
        reader.passed.clear()
        reader.damages.clear()
        return part

    def _unwanted(self, asked: Range, discovered: Discovered) -> Unwanted:
        def unwanted(kind: str, headers: Headers) -> str | None:
            if discovered.wants(kind, headers):
                return None
            return self._choice.refusal(kind, headers, asked.is_ours)

        return unwanted

    def _take(self, record: Record, lastmod: str | None, asked: Range, found: Found) -> None:
        name = asked.source.name
        capture = as_capture(record, name)
        if capture is None:
            found.problems.append(Problem(name, record.offset, "no URL or no date"))
        elif self._shares_its_place(record, name):
            found.problems.append(Problem(name, record.offset, "shares its offset", RECOMPRESS, capture.url))
        elif (reason := self._no_page(capture)) is not None:
            found.passed[reason] += 1
        elif (shown := self._originals.resolved(capture)) is None:
            found.held.append(Held(asked.source.place, capture.ref, lastmod))
        else:
            self._judge(capture, shown, asked.source.place, lastmod, found)

    def _shares_its_place(self, record: Record, name: str) -> bool:
        """Whether a capture before stood at the same offset: a row is known by file and offset, so there is no room
        for both."""
        before, self._shared = self._shared, (name, record.offset) if record.length == 0 else None
        return before is not None and before == self._shared

    def _no_page(self, capture: Capture) -> str | None:
        """Why a capture on a host of no site is no page."""
        if not self._choice.any_page or site_on(host_of(capture.url)) is not None:
            return None
        is_unchanged = capture.record_type == "revisit" and capture.status == NOT_MODIFIED
        if capture.status not in (200, None) and not is_unchanged:
            return f"status {capture.status}"
        return "not HTML" if capture.content_type and "html" not in capture.content_type.lower() else None

    def _judge(self, capture: Capture, shown: Capture | None, place: str, lastmod: str | None, found: Found) -> None:
        try:
            saved = judge(capture, shown=shown, lastmod=lastmod, any_page=self._choice.any_page, read=self._once)
        # As in `read`: one page's problem, and it gets no row, so that the next version tries it again.
        except Exception as problem:
            detail = f"{type(problem).__name__}: {problem}"
            found.problems.append(
                Problem(capture.ref.file, capture.ref.offset, "extractor failed", detail, capture.url)
            )
            return
        found.saved.append(saved)
        if shown is not None:
            found.kept.append(kept_of(capture, shown, saved, self._place_of(place, capture)))

    def _place_of(self, place: str, capture: Capture) -> Place:
        is_own = not is_remote(place) and Path(place).parent == self._own
        return Place(capture.ref.file if is_own else place, capture.ref.offset)

    def held(self, held: Held) -> Found:
        """A revisit of which the original may have come by since."""
        found = Found()
        with opened(held.place) as file:
            records = records_in(Members(file, held.ref.offset))
            record = next((one for one in records if one.record_id == held.ref.record_id), None)
        capture = as_capture(record, held.ref.file) if record is not None else None
        if capture is not None:
            self._judge(capture, self._originals.resolved(capture), held.place, held.lastmod, found)
        return found
