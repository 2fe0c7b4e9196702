"""How far a redirect is followed: to the site's own hosts, never in a circle. A Scrapy downloader middleware.

Each hop is a capture of its own. One that leads out of the site, back to where it came from, into a trap or to no valid
URL is not taken: the request fails with RequestSkipped, which names the reason (`offsite-redirect`, `redirect-loop`,
`bad-url`, or the trap). One of a requisite may lead to other hosts: the new URL is checked like the first.
"""

from typing import Any

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler.capture.exchange_recorder import RESOURCE_TYPE
from crawler.discovery.traps import trap, without_session
from crawler.exceptions import RequestSkipped
from crawler.urls import web_url
from storage.exceptions import InvalidUrl


class ScopedRedirectMiddleware(RedirectMiddleware):
    """Scrapy's redirects within the spider's `site`; those of robots.txt may lead anywhere (RFC 9309 2.3.1.2)."""

    def _engine_started(self) -> None:
        """Scrapy's would look for what sets a Referer, and warn that nothing does: no request of ours carries one."""

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        location = response.headers.get("Location")
        if location is not None and response.status in {301, 302, 303, 307, 308}:
            target = location.decode("utf-8", "percentencode")
            try:
                response.headers["Location"] = web_url(target, request.url)
            except InvalidUrl as problem:
                raise RequestSkipped("bad-url", f"{request.url} leads to {target!r}: {problem}") from None
        return super().process_response(request, response)

    def _redirect(self, redirected: Request, request: Request, reason: Any) -> Request:
        site = getattr(self.crawler.spider, "site", None)
        if site is not None and "robots" not in request.meta and RESOURCE_TYPE not in request.meta:
            if not site.owns(redirected.url):
                raise RequestSkipped("offsite-redirect", f"{request.url} leads to {redirected.url}")
            redirected = redirected.replace(url=without_session(redirected.url))
            trapped = trap(redirected.url)
            if trapped is not None:
                raise RequestSkipped(trapped, f"{request.url} leads to {redirected.url}")
        if redirected.url in (*request.meta.get("redirect_urls", ()), request.url):
            raise RequestSkipped("redirect-loop", f"{request.url} leads back to {redirected.url}")
        try:
            return super()._redirect(redirected, request, reason)
        except IgnoreRequest:
            raise RequestSkipped("redirect-loop", f"{redirected.url} would be one redirect too many") from None
