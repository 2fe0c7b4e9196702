"""Content codings are undone for lists, which a route reads; an article is read from its capture, never from here."""

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.http import Response

AS_SENT = "as_sent"
"""Where a request's meta says that its answer is left as it came."""


class ListDecoding(HttpCompressionMiddleware):
    """Scrapy's own middleware, which would also undo the codings of pages that nobody looks at."""

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        return response if request.meta.get(AS_SENT) else super().process_response(request, response)
