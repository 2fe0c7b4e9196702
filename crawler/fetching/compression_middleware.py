"""Decodes the content coding of lists, which routes read; articles are read from their captures instead."""

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.http import Response

AS_SENT = "as_sent"
"""Key of a request's meta: the answer is not decoded."""

#: Bytes of a list that is decoded; a sitemap has 50 MB at most (sitemaps.org).
MOST_OF_LIST = 128 * 1024 * 1024


class ListDecoding(HttpCompressionMiddleware):
    """Scrapy's middleware for requests without AS_SENT. An answer that is a bomb fails with IgnoreRequest."""

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        if request.meta.get(AS_SENT):
            return response
        limited = request.replace(meta={**request.meta, "download_maxsize": MOST_OF_LIST})
        return super().process_response(limited, response)
