"""Makes a site known in the middle of a crawl or an import, to its worker process too."""

from collections.abc import Callable, Sequence
from pathlib import Path

from crawler.registry import SiteSource, site_sources, use_home, use_sources
from crawler.sites.site_file import SiteFile, format_site_file
from storage.collection import Collection
from storage.corpus.write.store import Store
from storage.warc.durable_files import replace_file


def write_site_file(collection: Collection, described: SiteFile, comments: Sequence[str] = ()) -> Path:
    """Write the site file, with comments behind its facts, into HOME/sites, and know it. Raises OSError."""
    path = collection.home / "sites" / f"{described.name}.toml"
    replace_file(path, [format_site_file(described, comments).encode()])
    use_home(collection.home)
    return path


def know_sites() -> Callable[[Store], None]:
    """A job of the worker, which then knows the site files that this process knows."""
    return _KnowSites(site_sources())


class _KnowSites:
    """Has the worker process know site files; pickled."""

    def __init__(self, sources: tuple[SiteSource, ...]) -> None:
        self.sources = sources

    def __call__(self, store: Store) -> None:
        use_sources(self.sources)
