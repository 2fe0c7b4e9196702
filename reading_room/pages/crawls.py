"""The crawls: running and past, refusals by reason with examples, coverage by day; and the page of a site."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from crawler.operations.coverage import coverage, total
from crawler.operations.coverage_calendar import years
from crawler.registry import all_sites, site_named
from reading_room.library import Library
from reading_room.rendering import library_of, rendered
from storage.corpus.read.crawls import crawl, crawls
from storage.corpus.read.queries import sites
from storage.locks import SiteLock

#: Seconds between two looks at a running crawl, and how long one connection is told of it.
_BETWEEN: Final = 2.0
_LOOKS: Final = 900
#: Seconds for which the coverage of a site stands.
_COVERAGE_FRESH: Final = 300


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
        counts = {"state": found["state"], "captures": found["captures"], "bytes": found["bytes"]}
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
    """A crawl with `state`: its outcome, `running`, or `cut-off` where it has no end and no process holds its lock."""
    state = found["outcome"]
    if found["finished_at"] is None:
        is_held = SiteLock(library.database, library.collection.locks, found["site"]).is_held()
        state = "running" if is_held else "cut-off"
    return {**found, "state": state}


def site_page(request: Request) -> Response:
    """`/sites/<name>`: the crawls of a site, and a calendar of what its routes knew and what became of it."""
    library, name = library_of(request), request.path_params["name"]
    if name not in sites(library.database):
        raise HTTPException(404, "there is no such site in this collection")
    days = library.of_the_moment(("coverage", name), lambda: _coverage(library, name), seconds=_COVERAGE_FRESH)
    found = [with_state(library, one) for one in crawls(library.database, name, limit=20)]
    return rendered(request, "site.html", name=name, crawls=found, days=total(days), calendars=years(days))


def _coverage(library: Library, name: str) -> list[Any]:
    known = {site.name for site in all_sites()}
    return coverage(library.database, site_named(name)) if name in known else []


def crawl_number(request: Request) -> int:
    """The number in the path. Raises HTTPException (404)."""
    name = request.path_params["number"]
    if not re.fullmatch(r"[0-9]{1,9}", name):
        raise HTTPException(404, "there is no such crawl in this collection")
    return int(name)
