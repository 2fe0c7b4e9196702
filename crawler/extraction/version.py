"""The extractor's version, stored with every capture: a rebuild makes the rows of another version again.

It holds a digest of the code and data that decide what is extracted. A change in `spiders/alanews.py` concerns that
site; a change of the shared code, platforms included, concerns all sites, since a page may be of any platform.
"""

import hashlib
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from crawler.registry import definitions
from crawler.site import Site
from storage.exceptions import InvalidArgument

_ROOT = Path(__file__).parents[2]
#: The shared code, from the bytes of a response to the article, and the libraries behind it.
_SHARED = (
    *("crawler/extraction", "crawler/ingest/classify.py", "crawler/registry.py", "crawler/site.py", "crawler/sites"),
    *("crawler/urls.py", "storage/article.py", "storage/rights.py", "storage/warc/http"),
)
_LIBRARIES = ("courlan", "dateparser", "htmldate", "jusText", "lxml", "web-poet")


#: Ends the version of an extractor that has trafilatura read the bodies.
_AS_READER = " as reader"


class Reader(StrEnum):
    """What reads the bodies of pages: the page object of each, or trafilatura all of them."""

    PAGE_OBJECT = "page-object"
    TRAFILATURA = "trafilatura"

    @classmethod
    def of(cls, extractor: str | None) -> "Reader":
        """The reader of a stored extractor."""
        return cls.TRAFILATURA if (extractor or "").endswith(_AS_READER) else cls.PAGE_OBJECT

    @classmethod
    def _missing_(cls, value: object) -> None:
        raise InvalidArgument(f"{value!r} is no reader (EMEROTECA_READER): there are {', '.join(cls)}")


def extractor_of(site: Site | None, reader: Reader = Reader.PAGE_OBJECT) -> str:
    """Name, version and digest of the extractor of a site's pages; None: of pages on hosts of no known site."""
    extractor = _extractor_of(site, _code_of(site))
    return extractor + _AS_READER if reader is Reader.TRAFILATURA else extractor


def forget() -> None:
    """Compute the digests again when they are asked for: after a change of code in a running process."""
    _extractor_of.cache_clear()


def _code_of(site: Site | None) -> str:
    """The text of the file of HOME/sites that defines the site; empty where none does."""
    return next((found.code for found in definitions() if found.site == site and found.code), "")


@cache
def _extractor_of(site: Site | None, code: str) -> str:
    digest = hashlib.sha256(" ".join(map(version, _LIBRARIES)).encode())
    digest.update(code.encode("utf-8", "replace"))
    modules = {found.module.__name__: found for found in definitions() if found.module is not None and not found.code}
    for folder in map(Path, import_module("spiders").__path__):
        for file in _files_in(folder):
            module = f"spiders.{file.relative_to(folder).parts[0].partition('.')[0]}"
            if module not in modules or modules[module].site == site:
                digest.update(_entry(folder, file))
    for name, found in modules.items():
        if found.site == site and not name.startswith("spiders.") and found.module and found.module.__file__:
            installed = Path(found.module.__file__)
            digest.update(_entry(installed.parent, installed))
    for path in _SHARED:
        for file in _files_in(_ROOT / path):
            digest.update(_entry(_ROOT, file))
    release, engine = version("emeroteca"), version("trafilatura")
    return f"emeroteca {release}+{digest.hexdigest()[:12]}, trafilatura {engine}"


def _files_in(path: Path) -> Iterator[Path]:
    found = sorted(path.rglob("*")) if path.is_dir() else [path]
    return (file for file in found if file.is_file() and file.suffix != ".pyc" and not file.name.startswith("."))


def _entry(folder: Path, file: Path) -> bytes:
    return b"%b\0%b\0" % (file.relative_to(folder).as_posix().encode(), hashlib.sha256(file.read_bytes()).digest())
