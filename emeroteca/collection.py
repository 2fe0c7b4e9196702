"""The corpus and the captures of a collection."""

import os
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from crawler.registry import use_home
from emeroteca.captures import read_captures
from storage import collection as homes
from storage.corpus.db.database import Database, open_database
from storage.corpus.db.view import article_json
from storage.corpus.export.export import NAMES, ExportFilter, Form, records, write_export
from storage.corpus.export.parquet import schema
from storage.corpus.read import queries
from storage.corpus.search import search as searching
from storage.corpus.search.filters import SearchFilter
from storage.corpus.write.withholding import end_embargoes
from storage.exceptions import CollectionError, CorpusReadOnly, DependencyMissing
from storage.warc.http.capture import Capture

if TYPE_CHECKING:
    import pandas
    import pyarrow

#: An article as a line of the JSONL export has it: the fields of docs/schema.md by their names.
ArticleRow = dict[str, Any]


class Collection:
    """A collection, opened for reading; a context manager."""

    def __init__(self, home: Path, database: Database) -> None:
        self.home = home
        self._database = database

    @classmethod
    def open(cls, home: str | os.PathLike[str] = "archive", database_url: str | None = None) -> Self:
        """The collection in a home folder. database_url: where its rows are, if not in HOME/corpus.db. The sites of
        HOME/sites are known from then on. Raises CollectionError where there is none, CorpusError."""
        found = homes.Collection(Path(home), database_url)
        if not found.exists():
            raise CollectionError(f"there is no collection in {home}: crawl or rebuild into it first")
        use_home(found.home)
        database = open_database(found.database_url)
        with suppress(CorpusReadOnly):
            end_embargoes(database)
        return cls(found.home, database)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def articles(
        self, *, site: str | None = None, since: date | None = None, until: date | None = None
    ) -> Iterator[ArticleRow]:
        """The newest revision of each article, in the order of article ids, at flat memory.

        since, until: days of publication, inclusive, in the site's time zone. Each is what a line of the JSONL export
        has: times are ISO 8601 with the page's own offset, lists are lists.
        """
        for row in self._rows(ExportFilter(site=site, since=since, until=until)):
            yield article_json(row)

    def article(self, name: str) -> dict[str, Any] | None:
        """An article by its article_id or any of its URLs: `article`, `revisions` and `captures` as `emeroteca show
        --json` has them; None where there is none."""
        return queries.show(self._database, name)

    def search(
        self,
        query: str,
        *,
        site: str | None = None,
        since: date | None = None,
        until: date | None = None,
        limit: int = 20,
    ) -> list[dict[str, Any]]:
        """The articles that have the words of a query, the best first, as the command `search` finds them: article_id,
        url, site, headline, published_at, published_date, snippet."""
        chosen = SearchFilter(site=site, since=since, until=until)
        return searching.search(self._database, query, chosen, limit=limit)

    def captures(self) -> Iterator[Capture]:
        """The captures of the collection's own WARC files, file by file, in the order of writing."""
        folder = homes.Collection(self.home).warc
        if any(folder.iterdir()):
            yield from read_captures(folder)

    def export(
        self,
        path: str | os.PathLike[str],
        form: Form = "jsonl",
        *,
        site: str | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> int:
        """Write articles to a file or URL, as the command `export` does: `jsonl`, `csv` or `parquet`; gzipped or as
        zstd where the name ends so. Returns their number."""
        chosen = ExportFilter(site=site, since=since, until=until)
        return write_export(self._database, os.fspath(path), form, chosen).articles

    def to_arrow(
        self, *, site: str | None = None, since: date | None = None, until: date | None = None
    ) -> "pyarrow.Table":
        """The articles as an Arrow table with the columns of the Parquet export: instants in UTC, days, lists. Raises
        DependencyMissing without pyarrow (extra `parquet`)."""
        kind = schema(NAMES)
        import pyarrow as pa

        rows = list(self._rows(ExportFilter(site=site, since=since, until=until)))
        return pa.Table.from_pylist(rows, schema=kind)

    def to_pandas(
        self, *, site: str | None = None, since: date | None = None, until: date | None = None
    ) -> "pandas.DataFrame":
        """The same as a pandas data frame. Raises DependencyMissing without pandas and pyarrow."""
        table = self.to_arrow(site=site, since=since, until=until)
        try:
            return table.to_pandas()
        except ImportError:
            raise DependencyMissing("a data frame needs pandas: pip install pandas") from None

    def _rows(self, chosen: ExportFilter) -> Iterator[dict[str, Any]]:
        with self._database.reading() as connection, closing(records(connection, chosen)) as found:
            yield from found
