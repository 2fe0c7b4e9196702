"""What the wire tap tells to whoever wants to know; connect with `crawler.signals.connect`.

A handler's error is logged by Scrapy and goes no further, so nothing that must happen may hang on these.
"""

exchange_captured = object()
"""Sent with ref (CaptureRef), exchange (Exchange), request (scrapy.Request) once a capture is in its WARC file and
before Scrapy sees the response. Every attempt counts: robots.txt, sitemaps, redirects and retries included."""

exchange_failed = object()
"""Sent with reason (NetworkReason), request, failure (twisted Failure) when an attempt ended without a byte of
response, which leaves no record. The failure then takes Scrapy's normal way (retry, errback)."""

robots_failed = object()
"""Sent with request, failure (twisted Failure) when a robots.txt was given up without an answer, after all retries: no
spider hears of such a request."""

asked_to_wait = object()
"""Sent with request when the first bytes of its answer have come and say 429 or 503; the rest may take its time."""
