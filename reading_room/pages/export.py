"""Exactly the articles that a search finds, as a file, and the file that repeats the search."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from tempfile import TemporaryFile
from threading import Semaphore
from typing import IO, Final, cast

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from reading_room.parameters import SearchRequest, choice_value
from reading_room.rendering import library_of
from storage.corpus.export.export import ExportFilter, Form, export
from storage.corpus.search.facets import facets
from storage.corpus.search.saved_query import SavedQuery
from storage.corpus.write.change_feed import newest_cursor

_FORMS: Final = ("jsonl", "csv", "parquet", "txt")
_TYPES: Final = {
    "jsonl": "application/jsonl",
    "csv": "text/csv; charset=utf-8; header=present",
    "parquet": "application/vnd.apache.parquet",
    "txt": "text/plain; charset=utf-8",
}
#: Exports that are written at once, each to a temporary file.
_AT_ONCE: Final = Semaphore(2)
_PIECE: Final = 256 * 1024


def export_file(request: Request) -> Response:
    """`/search/export?q=&format=`."""
    form = cast(Form, choice_value(request.query_params, "format", _FORMS))
    saved = _saved(request)
    with one_of_few():
        file = TemporaryFile()  # noqa: SIM115 - the answer's pieces close it
        with library_of(request).exports() as database:
            export(database, file, form, ExportFilter(found_by=saved))
    return sent(file, _TYPES[form], {"Content-Disposition": f'attachment; filename="emeroteca.{form}"'})


@contextmanager
def one_of_few() -> Iterator[None]:
    """While the block lasts, one of the exports that may be written at once. Raises HTTPException (503)."""
    if not _AT_ONCE.acquire(blocking=False):
        raise HTTPException(503, "other exports are being written: try again", {"Retry-After": "30"})
    try:
        yield
    finally:
        _AT_ONCE.release()


def sent(file: IO[bytes], media_type: str, headers: dict[str, str]) -> Response:
    """A file that was written, from its beginning; closed at the end."""
    length = {"Content-Length": str(file.tell())}
    file.seek(0)
    return StreamingResponse(_pieces(file), media_type=media_type, headers={**headers, **length})


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(_PIECE):
            yield piece


def query_file(request: Request) -> Response:
    """`/search/query.json`: a file for `emeroteca export --query-file`, with the number of articles and the position of
    the change feed when it was made."""
    saved = _saved(request)
    library = library_of(request)
    articles, _ = facets(library.database, saved.query, saved.chosen)
    with library.database.reading() as connection:
        cursor = str(newest_cursor(connection))
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    file = {**saved.as_json(), "articles": articles, "cursor": cursor, "made_at": made_at}
    headers = {"Content-Disposition": 'attachment; filename="emeroteca-query.json"'}
    text = json.dumps(file, ensure_ascii=False, indent=2) + "\n"
    return Response(text, media_type="application/json", headers=headers)


def _saved(request: Request) -> SavedQuery:
    searched = SearchRequest.of(request.query_params)
    return SavedQuery(searched.query, searched.chosen)
