"""The first page: what the collection holds, and the newest articles."""

from starlette.requests import Request
from starlette.responses import Response

from reading_room.rendering import library_of, rendered
from storage.corpus.read.overview import overview
from storage.corpus.search.filters import SearchFilter
from storage.corpus.search.search import search


def home_page(request: Request) -> Response:
    """The sites with their numbers of articles and days, and the newest articles."""
    library = library_of(request)
    sites = library.of_corpus("overview", lambda: overview(library.database))
    newest = library.of_corpus("newest", lambda: search(library.database, "", limit=8))
    total = sum(site.articles for site in sites)
    return rendered(request, "home.html", sites=sites, newest=newest, total=total, no_filter=SearchFilter())
