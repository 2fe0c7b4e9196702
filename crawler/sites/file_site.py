"""The `Site` that a site file describes: its hosts, and the grammar of its article URLs made of patterns."""

import re
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from zoneinfo import ZoneInfo

from crawler.site import ArticleUrl, Selectors, Site, day_in
from crawler.sites.site_file import ArticleRules, SiteFile, xpath_of
from crawler.urls import host_of, port_of, same_family

#: Paths of files and services that are no articles on any site.
_NO_PAGE = re.compile(
    r"\.(?:xml|rss|atom|json|txt|pdf|jpe?g|png|gif|webp|avif|svg|css|m?js|ico|zip|t?gz|mp[34]|m4[av]|webm|ogg|avi|mov"
    r"|woff2?|[to]tf|eot|docx?|xlsx?|pptx?|epub)$|^/(?:feed|rss|atom)/?$|/feed/?$|^/wp-(?:json|admin|content|includes)/"
    r"|^/wp-login|^/cdn-cgi/",
    re.I,
)
#: A further page of a list: /page/2, ?page=2.
_PAGE = re.compile(r"/page/\d+/?$|^(?:page|paged|p)=\d+$")


def site_of_file(described: SiteFile) -> Site:
    """The site; its ports are 80, 443, those of its routes and those that the file names."""
    ports = {80, 443, *described.ports, *(port_of(url) for route in described.routes for url in _filled(route.urls))}
    return Site(
        name=described.name,
        title=described.title,
        hosts=described.hosts,
        timezone=ZoneInfo(described.timezone or "UTC"),
        language=described.language or "",
        parse_url=UrlPatterns.of(described),
        ports=frozenset(described.ports or ports),
        networks=described.networks,
        has_timezone=described.timezone is not None,
        has_grammar=False,
        query=described.articles.query,
        delay=described.delay,
        selectors=_as_xpaths(described.selectors),
    )


def _as_xpaths(chosen: Selectors) -> Selectors:
    xpaths: dict[str, Any] = {
        one.name: xpath_of(text) for one in fields(chosen) if isinstance(text := getattr(chosen, one.name), str)
    }
    return replace(chosen, drop=tuple(map(xpath_of, chosen.drop)), **xpaths)


def _filled(urls: tuple[str, ...]) -> list[str]:
    return [re.sub(r"\{\w+\}", "1", url) for url in urls]


@dataclass(frozen=True, slots=True)
class UrlPatterns:
    """The grammar of a site file: a URL to an `ArticleUrl`, None for lists, files and what the patterns exclude."""

    hosts: tuple[str, ...]
    scheme: str
    rules: ArticleRules
    lists: frozenset[str]

    @classmethod
    def of(cls, described: SiteFile) -> "Callable[[str], ArticleUrl | None]":
        urls = [url for route in described.routes for url in route.urls]
        scheme = urlsplit(urls[0]).scheme if urls else "https"
        lists = frozenset(_address(url) for url in urls)
        return cls(described.hosts, scheme, described.articles, lists)

    def __call__(self, url: str) -> ArticleUrl | None:
        parts = urlsplit(url)
        query = urlencode([pair for pair in parse_qsl(parts.query) if pair[0] in self.rules.query])
        place = f"{parts.path or '/'}?{query}" if query else parts.path or "/"
        if (_NO_PAGE.search(parts.path) and not query) or place in self.lists or self._is_list(url):
            return None
        if any(re.search(pattern, place) for pattern in self.rules.exclude):
            return None
        include = self.rules.include
        if not (any(re.search(pattern, place) for pattern in include) if include else place != "/"):
            return None
        number = re.search(self.rules.id, place) if self.rules.id else None
        port = f":{parts.port}" if parts.port and not self._is_default(parts.port) else ""
        return ArticleUrl(
            canonical_url=f"{self.scheme}://{self._host(url)}{port}{place}",
            native_id=number[1] if number else None,
            day=day_in(parts.path),
        )

    def _is_list(self, url: str) -> bool:
        """Whether the URL is that of a list, or of a further page of one."""
        path, _, query = _address(url).partition("?")
        if f"{path}?{query}" in self.lists:
            return True
        pairs = query.split("&")
        if any(pair.partition("=")[0] in self.rules.query for pair in pairs):
            return False  # an article on the path of a list: /?id=7 beside /
        without_page = "&".join(pair for pair in pairs if not _PAGE.search(pair))
        first = _PAGE.sub("", path) or "/"
        bases = (path, first, f"{first}/".replace("//", "/"))
        return any(found in self.lists for base in bases for found in (base, f"{base}?{without_page}"))

    def _host(self, url: str) -> str:
        """The host in the one spelling: with `www.` or without it, as the first host of its family has it."""
        host = host_of(url)
        return next((known for known in self.hosts if same_family(f"//{known}/", f"//{host}/")), host)

    def _is_default(self, port: int) -> bool:
        return port == {"http": 80, "https": 443}[self.scheme]


def _address(url: str) -> str:
    """Path and query of a URL."""
    parts = urlsplit(url)
    return f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
