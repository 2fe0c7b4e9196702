"""The record behind a capture: its headers and digests, and its exact bytes."""

from collections.abc import Iterator
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from crawler.ingest.file_locator import FileLocator
from reading_room.pages.article import article_named, captures_of, replay_address
from reading_room.rendering import library_of, rendered
from storage.exceptions import CaptureMissing
from storage.warc.http.capture import CaptureRef
from storage.warc.http.message import parse_response, text
from storage.warc.read.reader import read_record, record_bytes

#: Bytes of a record that is sent.
_LARGEST: Final = 64 * 1024 * 1024


def record_page(request: Request) -> Response:
    """`/articles/<article_id>/records/<record>`; record: the WARC-Record-ID without `<urn:uuid:` and `>`."""
    found = article_named(request)
    capture = _capture(request, found)
    replay = replay_address(library_of(request).replay, capture)
    try:
        record = read_record(_place(request, capture), _ref(capture))
    except CaptureMissing as error:
        raise HTTPException(404, "the record is not where its row says: emeroteca verify says more") from error
    head = parse_response(record.block) if record.record_type in {"response", "revisit"} else None
    fields = [(text(name), text(value)) for name, value in head.fields] if head else []
    values = {"article": found["article"], "capture": capture, "warc_headers": record.headers, "http_headers": fields}
    values |= {"replay": replay}
    return rendered(request, "record.html", name=_name(capture), **values)


def record_file(request: Request) -> Response:
    """`/articles/<article_id>/records/<record>/bytes`: the bytes of the record as they are in its WARC file."""
    capture = _capture(request, article_named(request))
    if capture["length"] > _LARGEST:
        raise HTTPException(403, "the record is too large to be sent: emeroteca show --record has it")
    try:
        pieces = list(record_bytes(_place(request, capture), _ref(capture)))
    except CaptureMissing as error:
        raise HTTPException(404, "the record is not where its row says: emeroteca verify says more") from error
    suffix = ".warc.gz" if capture["length"] and capture["warc_file"].endswith(".gz") else ".warc"
    headers = {"Content-Disposition": f'attachment; filename="{_name(capture)}{suffix}"'}
    return StreamingResponse(_sent(pieces), media_type="application/octet-stream", headers=headers)


def _sent(pieces: list[bytes]) -> Iterator[bytes]:
    yield from pieces


def _capture(request: Request, found: dict[str, Any]) -> dict[str, Any]:
    name = request.path_params["record"]
    captures = captures_of(library_of(request), found["article"]["article_id"])
    capture = next((one for one in captures if _name(one) == name), None)
    if capture is None:
        raise HTTPException(404, "the article has no such record")
    return dict(capture)


def _name(capture: dict[str, Any]) -> str:
    return str(capture["warc_record_id"]).strip("<>").removeprefix("urn:uuid:")


def _ref(capture: dict[str, Any]) -> CaptureRef:
    return CaptureRef(capture["warc_file"], capture["warc_offset"], capture["length"], capture["warc_record_id"])


def _place(request: Request, capture: dict[str, Any]) -> str:
    library = library_of(request)
    place = FileLocator(library.database, library.collection.warc).find(capture["warc_file"])
    if place is None:
        raise HTTPException(404, "the WARC file of this record is not here")
    return place
