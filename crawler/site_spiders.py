"""The spiders of a site: those of its module, or the one that its site file makes."""

from dataclasses import replace
from typing import Any

from scrapy import Spider
from scrapy.utils.spider import iter_spider_classes

from crawler.discovery.day_archive import DayArchiveRoute
from crawler.discovery.feed import FeedRoute
from crawler.discovery.listing import ListingRoute
from crawler.discovery.route import Route
from crawler.discovery.sitemap import SitemapRoute
from crawler.discovery.wordpress import WordPressRoute
from crawler.registry import Definition
from crawler.site import Site
from crawler.sites.site_file import FileRoute, SiteFile, xpath_of
from crawler.spider import NewsSpider


def spiders_of(definition: Definition) -> list[type[Spider]]:
    """The spiders of a site: those of its module, or the one of its site file."""
    if definition.described is not None:
        return [spider_of_file(definition.described, definition.site)]
    return list(iter_spider_classes(definition.module)) if definition.module is not None else []


def spider_of_file(described: SiteFile, site: Site) -> type[NewsSpider]:
    """The spider of a site file: its routes, in order."""
    routes = [(route.fallback, route_of(route, site)) for route in described.routes]
    facts: dict[str, Any] = {
        "name": site.name,
        "site": site,
        "routes": tuple(route for fallback, route in routes if not fallback),
        "fallbacks": tuple(route for fallback, route in routes if fallback),
        "__module__": __name__,
        "__doc__": f"The site that {described.name}.toml describes.",
    }
    return type(f"Spider of {site.name}", (NewsSpider,), facts)


def route_of(route: FileRoute, site: Site) -> Route:
    """The route of a table `[[routes]]`."""
    match route.kind:
        case "sitemap":
            return SitemapRoute(starts=route.urls, ignore=route.ignore)
        case "feed":
            return FeedRoute(starts=route.urls)
        case "wordpress":
            return WordPressRoute(endpoint=route.urls[0])
        case "day-archive":
            links = xpath_of(route.links or "a", "href")
            more = xpath_of(route.older, "href") if route.older else None
            return DayArchiveRoute(url=route.urls[0], links=links, timezone=site.timezone, more=more)
    listing = ListingRoute(starts=route.urls, links=xpath_of(route.links or "a", "href"))
    return replace(listing, older=xpath_of(route.older, "href")) if route.older else listing
