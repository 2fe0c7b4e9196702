"""The extraction results of a batch, and of captures that are not shown by their revision (the table `readings`).

The latter are stored so that a revision can show them later without their WARC file. Used by
storage.corpus.write.batch; storage.corpus.read reads the stored results.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, exists, select

from storage.article import Article
from storage.corpus.db.bulk import BulkWriter, dumped, in_keys
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
from storage.corpus.write.prepared_article import PreparedArticle
from storage.corpus.write.revisions import RevisionStates


@dataclass(frozen=True, slots=True)
class ExtractionResult:
    """The article of a capture, its JSON form, and the program and version that extracted it."""

    article: Article
    data: dict[str, Any]
    extractor: str


class ExtractionResults:
    """The results that a transaction needs by their digests (`captures.reading`): the batch's, and those loaded."""

    def __init__(self, connection: Connection, rows: BulkWriter, batch: Iterable[PreparedArticle]) -> None:
        self.connection = connection
        self.rows = rows
        self._loaded = {one.reading: ExtractionResult(one.article, one.data, one.result.extractor) for one in batch}

    def store(
        self,
        states: Mapping[int, RevisionStates],
        known: Mapping[int, RevisionStates],
        new: Iterable[tuple[int, PreparedArticle]],
    ) -> None:
        """Store the results of captures that their revision does not show; load those that it shows again.

        states, known: the revisions of each article after and before the batch. new: articles of new captures with
        the row ids of their articles.
        """
        hidden: dict[tuple[int, str], str] = {}
        for article, one in new:
            if states[article][one.content_hash].reading != one.reading:
                hidden[article, one.reading] = dumped({"extractor": one.result.extractor, "article": one.data})
        replaced: dict[int, tuple[int, str]] = {}
        missing: set[tuple[int, str]] = set()
        for article, before in known.items():
            for hash, state in before.items():
                now = states[article].get(hash)
                if now and now.reading != state.reading and state.id:
                    replaced[state.id] = (article, state.reading)
                    if now.reading not in self._loaded:
                        missing.add((article, now.reading))
        for id, shown in shown_results(self.connection, replaced).items():
            hidden[replaced[id]] = dumped(shown)
        self.rows.insert_new(
            ReadingRow, [{"article": article, "id": id, "data": data} for (article, id), data in sorted(hidden.items())]
        )
        self._load(missing)

    def _load(self, keys: Collection[tuple[int, str]]) -> None:
        found = select(ReadingRow.id, ReadingRow.data).where(
            in_keys(self.connection, (ReadingRow.article, ReadingRow.id), keys)
        )
        for row in self.connection.execute(found) if keys else ():
            data = row.data["article"]
            self._loaded[row.id] = ExtractionResult(Article.from_json(data), data, row.data["extractor"])

    def __getitem__(self, reading: str) -> ExtractionResult:
        return self._loaded[reading]

    def canonical_url(self, reading: str) -> str | None:
        """The canonical URL of a loaded result, None where the result is not loaded."""
        found = self._loaded.get(reading)
        return found.article.canonical_url if found else None

    def delete_unused(self, articles: Collection[int]) -> None:
        """Delete the stored results of articles that belong to no capture any more."""
        used = exists().where(CaptureRow.article == ReadingRow.article, CaptureRow.reading == ReadingRow.id)
        if articles:
            self.connection.execute(
                delete(ReadingRow).where(in_keys(self.connection, ReadingRow.article, articles), ~used)
            )


_IMAGE = ("url", "caption", "credit")


def shown_results(connection: Connection, revisions: Collection[int]) -> dict[int, dict[str, Any]]:
    """The extractor and the article's JSON form of each revision, by row id."""
    if not revisions:
        return {}
    names = select(RevisionAuthorRow.revision_id, AuthorRow.name).join(AuthorRow)
    authors = _by_revision(connection, names, RevisionAuthorRow, revisions)
    names = select(RevisionKeywordRow.revision_id, KeywordRow.name).join(KeywordRow)
    keywords = _by_revision(connection, names, RevisionKeywordRow, revisions)
    columns = (getattr(ImageRow, name) for name in _IMAGE)
    images = _by_revision(connection, select(ImageRow.revision_id, *columns), ImageRow, revisions)
    statement = select(*RevisionRow.__table__.c, ArticleRow.site, ArticleRow.native_id).join(ArticleRow)
    results: dict[int, dict[str, Any]] = {}
    for row in connection.execute(statement.where(in_keys(connection, RevisionRow.id, revisions))).mappings():
        data = {
            **dict(row),
            "authors": [name for _, name in authors[row["id"]]],
            "keywords": [name for _, name in keywords[row["id"]]],
            "images": [dict(zip(_IMAGE, image[1:], strict=True)) for image in images[row["id"]]],
            "published_date": row["published_date"] and row["published_date"].isoformat(),
        }
        results[row["id"]] = {"extractor": row["extractor"], "article": Article.from_json(data).as_json()}
    return results


def _by_revision(
    connection: Connection, statement: Select[*tuple[Any, ...]], model: Any, revisions: Collection[int]
) -> dict[int, list[Row[*tuple[Any, ...]]]]:
    """The rows of a list of revisions, in order, by the row id of the revision, their first column."""
    found: dict[int, list[Row[*tuple[Any, ...]]]] = {id: [] for id in revisions}
    statement = statement.where(in_keys(connection, model.revision_id, revisions)).order_by(model.position)
    for row in connection.execute(statement):
        found[row[0]].append(row)
    return found
