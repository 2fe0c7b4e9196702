"""The known sites: modules of the package `spiders`, of installed packages (entry points `emeroteca.sites`), and the
files of HOME/sites, Python and TOML.

A definition that cannot be loaded costs its own site; `site_problems` says which and why. `use_home` makes the files of
a home known; `site_sources` and `use_sources` carry them to another process or machine.
"""

import importlib
import linecache
import pkgutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import Final

from crawler.site import Site
from crawler.sites.file_site import site_of_file
from crawler.sites.site_file import SiteFile, parse_site_file
from crawler.urls import host_of, port_of
from storage.exceptions import InvalidSiteFile

ENTRY_POINTS: Final = "emeroteca.sites"


@dataclass(frozen=True, slots=True)
class SiteSource:
    """A file of HOME/sites: its path and its text; problem: why it cannot be read."""

    path: str
    text: str
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Definition:
    """A site and what defines it: a module, or a site file; `source` names it in messages, `code` is its text where it
    is a file of HOME/sites."""

    site: Site
    source: str
    module: ModuleType | None = None
    described: SiteFile | None = None
    code: str | None = None


@dataclass(slots=True)
class _Known:
    """The files of HOME/sites that this process knows, and the definitions that could not be loaded."""

    sources: tuple[SiteSource, ...] = ()

    def use(self, sources: tuple[SiteSource, ...]) -> None:
        if sources != self.sources:
            self.sources = sources
            forget()


_known = _Known()


def use_home(home: Path) -> None:
    """Make the site files of a home known to this process."""
    files = sorted(file for suffix in ("toml", "py") for file in (home / "sites").glob(f"[!._]*.{suffix}"))
    files = [file for file in files if not file.name.startswith("test_")]
    _known.use(tuple(map(_source_in, files)))


def _source_in(file: Path) -> SiteSource:
    try:
        return SiteSource(str(file), file.read_text(encoding="utf-8", errors="replace"))
    except OSError as problem:
        return SiteSource(str(file), "", f"it cannot be read: {problem.strerror or problem}")


def site_sources() -> tuple[SiteSource, ...]:
    """The site files that this process knows."""
    return _known.sources


def use_sources(sources: tuple[SiteSource, ...]) -> None:
    """Make site files known to this process, in place of those that it knew."""
    _known.use(sources)


def forget() -> None:
    """Have the definitions loaded again when they are asked for."""
    for cached in (_loaded, all_sites, _by_name, _by_host):
        cached.cache_clear()


def definitions() -> tuple[Definition, ...]:
    """Every known site with what defines it, ordered by the site's name."""
    return _loaded()[0]


def site_problems() -> tuple[tuple[str, str], ...]:
    """The definitions that could not be loaded: their source, and what is wrong."""
    return _loaded()[1]


def problems_met() -> tuple[tuple[str, str], ...]:
    """The same, where this process has loaded the definitions at all."""
    return site_problems() if _loaded.cache_info().currsize else ()


@cache
def all_sites() -> tuple[Site, ...]:
    """Every known site, ordered by name. Importing the modules also registers their page objects."""
    return tuple(found.site for found in definitions())


def site_named(name: str) -> Site:
    """The site of that name. Raises KeyError."""
    return _by_name()[name].site


def definition_of(name: str) -> Definition:
    """What defines the site of that name. Raises KeyError."""
    return _by_name()[name]


def site_of(url: str) -> Site | None:
    """The known site of a URL, by its host; where several sites are on one host, by its port."""
    found = _by_host().get(host_of(url), ())
    if len(found) < 2:
        return found[0] if found else None
    try:
        port = port_of(url)
    except (KeyError, ValueError):
        return found[0]
    return min(found, key=lambda site: (port not in site.ports, len(site.ports)))


def canonical_url_of(url: str) -> str:
    """The one spelling of the URL of an article of a known site; any other URL as it is."""
    site = site_of(url)
    article = site.article_url(url) if site else None
    return article.canonical_url if article else url


def site_on(host: str) -> Site | None:
    """The known site of this host name; the first where several are on it."""
    return next(iter(_by_host().get(host.lower(), ())), None)


@cache
def _by_name() -> dict[str, Definition]:
    return {found.site.name: found for found in definitions()}


@cache
def _by_host() -> dict[str, tuple[Site, ...]]:
    hosts: dict[str, tuple[Site, ...]] = {}
    for site in all_sites():
        for host in site.hosts:
            hosts[host] = (*hosts.get(host, ()), site)
    return hosts


@cache
def _loaded() -> tuple[tuple[Definition, ...], tuple[tuple[str, str], ...]]:
    found: dict[str, Definition] = {}
    problems = []
    for source, load in _sources():
        try:
            definition = load()
            if definition is None:
                continue
            first = found.setdefault(definition.site.name, definition)
            if first is not definition:
                problems.append(
                    (source, f"{source}: the site {definition.site.name} is defined by {first.source} already")
                )
        except InvalidSiteFile as problem:
            problems.append((source, str(problem)))
        except (Exception, SystemExit) as problem:  # whatever the code of a site raises costs that site alone
            problems.append((source, f"{source}: {type(problem).__name__}: {problem}"))
    return tuple(sorted(found.values(), key=lambda one: one.site.name)), tuple(problems)


def _sources() -> Iterator[tuple[str, "_Load"]]:
    """Sources of definitions, in the order in which they win: HOME/sites, `spiders`, installed packages."""
    for source in _known.sources:
        yield source.path, _Load(source=source)
    package = importlib.import_module("spiders")
    for module in pkgutil.iter_modules(package.__path__):
        yield f"spiders.{module.name}", _Load(module=f"spiders.{module.name}")
    for point in entry_points(group=ENTRY_POINTS):
        yield f"{point.value} ({point.dist.name if point.dist else 'a package'})", _Load(module=point.value)


@dataclass(frozen=True, slots=True)
class _Load:
    """Loads a module, or a file of HOME/sites; gives None for a module without a site."""

    module: str | None = None
    source: SiteSource | None = None

    def __call__(self) -> Definition | None:
        if self.source is None:
            assert self.module is not None
            return _of_module(importlib.import_module(self.module.partition(":")[0]), self.module)
        if self.source.problem is not None:
            raise InvalidSiteFile(f"{self.source.path}: {self.source.problem}")
        if self.source.path.endswith(".toml"):
            described = parse_site_file(self.source.text, self.source.path)
            return Definition(site_of_file(described), self.source.path, described=described, code=self.source.text)
        return _of_module(_executed(self.source), self.source.path, self.source.text)


def _of_module(module: ModuleType, source: str, code: str | None = None) -> Definition | None:
    site = getattr(module, "SITE", None)
    return Definition(site, source, module=module, code=code) if isinstance(site, Site) else None


def _executed(source: SiteSource) -> ModuleType:
    """The module of a Python file, from its text: a worker on another machine has no such file."""
    module = ModuleType(f"emeroteca_sites.{Path(source.path).stem}")
    module.__file__ = source.path
    linecache.cache[source.path] = (len(source.text), None, source.text.splitlines(True), source.path)
    sys.modules[module.__name__] = module
    exec(compile(source.text, source.path, "exec"), vars(module))
    return module
