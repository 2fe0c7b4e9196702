"""Common Crawl's columnar index: Parquet files, read by DuckDB (the extra `commoncrawl`), local or at URLs.

Schema: github.com/commoncrawl/cc-index-table. Row groups of other hosts are passed over by their statistics.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from crawler.archives.index_answer import moment_of
from storage.corpus.write.archive_ledger import IndexLine
from storage.exceptions import DependencyMissing, SourceNotFound
from storage.warc.read.source import is_remote

#: Lines of a batch.
BATCH: Final = 5000
_QUERY: Final = """
SELECT url, fetch_time, fetch_status, content_mime_type, content_digest,
    warc_filename, warc_record_offset, warc_record_length
FROM read_parquet(?, union_by_name = true, hive_partitioning = false)
WHERE url_host_name IN (SELECT unnest(?)) AND warc_filename IS NOT NULL
ORDER BY url_surtkey, fetch_time
"""


class ColumnarIndex:
    """places: paths, globs or URLs of Parquet files. hosts: of the site."""

    def __init__(self, places: Sequence[str], hosts: Sequence[str]) -> None:
        self._places, self._hosts = list(places), list(hosts)

    def batches(self) -> Iterator[list[IndexLine]]:
        """The lines of the hosts. Raises DependencyMissing, SourceNotFound."""
        if not self._places:
            return
        duckdb = import_duckdb()
        connection = duckdb.connect()
        try:
            if any(map(is_remote, self._places)):
                connection.register_filesystem(_file_system(self._places[0]))
            found = connection.execute(_QUERY, [self._places, self._hosts])
            while rows := found.fetchmany(BATCH):
                yield [line for row in rows if (line := _line(row)) is not None]
        except (duckdb.Error, OSError) as problem:
            first = str(problem).partition("\n")[0]
            raise SourceNotFound(f"the columnar index cannot be read at {self._places[0]}: {first}") from problem
        finally:
            connection.close()


def import_duckdb() -> Any:
    """The module. Raises DependencyMissing."""
    try:
        import duckdb
    except ImportError:
        raise DependencyMissing(
            "the columnar index needs more than is installed: pip install 'emeroteca[commoncrawl]', or --cdx"
        ) from None
    return duckdb


def _file_system(place: str) -> Any:
    import fsspec
    from fsspec.implementations.http import HTTPFileSystem

    class _Https(HTTPFileSystem):  # type: ignore[misc]
        """With a time of change, which DuckDB's cache asks for: the files are never changed."""

        def modified(self, path: str) -> datetime:
            return datetime.fromtimestamp(0, UTC)

    protocol = place.partition("://")[0]
    if protocol in ("http", "https"):
        return _Https(client_kwargs={"trust_env": True})
    return fsspec.filesystem(protocol)


def _line(row: tuple[Any, ...]) -> IndexLine | None:
    url, fetched_at, status, mimetype, digest, file, offset, length = row
    captured_at = _moment(fetched_at)
    if captured_at is None or not url:
        return None
    return IndexLine(
        url=url,
        captured_at=captured_at,
        digest=digest or "",
        mimetype=mimetype,
        status=status,
        length=length,
        file=file,
        offset=offset,
    )


def _moment(value: object) -> datetime | None:
    """`fetch_time` is a timestamp, UTC; in copies of the index it may be text."""
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.astimezone(UTC).replace(microsecond=0)
    return moment_of(str(value))
