"""Finds all that an erasure has to remove: rows, records, and lists that repeat the text; called by `erase`."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from crawler.takedown.journal import ErasurePlan
from crawler.takedown.texts import TextProbes
from storage.collection import Collection
from storage.corpus.db.bulk import in_keys
from storage.corpus.db.database import Database
from storage.corpus.db.tables import ArticleRow, CaptureRow, ReadingRow, RevisionRow, WarcFileRow
from storage.corpus.read.captures import captures_in_file
from storage.corpus.write.capture_result import Outcome, RecordKey
from storage.corpus.write.identity import digest_key
from storage.corpus.write.targets import Target, TargetKind, TargetMatcher, matching_articles
from storage.exceptions import DecodingError
from storage.warc.dates import parse_warc_date
from storage.warc.digest import canonical_digest
from storage.warc.index.file_registry import WarcFileRegistry
from storage.warc.read.members import Damage
from storage.warc.read.range_reader import PAGE_RECORD_TYPES
from storage.warc.read.reader import as_capture
from storage.warc.read.record import Record, records_in
from storage.warc.read.revisit_resolver import NOT_MODIFIED
from storage.warc.read.source import open_archive

#: Articles that stay, with whose texts the erased ones are compared: what they share is of the site.
COMPARED = 500


class _Row(NamedTuple):
    """A capture's row."""

    file: str
    offset: int
    record_id: str
    url: str
    asked_url: str | None
    article: int | None
    payload_digest: str | None
    outcome: str

    @property
    def key(self) -> RecordKey:
        return (self.file, self.offset, self.record_id)


class _Revisit(NamedTuple):
    """A revisit's record: where it is, and what it refers to."""

    key: RecordKey
    url: str
    date: str | None
    digest: str
    is_not_modified: bool


@dataclass(slots=True)
class ErasureSelection:
    """plan: what the erasure does. counts: captures by why they go (`named`, `same payload`, `repeats the text`).
    elsewhere: files outside the collection that hold records to erase. repeated_in: URLs of other articles whose pages
    have the text too; these stay. damages: stretches that cannot be read, by file.
    """

    plan: ErasurePlan
    counts: Counter[str] = field(default_factory=Counter)
    elsewhere: set[str] = field(default_factory=set)
    repeated_in: set[str] = field(default_factory=set)
    damages: list[tuple[str, Damage]] = field(default_factory=list)


def select_for_erasure(
    collection: Collection,
    database: Database,
    target: Target,
    *,
    everywhere: bool = False,
    track: Callable[[Iterable[Path]], Iterable[Path]] = iter,
) -> ErasureSelection:
    """Find what a target means, without changing anything. Every file of the collection is read; track: wraps them,
    for instance to show progress. everywhere: pages of other articles that repeat the text go too. Raises CorpusError.
    """
    search = _Search(database, collection.registry(), target, everywhere)
    for path in track(search.registry.sealed_files()):
        search.scan(path)
    search.resolve_revisits()
    search.add_linked_records()
    return search.finish()


class _Search:
    def __init__(self, database: Database, registry: WarcFileRegistry, target: Target, everywhere: bool) -> None:
        self.registry = registry
        self._everywhere = everywhere
        self._database = database
        self.found = ErasureSelection(ErasurePlan(target.kind.value))
        self._target = TargetMatcher({1: target})
        self._rows: dict[RecordKey, _Row] = {}
        self._repeating: set[str] = set()
        self._revisits: list[_Revisit] = []
        with database.reading() as connection:
            articles = set(matching_articles(connection, self._target))
            texts = _Texts(connection, articles)
            self._urls = texts.urls
            self._select_rows(connection, articles)
            self._probes = TextProbes(texts.texts)
            gone = articles | {row.article for row in self._rows.values() if row.article is not None}
            self._probes.discard_common(_other_texts(connection, gone) if gone else ())
        self.found.plan.articles, self.found.plan.headlines = texts.article_ids, texts.headlines

    def _select_rows(self, connection: Connection, articles: set[int]) -> None:
        """The rows of articles and URLs that the target means, of other captures of their URLs, and of captures with
        the same payload.
        """
        self._take(connection, "named", lambda row: row.article in articles or self._is_named(row))
        urls = _matcher(self._urls)
        self._take(connection, "named", lambda row: _names(urls, row))
        self._carriers = {row.payload_digest for row in self._rows.values() if row.outcome == Outcome.ARTICLE.value}
        self._carriers.discard(None)
        self._take(connection, "same payload", lambda row: row.payload_digest in self._carriers)
        self._url_matcher = _matcher(self._urls)

    def _is_named(self, row: _Row) -> bool:
        return _names(self._target, row)

    def _take(self, connection: Connection, why: str, is_selected: Callable[[_Row], bool]) -> None:
        for row in _capture_rows(connection):
            if row.key not in self._rows and is_selected(row):
                self._rows[row.key] = row
                self._urls |= {url for url in (row.url, row.asked_url) if url}
                self.found.counts[why] += 1

    def scan(self, path: Path) -> None:
        """Select the records of a file by their rows, URLs and texts."""
        damages: list[Damage] = []
        with open_archive(path) as file:
            for record in records_in(file, damages=damages):
                key = (path.name, record.offset, record.record_id)
                if key in self._rows or self._is_of_url(record):
                    self._erase(key)
                elif record.record_type in PAGE_RECORD_TYPES and self._probes:
                    self._look_into(record, key)
                if record.record_type == "revisit":
                    self._revisits.append(_revisit(record, key))
        self.found.damages += [(path.name, damage) for damage in damages]

    def _is_of_url(self, record: Record) -> bool:
        url = record.target_uri.strip("<>")
        return self._target.of_url(url) is not None or self._url_matcher.of_url(url) is not None

    def _look_into(self, record: Record, key: RecordKey) -> None:
        """A list that repeats the text goes; a page of another article is reported, unless it is to go too."""
        capture = as_capture(record, key[0])
        if capture is None or not capture.payload or not self._probes.in_text(_text(capture.content)):
            return
        if not self._everywhere and self._is_article(key):
            self.found.repeated_in.add(capture.url)
        else:
            self.found.counts["repeats the text"] += 1
            self._repeating.add(canonical_digest(capture.payload_digest) or "")
            self._erase(key)

    def _is_article(self, key: RecordKey) -> bool:
        file, offset, id = key
        row = captures_in_file(self._database, file, offset, offset + 1).get((offset, id))
        return row is not None and row.outcome == Outcome.ARTICLE.value

    def _erase(self, key: RecordKey) -> None:
        file, offset, id = key
        self.found.plan.records.setdefault(file, []).append((offset, id))

    def resolve_revisits(self) -> None:
        """Revisits of a payload that goes: of a text they go too; others become responses, or, where the server sent
        no payload either, go too.
        """
        records = self.found.plan.records
        keys = {(file, offset, id) for file, places in records.items() for offset, id in places}
        erased = {(file, offset) for file, offset, _ in keys}
        for one in self._revisits:
            if one.key in keys:
                continue
            if canonical_digest(one.digest) in self._repeating:
                self.found.counts["repeats the text"] += 1
                self._erase(one.key)
                continue
            original = self.registry.index.find_payload_record(one.url, one.digest, parse_warc_date(one.date))
            if original is None or (original.file, original.offset) not in erased:
                continue
            if one.is_not_modified:
                self.found.counts["same payload"] += 1
                self._erase(one.key)
            else:
                file, offset, id = one.key
                self.found.plan.responses.setdefault(file, []).append((offset, id))

    def add_linked_records(self) -> None:
        """Requests, metadata and conversions of the records that go."""
        for file, places in self.found.plan.records.items():
            chosen = set(places)
            with open_archive(self.registry.warc / file) as archive:
                links = {(one.offset, one.record_id): _links(one) for one in records_in(archive)}
            while linked := _linked(links, chosen):
                chosen |= linked
            self.found.plan.records[file] = sorted(chosen)

    def finish(self) -> ErasureSelection:
        plan = self.found.plan
        own = {(file, offset, id) for file, places in plan.records.items() for offset, id in places}
        elsewhere = {key for key in self._rows if key[0] not in self._own_files()}
        self.found.elsewhere = {file for file, _, _ in elsewhere}
        plan.captures, plan.count = sorted(own | elsewhere), self.found.counts.total()
        plan.payloads = sorted(filter(None, {row.payload_digest for row in self._rows.values()}))
        plan.urls = sorted(self._urls)
        plan.url_keys = sorted(map(digest_key, plan.urls))
        return self.found

    def _own_files(self) -> set[str]:
        return {path.name for path in self.registry.sealed_files()}


class _Texts:
    """What was read of articles: their ids, URLs, headlines and texts."""

    def __init__(self, connection: Connection, articles: Iterable[int]) -> None:
        rows = list(articles)
        ids = select(ArticleRow.article_id).where(in_keys(connection, ArticleRow.id, rows))
        self.article_ids = sorted(connection.scalars(ids)) if rows else []
        self.urls: set[str] = set()
        self.headlines: list[str] = []
        self.texts: list[str] = []
        for data in _readings(connection, rows) if rows else ():
            self.urls |= {url for url in (data["url"], data["canonical_url"]) if url}
            self.headlines.append(data["headline"])
            blocks = (block["text"] for block in data["blocks"])
            self.texts += [text for text in (data["headline"], data["description"], *blocks) if text]


def _readings(connection: Connection, articles: list[int]) -> Iterator[dict[str, Any]]:
    names = ("url", "canonical_url", "headline", "description", "blocks")
    shown = select(*(getattr(RevisionRow, name) for name in names))
    for row in connection.execute(shown.where(in_keys(connection, RevisionRow.article, articles))):
        yield dict(zip(names, row, strict=True))
    hidden = select(ReadingRow.data).where(in_keys(connection, ReadingRow.article, articles))
    for data in connection.scalars(hidden):
        yield data["article"]


def _other_texts(connection: Connection, articles: set[int]) -> Iterator[str]:
    """The bodies of other articles of the same sites, the newest."""
    sites = select(ArticleRow.site).where(in_keys(connection, ArticleRow.id, articles))
    other = select(RevisionRow.body).join(ArticleRow, ArticleRow.id == RevisionRow.article)
    other = other.where(ArticleRow.site.in_(sites), ~in_keys(connection, ArticleRow.id, articles))
    yield from connection.scalars(other.order_by(RevisionRow.id.desc()).limit(COMPARED))


def _capture_rows(connection: Connection) -> Iterator[_Row]:
    columns: tuple[Any, ...] = (
        *(WarcFileRow.name, CaptureRow.record_offset, CaptureRow.record_id, CaptureRow.url, CaptureRow.asked_url),
        *(CaptureRow.article, CaptureRow.payload_digest, CaptureRow.outcome),
    )
    statement = select(*columns).join(WarcFileRow)
    with connection.execute(statement, execution_options={"yield_per": 1000}) as rows:
        yield from map(_Row._make, rows)


def _matcher(urls: Iterable[str]) -> TargetMatcher:
    return TargetMatcher({number: Target(TargetKind.URL, url) for number, url in enumerate(sorted(urls))})


def _names(matcher: TargetMatcher, row: _Row) -> bool:
    return matcher.of_url(row.url) is not None or matcher.of_url(row.asked_url) is not None


def _text(content: Callable[[], bytes]) -> str:
    try:
        return content().decode("utf-8", "replace")
    except DecodingError as problem:
        return problem.prefix.decode("utf-8", "replace")


def _revisit(record: Record, key: RecordKey) -> _Revisit:
    capture = as_capture(record, key[0])
    url = (record.header("WARC-Refers-To-Target-URI") or record.target_uri).strip("<>")
    digest = record.header("WARC-Payload-Digest") or ""
    is_not_modified = capture is not None and capture.status == NOT_MODIFIED
    return _Revisit(key, url, record.header("WARC-Refers-To-Date"), digest, is_not_modified)


def _links(record: Record) -> tuple[bool, frozenset[str]]:
    """Whether a record belongs to another, and the ids that it names."""
    names = {"warc-concurrent-to", "warc-refers-to"} if record.record_type != "revisit" else {"warc-concurrent-to"}
    named = frozenset(value for name, value in record.headers if name.lower() in names)
    return record.record_type in ("request", "metadata", "conversion", "resource"), named


def _linked(links: dict[tuple[int, str], tuple[bool, frozenset[str]]], chosen: set[tuple[int, str]]) -> set[Any]:
    """The records that belong to chosen ones, and are not chosen yet."""
    ids = {id for _, id in chosen}
    named = {id for place in chosen for id in links.get(place, (False, frozenset()))[1]}
    return {
        place
        for place, (belongs, names) in links.items()
        if belongs and place not in chosen and (names & ids or place[1] in named)
    }
