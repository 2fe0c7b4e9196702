"""The known sites: one for each module of the package `spiders` that defines `SITE`."""

import importlib
import pkgutil
from functools import cache

from crawler.site import Site


@cache
def all_sites() -> tuple[Site, ...]:
    """Every known site, ordered by name. Importing the modules also registers their page objects."""
    package = importlib.import_module("spiders")
    modules = (importlib.import_module(f"spiders.{found.name}") for found in pkgutil.iter_modules(package.__path__))
    sites = (module.SITE for module in modules if hasattr(module, "SITE"))
    return tuple(sorted(sites, key=lambda site: site.name))


@cache
def _by_host() -> dict[str, Site]:
    return {host: site for site in all_sites() for host in site.hosts}


def site_named(name: str) -> Site:
    """The site of that name. Raises KeyError."""
    return {site.name: site for site in all_sites()}[name]


def site_on(host: str) -> Site | None:
    """The known site of this host name."""
    return _by_host().get(host.lower())
