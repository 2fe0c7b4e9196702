"""What was read from captures that are not shown, kept so that they can be shown again without their WARC file."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, exists, select

from storage.article import Article
from storage.corpus.db.among import among
from storage.corpus.db.bulk import BulkWriter, dumped
from storage.corpus.db.tables import (
    ArticleRow,
    AuthorRow,
    CaptureRow,
    ImageRow,
    KeywordRow,
    ReadingRow,
    RevisionAuthorRow,
    RevisionKeywordRow,
    RevisionRow,
)
from storage.corpus.write.revisions import RevisionStates
from storage.corpus.write.sighting import Sighting


@dataclass(frozen=True, slots=True)
class ExtractionResult:
    """What a capture gave: the article, the same as JSON, and the program that read it."""

    article: Article
    data: dict[str, Any]
    extractor: str


class ExtractionResults:
    """The readings at hand in a transaction: those of the batch, and those fetched."""

    def __init__(self, connection: Connection, rows: BulkWriter, own: Mapping[str, Sighting]) -> None:
        self.connection = connection
        self.rows = rows
        self._at_hand = {id: ExtractionResult(s.article, s.data, s.saved.extractor) for id, s in own.items()}

    def keep(
        self,
        states: Mapping[int, RevisionStates],
        known: Mapping[int, RevisionStates],
        fresh: Iterable[tuple[int, Sighting]],
    ) -> None:
        """Keep the readings of captures that their revision does not show; fetch those that are shown again."""
        kept: dict[tuple[int, str], str] = {}
        for article, sighting in fresh:
            if states[article][sighting.content_hash].reading != sighting.reading:
                kept[article, sighting.reading] = dumped(
                    {"extractor": sighting.saved.extractor, "article": sighting.data}
                )
        dethroned: dict[int, tuple[int, str]] = {}
        wanted: dict[int, set[str]] = {}
        for article, before in known.items():
            for hash, state in before.items():
                now = states[article].get(hash)
                if now and now.reading != state.reading and state.id:
                    dethroned[state.id] = (article, state.reading)
                    if now.reading not in self._at_hand:
                        wanted.setdefault(article, set()).add(now.reading)
        for id, shown in shown_content(self.connection, dethroned).items():
            kept[dethroned[id]] = dumped(shown)
        self.rows.insert_new(
            ReadingRow, [{"article": article, "id": id, "data": data} for (article, id), data in sorted(kept.items())]
        )
        self._fetch(wanted)

    def _fetch(self, wanted: Mapping[int, set[str]]) -> None:
        named = [(article, id) for article, ids in wanted.items() for id in ids]
        found = select(ReadingRow.id, ReadingRow.data).where(among((ReadingRow.article, ReadingRow.id), named))
        for row in self.connection.execute(found) if named else ():
            data = row.data["article"]
            self._at_hand[row.id] = ExtractionResult(Article.from_json(data), data, row.data["extractor"])

    def content(self, reading: str) -> ExtractionResult:
        """What a reading of the batch, or one that is shown again, gave."""
        return self._at_hand[reading]

    def canonical_url(self, reading: str) -> str | None:
        """The canonical URL that a reading at hand gives."""
        found = self._at_hand.get(reading)
        return found.article.canonical_url if found else None

    def forget(self, articles: Collection[int]) -> None:
        """Delete the readings of articles that no capture has given."""
        given = exists().where(CaptureRow.article == ReadingRow.article, CaptureRow.reading == ReadingRow.id)
        if articles:
            self.connection.execute(delete(ReadingRow).where(among(ReadingRow.article, articles), ~given))


def shown_content(connection: Connection, revisions: Collection[int]) -> dict[int, dict[str, Any]]:
    """For revisions by row id: the extractor, and the article as in its JSON."""
    if not revisions:
        return {}
    lists: dict[str, dict[int, Any]] = {
        "authors": _named(connection, RevisionAuthorRow, AuthorRow, RevisionAuthorRow.author_id, revisions),
        "keywords": _named(connection, RevisionKeywordRow, KeywordRow, RevisionKeywordRow.keyword_id, revisions),
        "images": _images(connection, revisions),
    }
    columns = select(*RevisionRow.__table__.c, ArticleRow.site, ArticleRow.native_id)
    rows = columns.join(ArticleRow, ArticleRow.id == RevisionRow.article).where(among(RevisionRow.id, revisions))
    found: dict[int, dict[str, Any]] = {}
    for row in connection.execute(rows).mappings():
        given = dict(row) | {name: listed[row["id"]] for name, listed in lists.items()}
        given["published_date"] = given["published_date"] and given["published_date"].isoformat()
        article = Article.from_json(given)
        found[row["id"]] = {"extractor": row["extractor"], "article": article.as_json()}
    return found


def _named(
    connection: Connection, link: Any, names: Any, column: Any, revisions: Collection[int]
) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {id: [] for id in revisions}
    statement = select(link.revision_id, names.name).join(names, names.id == column)
    for id, name in connection.execute(statement.where(among(link.revision_id, revisions)).order_by(link.position)):
        found[id].append(name)
    return found


def _images(connection: Connection, revisions: Collection[int]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {id: [] for id in revisions}
    columns = (ImageRow.revision_id, ImageRow.url, ImageRow.caption, ImageRow.credit)
    statement = select(*columns).where(among(ImageRow.revision_id, revisions)).order_by(ImageRow.position)
    for id, url, caption, credit in connection.execute(statement):
        found[id].append({"url": url, "caption": caption, "credit": credit})
    return found
