"""How far a redirect is followed: to the site's own hosts, never in a circle. A Scrapy downloader middleware.

Each hop is a capture of its own. One that leads out of the site, back to where it came from, or into a trap is not
taken: the request fails with RequestSkipped, which names the reason (`offsite-redirect`, `redirect-loop`, or the trap).
"""

from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import IgnoreRequest

from crawler.discovery.traps import trap, without_session
from crawler.exceptions import RequestSkipped


class ScopedRedirectMiddleware(RedirectMiddleware):
    """Scrapy's redirects within the spider's `site`; those of robots.txt may lead anywhere (RFC 9309 2.3.1.2)."""

    def _engine_started(self) -> None:
        """Scrapy's would look for what sets a Referer, and warn that nothing does: no request of ours carries one."""

    def _redirect(self, redirected: Request, request: Request, reason: Any) -> Request:
        site = getattr(self.crawler.spider, "site", None)
        if site is not None and "robots" not in request.meta:
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
