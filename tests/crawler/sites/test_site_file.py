"""Site files: what they say is checked, with the line of each mistake, and written as it was read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.site import Selectors
from crawler.sites.site_file import ArticleRules, FileRoute, SiteFile, format_site_file, parse_site_file
from storage.exceptions import InvalidSiteFile

WHOLE = r"""
name = "gazzetta.example"
title = "La Gazzetta"
hosts = ["www.gazzetta.example", "sport.gazzetta.example"]
timezone = "Europe/Rome"
language = "it"
delay = 2
ports = [80, 8080]
networks = ["127.0.0.0/8"]

[articles]
include = ['^/\d{4}/']
exclude = ["^/tag/"]
id = '-(\d+)\.html$'
query = ["id"]

[[routes]]
kind = "sitemap"
urls = ["https://www.gazzetta.example/sitemap.xml"]
ignore = "tags"

[[routes]]
kind = "listing"
urls = ["https://www.gazzetta.example/cronaca/"]
links = "main a"
fallback = true

[selectors]
body = ".testo"
drop = [".condividi", "//aside"]
"""


def test_every_entry_is_read() -> None:
    site = parse_site_file(WHOLE, "gazzetta.toml")
    assert (site.name, site.title, site.timezone, site.language) == (
        "gazzetta.example",
        "La Gazzetta",
        "Europe/Rome",
        "it",
    )
    assert site.hosts == ("www.gazzetta.example", "sport.gazzetta.example")
    assert (site.delay, site.ports, site.networks) == (2.0, (80, 8080), ("127.0.0.0/8",))
    assert site.articles == ArticleRules(
        include=(r"^/\d{4}/",), exclude=("^/tag/",), id=r"-(\d+)\.html$", query=("id",)
    )
    assert [(route.kind, route.fallback) for route in site.routes] == [("sitemap", False), ("listing", True)]
    assert site.selectors == Selectors(body=".testo", drop=(".condividi", "//aside"))


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ('name = "gazzetta.example"', 'name = "La Gazzetta"', 2, "lower-case"),
        ('name = "gazzetta.example"', "", None, "name is missing"),
        ('hosts = ["www.gazzetta.example", "sport.gazzetta.example"]', 'hosts = ["https://x.example/"]', 4, "hosts"),
        ('timezone = "Europe/Rome"', 'timezone = "Rome"', 5, "Europe/Rome"),
        ('language = "it"', 'language = "italiano"', 6, "language"),
        ("delay = 2", "delay = -1", 7, "seconds"),
        ("ports = [80, 8080]", "ports = [70000]", 8, "65535"),
        ('networks = ["127.0.0.0/8"]', 'networks = ["here"]', 9, "10.0.0.0/8"),
        (r"include = ['^/\d{4}/']", "include = ['(']", 12, "regular expression"),
        (r"id = '-(\d+)\.html$'", r"id = '-\d+'", 14, "group"),
        ('query = ["id"]', "query = 1", 15, "list of texts"),
        ('kind = "listing"', 'kind = "list"', 23, "day-archive"),
        ('urls = ["https://www.gazzetta.example/cronaca/"]', 'urls = ["/cronaca/"]', 24, "http"),
        ('links = "main a"', 'links = "a[["', 25, "CSS selector"),
        ("fallback = true", 'fallback = "yes"', 26, "true or false"),
        ('drop = [".condividi", "//aside"]', 'drop = ["//["]', 30, "XPath"),
        ('body = ".testo"', 'corpo = ".testo"', 29, "unknown: there are body"),
        ("[selectors]", "selectors = 1\n[x]", None, "selectors"),
        ("delay = 2", "delay = = 2", 7, "no valid TOML"),
        ('name = "gazzetta.example"', 'name = "../../fuori"', 2, "lower-case letters"),
        ('name = "gazzetta.example"', 'name = "/etc/a"', 2, "lower-case letters"),
        ('name = "gazzetta.example"', 'name = "a\\u001b[2J"', 2, "lower-case letters"),
    ],
)
def test_a_mistake_is_named_with_its_line(old: str, new: str, line: int | None, says: str) -> None:
    assert old in WHOLE
    with pytest.raises(InvalidSiteFile) as raised:
        parse_site_file(WHOLE.replace(old, new), "gazzetta.toml")
    message = str(raised.value)
    assert message.startswith("gazzetta.toml") and says in message
    assert line is None or f"line {line}" in message


def test_a_day_archive_needs_a_place_for_the_day() -> None:
    text = 'name = "g"\nhosts = ["g.example"]\n[[routes]]\nkind = "day-archive"\nurls = ["https://g.example/giorno/"]\n'
    with pytest.raises(InvalidSiteFile, match=r"line 5: routes\.urls .*\{day\}"):
        parse_site_file(text, "g.toml")
    parse_site_file(text.replace("giorno/", "giorno/{day}/"), "g.toml")


_texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1)
_routes = st.builds(
    FileRoute,
    kind=st.sampled_from(["sitemap", "feed", "listing", "wordpress"]),
    urls=st.just(("https://g.example/a.xml", "http://g.example:8080/b")),
    ignore=st.sampled_from([None, r"tags|\d+", "'", '"']),
    links=st.sampled_from([None, "main a", "//a[@rel='next']"]),
    fallback=st.booleans(),
)
_files = st.builds(
    SiteFile,
    name=st.from_regex(r"[a-z0-9][a-z0-9.-]{0,9}", fullmatch=True),
    title=_texts,
    hosts=st.just(("g.example",)),
    timezone=st.sampled_from([None, "Europe/Rome"]),
    delay=st.none() | st.floats(0, 1000),
    articles=st.builds(ArticleRules, include=st.just((r"^/\d+'",)), query=st.lists(_texts, max_size=2).map(tuple)),
    routes=st.lists(_routes, max_size=3).map(tuple),
    selectors=st.builds(Selectors, body=st.sampled_from([None, ".a", "//div"]), drop=st.just((".x", "//aside"))),
)


@given(_files)
def test_a_written_file_reads_as_the_same_site(site: SiteFile) -> None:
    assert parse_site_file(format_site_file(site), "g.toml") == site
