"""The known sites: one for each module of the package `spiders` that defines `SITE`."""

import importlib
import pkgutil
from functools import cache

from crawler.site import Site


def site_modules() -> dict[str, Site]:
    """Every known site by the name of its module in `spiders`."""
    package = importlib.import_module("spiders")
    names = [found.name for found in pkgutil.iter_modules(package.__path__)]
    modules = {name: importlib.import_module(f"spiders.{name}") for name in names}
    return {name: module.SITE for name, module in modules.items() if hasattr(module, "SITE")}


@cache
def all_sites() -> tuple[Site, ...]:
    """Every known site, ordered by name. Importing the modules also registers their page objects."""
    return tuple(sorted(site_modules().values(), key=lambda site: site.name))


@cache
def _by_host() -> dict[str, Site]:
    return {host: site for site in all_sites() for host in site.hosts}


def site_named(name: str) -> Site:
    """The site of that name. Raises KeyError."""
    return {site.name: site for site in all_sites()}[name]


def site_on(host: str) -> Site | None:
    """The known site of this host name."""
    return _by_host().get(host.lower())
