"""The crawls: running and past, with their rates, and refusals by reason with examples."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from reading_room.library import Library
from reading_room.rendering import library_of, rendered
from storage.corpus.read.crawls import crawl, crawls
from storage.locks import SiteLock

#: Seconds between two looks at a running crawl, and how long one connection is told of it.
_BETWEEN: Final = 2.0
_LOOKS: Final = 900


def crawls_page(request: Request) -> Response:
    """`/crawls`: the last hundred."""
    library = library_of(request)
    found = library.of_the_moment("crawls", lambda: [with_state(library, one) for one in crawls(library.database)])
    return rendered(request, "crawls.html", crawls=found)


def crawl_page(request: Request) -> Response:
    """`/crawls/<id>`."""
    library = library_of(request)
    number = crawl_number(request)
    found = crawl_numbered(library, number)
    return rendered(request, "crawl.html", crawl=found)


def crawl_events(request: Request) -> Response:
    """`/crawls/<id>/events`: the counts of a running crawl as server-sent events, until it ends or for half an hour."""
    library, number = library_of(request), crawl_number(request)
    crawl_numbered(library, number)
    return StreamingResponse(_events(request, library, number), media_type="text/event-stream")


async def _events(request: Request, library: Library, number: int) -> AsyncIterator[str]:
    for _ in range(_LOOKS):
        found = await run_in_threadpool(crawl_numbered, library, number)
        counts = {name: found[name] for name in ("state", "captures", "bytes", "per_minute", "bytes_per_second")}
        yield f"data: {json.dumps(counts)}\n\n"
        if found["state"] != "running" or await request.is_disconnected():
            return
        await asyncio.sleep(_BETWEEN)


def crawl_numbered(library: Library, number: int) -> dict[str, Any]:
    """A crawl with its state. Raises HTTPException (404)."""
    found = crawl(library.database, number)
    if found is None:
        raise HTTPException(404, "there is no such crawl in this collection")
    return with_state(library, found)


def with_state(library: Library, found: dict[str, Any]) -> dict[str, Any]:
    """A crawl with `state`: its outcome, `running`, or `cut-off` where it has no end and no process holds its lock; and
    `captured`, `per_minute` (captures) and `bytes_per_second` (of records), None where they are not known."""
    state = found["outcome"]
    if found["finished_at"] is None:
        is_held = SiteLock(library.database, library.collection.locks, found["site"]).is_held()
        state = "running" if is_held else "cut-off"
    return {**found, "state": state, **_rates(found, state)}


def _rates(found: dict[str, Any], state: str) -> dict[str, int | float | None]:
    """From the captures that are stored, or those that the crawl has counted at its end."""
    by_outcome = found["captures"] if "captures" in found else found["counts"].get("captures")
    captured, size = sum(by_outcome.values()) if by_outcome is not None else None, found.get("bytes")
    end = datetime.now(UTC) if state == "running" else found["finished_at"]
    seconds = max(1.0, (end - found["started_at"]).total_seconds()) if end is not None else None
    return {
        "captured": captured,
        "per_minute": round(60 * captured / seconds, 1) if captured is not None and seconds else None,
        "bytes_per_second": round(size / seconds) if size is not None and seconds else None,
    }


def crawl_number(request: Request) -> int:
    """The number in the path. Raises HTTPException (404)."""
    name = request.path_params["number"]
    if not re.fullmatch(r"[0-9]{1,9}", name):
        raise HTTPException(404, "there is no such crawl in this collection")
    return int(name)
