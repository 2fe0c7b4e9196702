"""Writing the corpus: crawls, WARC files, captures and what was read from them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, tuple_, update
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from storage.corpus.clean import clean, clean_json
from storage.corpus.database import Database
from storage.corpus.identity import key
from storage.corpus.problems import Collision
from storage.corpus.revisions import Sighting, State, claim_articles, merge, number, release
from storage.corpus.saved import Outcome, Saved
from storage.corpus.tables import Capture, Crawl, Failure, Revision, Site, WarcFile
from storage.corpus.upsert import Values, chunks, insert_new, insert_or_update

#: (WARC file name, offset)
Place = tuple[str, int]

#: How often a batch is tried when another writer gets in its way.
_TRIES = 5

#: Outcomes that say something of the article a URL stands for.
_ANSWERS = (Outcome.ARTICLE.value, Outcome.REFUSED.value, Outcome.REDIRECT.value)


@dataclass(frozen=True, slots=True)
class LastSeen:
    """The last capture of a URL: when (aware UTC), what became of it, and the lastmod it was captured under."""

    captured_at: datetime
    outcome: str
    reason: str | None
    lastmod: str | None


class Store:
    """The writing side of a corpus. Every method is one transaction; all raise DatabaseProblem."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def begin_crawl(self, site: str, settings: Mapping[str, Any]) -> int:
        """Note that a crawl of a site begins now; `settings` as JSON. Returns the crawl's id."""
        with self.database.writing() as connection:
            insert_new(connection, Site, [{"name": site}])
            row = {"site": site, "started_at": datetime.now(UTC), "settings": clean_json(dict(settings)), "counts": {}}
            crawl: int = connection.execute(insert(Crawl).returning(Crawl.id), row).scalar_one()
            return crawl

    def finish_crawl(self, crawl: int, outcome: str, counts: Mapping[str, Any]) -> None:
        """Note that a crawl ended now, how (`finished`, `interrupted` ...), and its counts as JSON."""
        with self.database.writing() as connection:
            connection.execute(
                update(Crawl)
                .where(Crawl.id == crawl)
                .values(finished_at=datetime.now(UTC), outcome=outcome, counts=clean_json(dict(counts)))
            )

    def warc_file(
        self, name: str, *, crawl: int | None = None, size: int | None = None, sha256: str | None = None
    ) -> None:
        """Register a WARC file by its bare name; `size` in bytes and `sha256` in hexadecimal seal it."""
        now = datetime.now(UTC) if size is not None else None
        sealed = {"size": size, "sha256": sha256, "sealed_at": now, "crawl_id": crawl}
        with self.database.writing() as connection:
            insert_new(connection, WarcFile, [{"name": name}])
            known = {column: value for column, value in sealed.items() if value is not None}
            if known:
                connection.execute(update(WarcFile).where(WarcFile.name == name).values(**known))

    def record_failure(
        self,
        url: str,
        reason: str,
        detail: str | None = None,
        *,
        site: str | None = None,
        crawl: int | None = None,
        at: datetime | None = None,
    ) -> None:
        """Note a request that gave no capture. `at` is aware, now by default."""
        with self.database.writing() as connection:
            if site:
                insert_new(connection, Site, [{"name": site}])
            row = {"crawl_id": crawl, "site": site, "url": clean(url), "reason": reason, "detail": clean(detail)}
            connection.execute(insert(Failure), row | {"at": at or datetime.now(UTC)})

    def save(self, batch: Sequence[Saved]) -> None:
        """Keep captures and their articles, one to thousands at a time: all of them or none.

        A capture is known by its place (file, offset): saved again with the same article it changes nothing, with
        another (a newer extractor read it) it replaces what it gave before.
        """
        saved = {(one.file, one.offset): one.cleaned() for one in batch}
        tries = _TRIES
        while saved and tries:
            tries -= 1
            try:
                self._save(saved)
                break
            except Collision:
                if not tries:
                    raise

    def _save(self, saved: Mapping[Place, Saved]) -> None:
        sightings = [sighting for place in sorted(saved) if (sighting := Sighting.of(saved[place]))]
        states = {(sighting.saved.file, sighting.saved.offset): sighting.state for sighting in sightings}
        with self.database.writing() as connection:
            _register_sites(connection, saved.values())
            files = _register_files(connection, saved)
            claim_articles(connection, sightings)
            left = _left_states(connection, files, saved, states)
            captures = _save_captures(connection, files, saved, states)
            release(connection, sorted(left))
            merge(connection, sightings, captures)
            number(connection, {article for article, _ in (*states.values(), *left)})

    def known(self, canonical_urls: Iterable[str]) -> dict[str, LastSeen]:
        """What became of each URL when it was last captured as an article, refused or redirected.

        URLs never seen are missing. A URL is known as what was asked for, or as the canonical URL that an article
        gives itself.
        """
        keys = {key(clean(url)): url for url in canonical_urls}
        seen: dict[str, LastSeen] = {}
        facts = (Capture.captured_at, Capture.outcome, Capture.reason, Capture.lastmod)
        asked = select(Capture.asked_key, *facts).where(Capture.outcome.in_(_ANSWERS))
        named = select(Revision.canonical_key, *facts).join(Capture, Capture.id == Revision.capture_id)
        with self.database.reading() as connection:
            for chunk in chunks(keys):
                by_asked = connection.execute(asked.where(Capture.asked_key.in_(chunk)))
                by_name = connection.execute(named.where(Revision.canonical_key.in_(chunk)))
                for digest, *last_facts in (*by_asked, *by_name):
                    url, last = keys[digest], LastSeen(*last_facts)
                    seen[url] = max(seen.get(url, last), last, key=lambda one: one.captured_at)
        return seen

    def captures_in(self, file: str) -> set[int]:
        """The offsets in a WARC file of which there are rows; a crash may have left others without."""
        with self.database.reading() as connection:
            offsets = (
                select(Capture.record_offset)
                .join(WarcFile, WarcFile.id == Capture.warc_file_id)
                .where(WarcFile.name == file)
            )
            return set(connection.scalars(offsets))


def _register_sites(connection: Connection, saved: Iterable[Saved]) -> None:
    names = {one.site for one in saved} | {one.article.site for one in saved if one.article}
    insert_new(connection, Site, [{"name": name} for name in sorted(filter(None, names))])


def _register_files(connection: Connection, places: Iterable[Place]) -> dict[str, int]:
    names = sorted({file for file, _ in places})
    insert_new(connection, WarcFile, [{"name": name} for name in names])
    ids: dict[str, int] = {}
    for chunk in chunks(names):
        found = connection.execute(select(WarcFile.name, WarcFile.id).where(WarcFile.name.in_(chunk)))
        ids.update((row.name, row.id) for row in found)
    return ids


def _left_states(
    connection: Connection, files: Mapping[str, int], places: Iterable[Place], states: Mapping[Place, State]
) -> set[State]:
    """The revisions that captures of the batch gave before and give no longer."""
    left: set[State] = set()
    by_row = {(files[file], offset): states.get((file, offset)) for file, offset in places}
    where = tuple_(Capture.warc_file_id, Capture.record_offset)
    columns = (Capture.warc_file_id, Capture.record_offset, Capture.article_id, Capture.content_hash)
    for chunk in chunks(by_row):
        for file, offset, article, text in connection.execute(select(*columns).where(where.in_(chunk))):
            if article and text and by_row[file, offset] != (article, text):
                left.add((article, text))
    return left


def _save_captures(
    connection: Connection, files: Mapping[str, int], saved: Mapping[Place, Saved], states: Mapping[Place, State]
) -> dict[Place, int]:
    rows = [_capture(saved[place], files[place[0]], states.get(place)) for place in sorted(saved)]
    found = insert_or_update(
        connection,
        Capture,
        rows,
        key=["warc_file_id", "record_offset"],
        update=_seen_again,
        returning=[Capture.id, Capture.warc_file_id, Capture.record_offset],
    )
    names = {id: name for name, id in files.items()}
    return {(names[row.warc_file_id], row.record_offset): row.id for row in found}


def _capture(saved: Saved, file: int, state: State | None) -> Values:
    return {
        "warc_file_id": file,
        "record_offset": saved.offset,
        "length": saved.length,
        "record_id": saved.record_id,
        "record_type": saved.record_type,
        "url": saved.url,
        "asked_url": saved.asked_url,
        "asked_key": key(saved.asked_url) if saved.asked_url else None,
        "captured_at": saved.captured_at,
        "http_status": saved.http_status,
        "content_type": saved.content_type,
        "payload_digest": saved.payload_digest,
        "site": saved.site,
        "crawl_id": saved.crawl,
        "outcome": saved.outcome.value,
        "reason": saved.reason,
        "detail": saved.detail,
        "lastmod": saved.lastmod,
        "article_id": state[0] if state else None,
        "content_hash": state[1] if state else None,
        "fidelity": saved.article.fidelity.value if saved.article else None,
        "extractor": saved.extractor or None,
    }


def _seen_again(new: ReadOnlyColumnCollection[str, Any]) -> dict[str, Any]:
    """The new facts, but who asked and in which crawl stays known where the new ones do not say."""
    old = Capture.__table__.c
    kept = {"id", "warc_file_id", "record_offset"}
    merged: dict[str, Any] = {column.name: new[column.name] for column in old if column.name not in kept}
    for name in ("asked_url", "asked_key", "lastmod", "crawl_id"):
        merged[name] = func.coalesce(new[name], old[name])
    return merged
