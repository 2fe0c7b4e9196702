"""Writes the Python file of a site that a TOML file describes: `emeroteca site code`."""

import json
from pathlib import Path
from typing import Final

from crawler.sites.site_file import SiteFile, format_site_file
from storage.exceptions import CommandError

_MODULE: Final = '''"""{title}: written by `emeroteca site code` from {toml}; edit it freely (docs/sites.md)."""

from web_poet import handle_urls

from crawler.extraction.pages.selector_page import SelectorPage
from crawler.site_spiders import spider_of_file
from crawler.sites.file_site import site_of_file
from crawler.sites.site_file import parse_site_file

#: What the TOML file said: hosts, routes, URL patterns, selectors.
DESCRIBED = parse_site_file(
    {text},
    "{name}.py",
)
SITE = site_of_file(DESCRIBED)


@handle_urls({hosts})
class {classname}Page(SelectorPage):
    """Fields that selectors cannot say are methods here, with `@field` of crawler.extraction.pages.article_page."""


{classname}Spider = spider_of_file(DESCRIBED, SITE)
'''
_TEST: Final = '''"""Tries an article of {name}: `pytest {test}`. Name the page that matters, and what it must give."""

import emeroteca


def test_an_article() -> None:
    with emeroteca.Collection.open({home}) as collection:
        article = next(collection.articles(site={site}))
    assert article["headline"]
    assert article["word_count"] > 50
'''


def write_site_code(described: SiteFile, toml: Path, home: Path) -> list[Path]:
    """Write NAME.py and test_NAME.py beside the TOML file, which is renamed; returns their paths. Raises CommandError
    where they are there already."""
    stem = "".join(one if one.isalnum() else "_" for one in described.name)
    module, test = toml.with_name(f"{stem}.py"), toml.with_name(f"test_{stem}.py")
    for path in (module, test):
        if path.exists():
            raise CommandError(f"{path} is there already: move it away first")
    classname = "".join(part.capitalize() for part in stem.split("_"))
    classname = classname if classname[:1].isalpha() else f"Site{classname}"
    module.write_text(
        _MODULE.format(
            title=described.title.replace('"""', "'").replace("\\", "/"),
            toml=toml.name,
            text=_literal(format_site_file(described)),
            name=stem,
            hosts=json.dumps(list(described.hosts)),
            classname=classname,
        ),
        encoding="utf-8",
    )
    test.write_text(
        _TEST.format(
            name=described.name, test=test.name, home=json.dumps(str(home.absolute())), site=json.dumps(described.name)
        ),
        encoding="utf-8",
    )
    toml.rename(toml.with_name(f"{toml.name}.replaced"))
    return [module, test]


def _literal(text: str) -> str:
    """The text, which ends with a line end, as a literal of Python that people can read."""
    mark = next((mark for mark in ('"""', "'''") if mark not in text), None)
    return f"r{mark}\n{text}{mark}" if mark is not None else repr(text)
