"""Decodes the content coding of lists, which routes read; articles are read from their captures instead."""

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.http import Response

AS_SENT = "as_sent"
"""Key of a request's meta: the answer is not decoded."""


class ListDecoding(HttpCompressionMiddleware):
    """Scrapy's middleware for requests without AS_SENT."""

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        return response if request.meta.get(AS_SENT) else super().process_response(request, response)
