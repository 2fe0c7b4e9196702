"""Reads robots.txt (RFC 9309) with Protego, for the robots middleware and the sitemap route.

Beyond the RFC: `Crawl-delay` of the group, and the file's `Sitemap` lines.
"""

import re
from dataclasses import dataclass

from protego import Protego

#: Bytes that a crawler must parse at least (RFC 9309 2.5); the rest is ignored.
MAX_BYTES = 500 * 1024

#: A User-agent line: its name and the product token that its value starts with (RFC 9309 2.2.1).
_USER_AGENT = re.compile(r"(?<![^\r\n])([ \t]*user-?agent[ \t]*:[ \t]*[a-z_-]+)[^\r\n]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RobotsTxt:
    """The rules of a robots.txt for one crawler: those of its group, else those of `*`, else none."""

    parser: Protego
    user_agent: str

    def allows(self, url: str) -> bool:
        """Whether the URL may be requested; /robots.txt itself always may (RFC 9309 2.2.2)."""
        return self.parser.can_fetch(url, self.user_agent)

    @property
    def crawl_delay(self) -> float | None:
        """Seconds between two requests, as the group says."""
        return self.parser.crawl_delay(self.user_agent)

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """The URLs of the Sitemap lines, each once, in the order of the file."""
        return tuple(dict.fromkeys(self.parser.sitemaps))


def parse_robots(body: bytes, product: str) -> RobotsTxt:
    """The rules for the crawler whose product token is `product`. Never raises: invalid lines are ignored."""
    if len(body) > MAX_BYTES:
        body = body[:MAX_BYTES].rpartition(b"\n")[0]
    text = body.decode("utf-8-sig", "replace")
    # Protego takes a group's name for ours if ours starts with it; with a "/" behind both, they are compared whole
    return RobotsTxt(Protego.parse(_USER_AGENT.sub(r"\1/", text)), f"{product}/")


#: The rules where robots.txt cannot be reached: nothing is allowed (RFC 9309 2.3.1.4).
DISALLOW_ALL = parse_robots(b"User-agent: *\nDisallow: /", "*")
#: The rules where there is no robots.txt (RFC 9309 2.3.1.3).
ALLOW_ALL = parse_robots(b"", "*")
