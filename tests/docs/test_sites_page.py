"""The site file of docs/sites.md is valid, and names every entry that a site file may have."""

import re
from dataclasses import fields
from pathlib import Path

from crawler.site import Selectors
from crawler.sites.site_file import ROUTE_KINDS, ArticleRules, FileRoute, SiteFile, parse_site_file

PAGE = (Path(__file__).parents[2] / "docs/sites.md").read_text(encoding="utf-8")


def test_the_file_is_valid_and_complete() -> None:
    [text, _] = re.findall(r"```toml\n(.*?)```", PAGE, re.S)
    site = parse_site_file(text, "gazzetta.toml")
    assert (site.name, len(site.routes)) == ("gazzetta.example", 3)
    for table in (SiteFile, ArticleRules, FileRoute, Selectors):
        for one in fields(table):
            assert re.search(rf"^\[*{one.name}\]* ?=?", text, re.M), one.name
    assert all(kind in text for kind in ROUTE_KINDS)
