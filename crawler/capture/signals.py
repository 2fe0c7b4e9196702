"""Scrapy signals of the download handler and the robots middleware; connect with `crawler.signals.connect`.

Scrapy logs the error of a signal handler and goes on, so nothing that must happen may depend on these.
"""

exchange_captured = object()
"""Sent with ref (CaptureRef), exchange (Exchange), request (scrapy.Request) once a capture is in its WARC file and
before Scrapy sees the response. Every attempt counts: robots.txt, sitemaps, redirects and retries included."""

exchange_failed = object()
"""Sent with reason (NetworkReason), request, failure (twisted Failure) when an attempt ended without a byte of
response, which leaves no record. The failure then takes Scrapy's normal way (retry, errback)."""

robots_failed = object()
"""Sent with request, failure (twisted Failure) when a robots.txt got no response after all retries; such a request has
no errback in the spider."""

throttled = object()
"""Sent with request when the first bytes of its response have come and say 429 or 503."""
