"""Publishing systems that several sites share: what each brings to extraction, found by scanning `templates/`.

A platform is a package or a module under `crawler/extraction/templates/` that defines `PLATFORM`. `extract` and
`extract_flattened` ask every platform; no other module names one.
"""

import importlib
import pkgutil
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cache

from crawler.extraction.flattened.draft import Draft
from crawler.extraction.flattened.lines import Line
from crawler.extraction.pages.article_page import TemplatePage
from crawler.site import ArticleUrl


def _nothing(*_: object) -> None:
    """The default of a hook that a platform has no answer for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """A publishing system.

    `page_class` reads its HTML pages and recognises them (`fits`). `read_dump` reads a flattened text dump, given
    its lines, the time zone of its site and its URL (both None where unknown), `recognises_dump` says of lines and
    URL whether it should; `site_names` gives the texts of a dump that may end in the name of its site. `parse_url` is
    the grammar of article URLs on hosts of no known site. `markup_on` is equal for two capture times at which pages
    are read alike. `tried_last`: the platform is asked after all others, because it recognises more than its own.
    """

    name: str
    page_class: type[TemplatePage]
    recognises_dump: Callable[[Sequence[Line], str | None], bool] = lambda lines, url: False
    read_dump: Callable[[list[Line], tzinfo | None, str | None], Draft] = lambda lines, zone, url: Draft()
    site_names: Callable[[Sequence[Line]], Iterable[str]] = lambda lines: ()
    parse_url: Callable[[str], ArticleUrl | None] = _nothing
    markup_on: Callable[[datetime], Hashable] = _nothing
    tried_last: bool = False


@cache
def all_platforms() -> tuple[Platform, ...]:
    """Every platform, in the order in which they are tried."""
    package = importlib.import_module("crawler.extraction.templates")
    names = (found.name for found in pkgutil.iter_modules(package.__path__))
    modules = (importlib.import_module(f"{package.__name__}.{name}") for name in names)
    platforms = (module.PLATFORM for module in modules if hasattr(module, "PLATFORM"))
    return tuple(sorted(platforms, key=lambda platform: (platform.tried_last, platform.name)))


def parse_platform_url(url: str) -> ArticleUrl | None:
    """What the first platform whose grammar knows the URL says of it; for hosts of no known site."""
    return next((found for platform in all_platforms() if (found := platform.parse_url(url))), None)


def markup_on(captured_at: datetime) -> tuple[Hashable, ...]:
    """Equal for two capture times at which every platform reads its pages alike."""
    return tuple(platform.markup_on(captured_at) for platform in all_platforms())
