"""The application: its addresses, and the answers to what goes wrong."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from threading import Thread
from typing import Final

from anyio.to_thread import current_default_thread_limiter
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from crawler.event_log import report
from crawler.registry import all_sites
from reading_room.api import answers
from reading_room.guards import Guards
from reading_room.library import Library
from reading_room.pages.article import article_by_url, article_page
from reading_room.pages.changes import changes_page, citation
from reading_room.pages.context import context_page
from reading_room.pages.crawls import crawl_events, crawl_page, crawls_page
from reading_room.pages.export import export_file, query_file
from reading_room.pages.frequencies import frequencies_page
from reading_room.pages.home import home_page
from reading_room.pages.record import record_file, record_page
from reading_room.pages.search import counts_page, search_page
from reading_room.pages.sites import site_page, sites_page
from reading_room.rendering import rendered
from storage.exceptions import CorpusError, QueryTimeout

_ROUTES: Final = [
    Route("/", home_page),
    Route("/search", search_page),
    Route("/search/counts", counts_page),
    Route("/search/context", context_page),
    Route("/search/frequencies", frequencies_page),
    Route("/search/export", export_file),
    Route("/search/query.json", query_file),
    Route("/articles", article_by_url),
    Route("/articles/{article_id}", article_page),
    Route("/articles/{article_id}/changes", changes_page),
    Route("/articles/{article_id}/cite", citation),
    Route("/articles/{article_id}/records/{record}", record_page),
    Route("/articles/{article_id}/records/{record}/bytes", record_file),
    Route("/crawls", crawls_page),
    Route("/crawls/{number}", crawl_page),
    Route("/crawls/{number}/events", crawl_events),
    Route("/sites", sites_page),
    Route("/sites/{name}", site_page),
    Route("/api/openapi.json", answers.openapi),
    Route("/api/search", answers.articles_found),
    Route("/api/contexts", answers.occurrences_found),
    Route("/api/frequencies", answers.counts_found),
    Route("/api/articles/{article_id}", answers.article),
    Route("/api/articles/{article_id}/captures", answers.captures),
    Route("/api/articles/{article_id}/copies", answers.copies),
    Route("/api/sites", answers.sites),
    Route("/api/crawls", answers.crawls_held),
    Route("/api/crawls/{number}", answers.one_crawl),
    Route("/api/changes", answers.changes),
    Mount("/static", StaticFiles(directory=Path(__file__).parent / "static")),
]
#: Requests that are worked on at once.
_THREADS: Final = 8


def create_application(library: Library, token: str | None = None) -> ASGIApp:
    """The reading room of a collection. token: what a client must know, None on loopback."""
    application = Starlette(
        routes=_ROUTES,
        exception_handlers={HTTPException: _refused, CorpusError: _unanswered, Exception: _failed},
        lifespan=_lifespan,
    )
    application.state.library = library
    return Guards(application, token)  # around Starlette's own handling of faults, so that those pass it too


@asynccontextmanager
async def _lifespan(_: Starlette) -> AsyncIterator[None]:
    current_default_thread_limiter().total_tokens = _THREADS
    Thread(target=all_sites, daemon=True).start()  # the definitions of sites take seconds to import: not in a request
    yield


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _error(request, error.status_code, error.detail, dict(error.headers or {}))


def _unanswered(request: Request, error: Exception) -> Response:
    report("reading-room-error", f"{request.url.path}: {error}", "error")
    if isinstance(error, QueryTimeout):
        return _error(request, 503, "the question took too long: ask for less, such as fewer days or one site")
    return _error(request, 503, "the corpus does not answer: the log of the server says why")


def _failed(request: Request, error: Exception) -> Response:
    return PlainTextResponse("The reading room has met a fault of its own: the log of the server has it.\n", 500)


def _error(request: Request, status: int, why: str, headers: dict[str, str] | None = None) -> Response:
    phrase = HTTPStatus(status).phrase
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": phrase, "detail": why}, status, headers)
    try:
        page = rendered(request, "error.html", status, phrase=phrase, why="" if why == phrase else why)
    except HTTPException:  # the language is what was wrong
        return Response(f"{phrase}: {why}\n", status, headers, "text/plain")
    page.headers.update(headers or {})
    return page
