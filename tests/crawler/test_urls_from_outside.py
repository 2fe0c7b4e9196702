"""URLs that a site, or somebody on it, should not be able to have requested: through each way into a crawl."""

import json
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from ada_url import URL
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Request
from twisted.web.client import URI
from w3lib.url import safe_url_string

from crawler.extraction.extract import extract
from crawler.extraction.pages.page import Page
from crawler.site import Site
from crawler.spider import NewsSpider
from crawler.urls import is_web_url, web_url
from storage.exceptions import InvalidSpiderArgument, InvalidUrl

Emeroteca = Callable[..., subprocess.CompletedProcess[str]]

HOST = "gazzetta.example"
GOOD = f"http://{HOST}/cronaca/la-sagra/"

#: Each is refused as it is, before anything is requested. `bad-url` in the counts.
BAD = [
    # read as one host by some parsers, and as another by others
    rf"http://127.0.0.1\@{HOST}/cronaca/a1/",
    rf"http://127.0.0.1:6379\@{HOST}/cronaca/a2/",
    rf"https://evil.example\@{HOST}/cronaca/a3/",
    rf"http://{HOST}\@127.0.0.1/cronaca/a4/",
    rf"http:\\{HOST}\cronaca\a5\ "[:-1],
    rf"http://{HOST}\.evil.example/cronaca/a6/",
    rf"\\127.0.0.1\{HOST}\cronaca\a7",
    r"/\127.0.0.1/cronaca/a8/",
    rf"http:/\{HOST}/cronaca/a9/",
    rf"http://{HOST}/cronaca\a10/",
    # user information
    f"http://user:pw@{HOST}/cronaca/b1/",
    f"http://user@{HOST}/cronaca/b2/",
    f"http://:pw@{HOST}/cronaca/b3/",
    f"http://@{HOST}/cronaca/b4/",
    f"http://:@{HOST}/cronaca/b5/",
    f"http://{HOST}@127.0.0.1/cronaca/b6/",
    f"http://{HOST}:80@127.0.0.1/cronaca/b7/",
    f"http://{HOST}%40@127.0.0.1/cronaca/b8/",
    f"http://a@b@{HOST}/cronaca/b9/",
    f"//user:pw@{HOST}/cronaca/b10/",
    f"http://127.0.0.1%23@{HOST}/cronaca/b11/",
    # ports
    f"http://{HOST}:6379/cronaca/c1/",
    f"http://{HOST}:22/cronaca/c2/",
    f"https://{HOST}:8443/cronaca/c3/",
    f"http://{HOST}:8080/cronaca/c4/",
    f"http://{HOST}:99999/cronaca/c5/",
    f"http://{HOST}:65536/cronaca/c6/",
    f"http://{HOST}:0/cronaca/c7/",
    f"http://{HOST}:-80/cronaca/c8/",
    f"http://{HOST}:+80/cronaca/c9/",
    f"http://{HOST}:8o/cronaca/c10/",
    f"http://{HOST}:80:80/cronaca/c11/",
    f"http://{HOST}:0x50/cronaca/c12/",
    f"http://{HOST}: 80/cronaca/c13/",
    f"http://{HOST}:٨٠/cronaca/c14/",
    f"http://{HOST}:{'8' * 5000}/cronaca/c15/",
    f"//{HOST}:3128/cronaca/c16/",
    "http://127.0.0.1:6379/cronaca/c17/",
    # schemes
    f"file://{HOST}/etc/passwd",
    "file:///etc/passwd",
    f"FILE://{HOST}/etc/passwd",
    f"ftp://{HOST}/cronaca/d1/",
    f"s3://{HOST}/cronaca/d2/",
    "data:text/html,<p>nebbia</p>",
    "javascript:alert(1)",
    "about:blank",
    f"gopher://{HOST}/cronaca/d3/",
    f"ws://{HOST}/cronaca/d4/",
    f"blob:http://{HOST}/cronaca/d5/",
    f"view-source:http://{HOST}/cronaca/d6/",
    f"jar:http://{HOST}/cronaca/d7/!/x",
    f"mailto:redazione@{HOST}",
    f"dict://{HOST}:11211/stats",
    f"ldap://{HOST}/cronaca/d8/",
    # hosts that are none
    f"http://[{HOST}/cronaca/e1/",
    f"http://{HOST}]/cronaca/e2/",
    f"http://[{HOST}]/cronaca/e3/",
    "http://[::1/cronaca/e4/",
    "http://[::ffff:127.0.0.1%25eth0]/cronaca/e5/",
    "http://",
    "http:///",
    "http://?x",
    f"http://{HOST}%00/cronaca/e6/",
    f"http://{HOST}%2f@127.0.0.1/cronaca/e7/",
    f"http://{HOST}<x>/cronaca/e8/",
    f"http://a b.{HOST}/cronaca/e9/",
    "http://256.256.256.256/cronaca/e10/",
    "http://1.2.3.4.5/cronaca/e11/",
    "http://0x100000000/cronaca/e12/",
    # control characters
    f"http://{HOST}/cronaca/f1\t/",
    "http://gaz\tzetta.example/cronaca/f2/",
    f"ht\ttp://{HOST}/cronaca/f3/",
    f"http://{HOST}/cronaca/f4\x7f/",
]
#: No XML, no HTML and no header can hold these.
BAD_IN_TEXT = [
    f"http://{HOST}/cronaca/f5\x85/",
    f"http://{HOST}/cronaca/g1\r\nHost: evil.example/",
    f"http://{HOST}/cronaca/g2\nX: y/",
    f"\x00http://{HOST}/cronaca/g3/",
    f"http://{HOST}/cronaca/g4\x00/",
    f"http://{HOST}\x1b/cronaca/g5/",
]
#: Valid, and of other hosts than the site's, however they are spelt.
FOREIGN = [
    "http://127.0.0.1/cronaca/h1/",
    "http://0x7f.1/cronaca/h2/",
    "http://2130706433/cronaca/h3/",
    "http://0177.0.0.1/cronaca/h4/",
    "http://[::1]/cronaca/h5/",
    "http://[::ffff:127.0.0.1]/cronaca/h6/",
    "http://①②⑦.⓪.⓪.①/cronaca/h7/",
    f"http://127.0.0.1#@{HOST}/cronaca/h8/",
    f"http://127.0.0.1?@{HOST}/cronaca/h9/",
    f"http://127.0.0.1/@{HOST}/cronaca/h10/",
    f"http://{HOST}.evil.example/cronaca/h11/",
    f"http://evil{HOST}/cronaca/h12/",
    f"http://{HOST}./cronaca/h13/",
    f"//169.254.169.254/{HOST}/cronaca/h14/",
    f"http://localhost/{HOST}/cronaca/h15/",
    f"http://{HOST}%2eevil.example/cronaca/h16/",
    "http://gɑzzetta.example/cronaca/h17/",
]
OUTSIDE = [*BAD, *FOREIGN]


def test_there_are_enough() -> None:
    assert len(BAD) >= 60
    assert len(set(BAD)) == len(BAD)


# --- the one place ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", [*BAD, *BAD_IN_TEXT])
def test_a_bad_url_is_refused_with_the_reason(url: str) -> None:
    with pytest.raises(InvalidUrl, match=r"^it"):
        GAZZETTA.requestable(url)


@pytest.mark.parametrize("url", FOREIGN)
def test_a_foreign_url_belongs_to_no_site(url: str) -> None:
    base = f"http://{HOST}/sitemap.xml"
    assert not GAZZETTA.owns(web_url(url, base))


@pytest.mark.parametrize(
    ("text", "url"),
    [
        (f"  http://{HOST}/a b/\n", f"http://{HOST}/a%20b/"),
        ("HTTP://GAZZETTA.EXAMPLE:80/x/../perché/?q=à#b", f"http://{HOST}/perch%C3%A9/?q=%C3%A0#b"),
        ("../b/", f"http://{HOST}/b/"),
        (f"//{HOST}", f"http://{HOST}/"),
        ("https://ｇazzetta.example:443/x|y", f"https://{HOST}/x%7Cy"),
        (f"https://{HOST}/cronaca/un@indirizzo//due@/", f"https://{HOST}/cronaca/un@indirizzo//due@/"),
    ],
)
def test_a_good_url_has_one_spelling(text: str, url: str) -> None:
    assert web_url(text, f"http://{HOST}/a/") == url


PIECES = ["http://", "https:", "//", "/", "\\", "@", ":", "80", "#", "?", "[", "]", "::1", "127.0.0.1", HOST, "%40",
          "%2f", "%00", ".", "..", "|", "ａ", "é", " ", "\t", "a", "=", "&", "'", '"', "{", "^", "`", ";"]  # fmt: skip


@given(
    st.from_regex(
        r"\A(https?://[a-z0-9.-]{1,9}(/[A-Za-z0-9._~-]{0,3}){0,3})\Z",
    )
    | st.lists(st.one_of(st.sampled_from(PIECES), st.characters()), max_size=12).map("".join)
)
def test_all_parsers_read_an_accepted_url_alike(text: str) -> None:
    try:
        url = web_url(text, f"http://{HOST}/list")
    except InvalidUrl:
        return
    assert web_url(url) == url == Request(url).url == safe_url_string(URL(url).href)
    parts, connected = urlsplit(url), URI.fromBytes(url.partition("#")[0].encode("ascii"))
    assert parts.hostname == connected.host.decode().strip("[]")
    assert (parts.port or {"http": 80, "https": 443}[parts.scheme]) == connected.port
    assert parts.username is None


# --- the ways in --------------------------------------------------------------------------------------------------


class Server(BaseHTTPRequestHandler):
    """A web server behind a proxy, where request lines are whole URLs; `answers` are by path."""

    answers: dict[str, tuple[int, dict[str, str], str]]
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        status, headers, body = self.answers.get(urlsplit(self.path).path, (404, {}, ""))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.encode())

    def do_CONNECT(self) -> None:
        self.asked.append(f"CONNECT {self.path}")
        self.send_error(502)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Callable[[dict[str, Any]], dict[str, str]]]:
    """site(answers) -> the environment in which a spider `gazzetta` crawls gazzetta.example and gets these answers."""
    (tmp_path / "sitecustomize.py").write_text(
        f"import spiders\nspiders.__path__.append({str(tmp_path / 'more')!r})\n", encoding="utf-8"
    )
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "gazzetta.py").write_text(SPIDER, encoding="utf-8")
    Server.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever).start()

    def serve(answers: dict[str, Any]) -> dict[str, str]:
        Server.answers = {path: (200, {}, it) if isinstance(it, str) else it for path, it in answers.items()}
        proxy, paths = f"http://127.0.0.1:{server.server_port}", f"{tmp_path}:{Path(__file__).parents[2]}"
        return {"http_proxy": proxy, "https_proxy": proxy, "no_proxy": "", "PYTHONPATH": paths}

    yield serve
    server.shutdown()
    server.server_close()


SPIDER = """
import re
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from crawler.discovery.feed import FeedRoute
from crawler.discovery.listing import ListingRoute
from crawler.discovery.sitemap import SitemapRoute
from crawler.discovery.wordpress import WordPressRoute
from crawler.site import ArticleUrl, Site
from crawler.spider import NewsSpider

HOME = "http://gazzetta.example"

def parse_url(url):
    path = urlsplit(url).path
    return ArticleUrl(canonical_url=HOME + path) if re.fullmatch("/cronaca/[^/]+/", path) else None

SITE = Site(
    name="gazzetta", title="Gazzetta", hosts=("gazzetta.example",), timezone=ZoneInfo("Europe/Rome"), language="it",
    parse_url=parse_url,
)

class GazzettaSpider(NewsSpider):
    name = "gazzetta"
    site = SITE
    routes = (
        SitemapRoute(starts=(HOME + "/robots.txt",)),
        FeedRoute(starts=(HOME + "/feed/",)),
        WordPressRoute(endpoint=HOME + "/wp-json/wp/v2/posts"),
        ListingRoute(starts=(HOME + "/category/cronaca/",), links="//h3/a/@href"),
    )
"""
found: dict[str, Any] = {}
exec(SPIDER, found)
GAZZETTA: Site = found["SITE"]


def escaped(url: str) -> str:
    text = url.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    return text.replace("\t", "&#9;").replace("\x7f", "&#127;").replace("\x85", "&#133;")


def sitemap(kind: str, entry: str, urls: list[str]) -> str:
    entries = "".join(f"<{entry}><loc>{escaped(url)}</loc></{entry}>" for url in urls)
    return f'<{kind} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</{kind}>'


def article(name: str) -> str:
    return f"http://{HOST}/cronaca/{name}/"


def test_lists_have_nothing_but_the_sites_own_urls_requested(
    site: Callable[..., dict[str, str]], emeroteca: Emeroteca
) -> None:
    one_line = [url for url in OUTSIDE if "#" not in url]
    items = "".join(f"<item><link>{escaped(url)}</link></item>" for url in [*OUTSIDE, article("feed")])
    posts = [{"link": url} for url in [*OUTSIDE, *BAD_IN_TEXT, article("wp")]]
    links = "".join(f'<h3><a href="{escaped(url)}">x</a></h3>' for url in [*OUTSIDE, article("list")])
    answers = {
        "/robots.txt": "".join(f"Sitemap: {url}\n" for url in [*one_line, f"http://{HOST}/index.xml"]),
        "/index.xml": sitemap("sitemapindex", "sitemap", [*OUTSIDE, f"http://{HOST}/map.xml"]),
        "/map.xml": sitemap("urlset", "url", [*OUTSIDE, article("map")]),
        "/feed/": f"<rss><channel>{items}</channel></rss>",
        "/wp-json/wp/v2/posts": json.dumps(posts),
        "/category/cronaca/": f"<html><meta charset=utf-8><body>{links}</body></html>",
    }
    ended = emeroteca("crawl", "gazzetta", "--delay", "0", "--json", env=site(answers))
    summary = json.loads(ended.stdout)
    assert "Traceback" not in ended.stderr
    assert summary["errors"] == 0
    lists = {f"http://{HOST}{path}" for path in answers if "wp-json" not in path}
    asked = {url for url in Server.asked if "wp-json" not in url}
    assert asked == lists | {article(name) for name in ("map", "feed", "wp", "list")}, ended.stderr
    counts = {urlsplit(source).path: count for source, count in summary["bad_urls"].items()}
    assert counts.pop("/wp-json/wp/v2/posts") == len(BAD) + len(BAD_IN_TEXT)
    assert counts.pop("/robots.txt") >= 60
    assert counts == dict.fromkeys(("/index.xml", "/map.xml", "/feed/", "/category/cronaca/"), len(BAD))
    assert summary["urls"]["bad-url"] + summary["lists_not_read"]["bad-url"] == sum(summary["bad_urls"].values())
    assert "names" in ended.stderr
    assert summary["outcome"] == "finished"


def test_redirects_and_refreshes_lead_to_nothing_but_the_sites_own_urls(
    site: Callable[..., dict[str, str]], emeroteca: Emeroteca
) -> None:
    answers: dict[str, Any] = {"/robots.txt": ""}
    for number, url in enumerate(OUTSIDE):
        location = url.encode().decode("latin-1")
        answers[f"/cronaca/redirect-{number}/"] = (301 + number % 2, {"Location": location}, "")
        page = f'<html><head><meta http-equiv="refresh" content="0; url={escaped(url)}"></head><body>x</body></html>'
        answers[f"/cronaca/refresh-{number}/"] = (200, {"Refresh": f"0; url={location}"}, page)
    urls = [f"http://{HOST}{path}" for path in answers if path != "/robots.txt"]
    words = [word for url in urls for word in ("--url", url)]
    ended = emeroteca("crawl", "gazzetta", "--delay", "0", "--json", *words, env=site(answers))
    assert set(Server.asked) == {f"http://{HOST}/robots.txt", *urls}
    assert "Traceback" not in ended.stderr
    summary = json.loads(ended.stdout)
    assert (ended.returncode, summary["failures"], summary["errors"]) == (1, len(OUTSIDE), 0)


def test_a_crawl_whose_routes_all_break_is_not_finished(
    site: Callable[..., dict[str, str]], emeroteca: Emeroteca
) -> None:
    """One breaks by its XML, one by a number that Python does not read, two by their status."""
    answers = {
        "/robots.txt": f"Sitemap: http://{HOST}:99999/x.xml\nSitemap: http://{HOST}/map.xml\n",
        "/map.xml": "no XML",
        "/category/cronaca/": f'<a rel="next" href="/category/cronaca/page/{"9" * 5000}">next</a>',
    }
    ended = emeroteca("crawl", "gazzetta", "--delay", "0", "--json", env=site(answers))
    summary = json.loads(ended.stdout)
    assert {broken["route"] for broken in summary["broken_routes"]} == {"sitemap", "feed", "wp-json", "listing"}
    assert (summary["outcome"], ended.returncode, summary["errors"]) == ("routes-broken", 1, 0)
    assert "Traceback" not in ended.stderr


def test_a_site_on_a_port_and_address_of_its_own(
    site: Callable[..., dict[str, str]], emeroteca: Emeroteca, tmp_path: Path
) -> None:
    """Both stand in its definition, so it needs no setting; a neighbour on the same machine is not asked."""
    environment = site({"/robots.txt": "Sitemap: /map.xml"})
    home = environment["http_proxy"]
    Server.answers["/map.xml"] = (200, {}, sitemap("urlset", "url", [f"{home}/cronaca/a/", "http://127.0.0.1:1/b/"]))
    spider = SPIDER.replace("http://gazzetta.example", home).replace("gazzetta.example", "127.0.0.1")
    (tmp_path / "more" / "gazzetta.py").write_text(spider, encoding="utf-8")
    direct = {**environment, "http_proxy": "", "https_proxy": ""}
    ended = emeroteca("crawl", "gazzetta", "--delay", "0", "--json", env=direct)
    summary = json.loads(ended.stdout)
    assert "/cronaca/a/" in Server.asked, ended.stderr
    assert summary["bad_urls"] == {f"{home}/map.xml": 1}


@pytest.mark.parametrize("url", [*OUTSIDE, *BAD_IN_TEXT])
def test_the_argument_url(url: str) -> None:
    class GazzettaSpider(NewsSpider):
        name = "gazzetta"
        site = GAZZETTA

    if not url.split()[1:]:  # white space separates URLs
        with pytest.raises(InvalidSpiderArgument, match=r"--url .* is not on gazzetta\.example"):
            GazzettaSpider(urls=url)


PAGE = """<!DOCTYPE html><html lang="it"><head><title>La regata</title><link rel="canonical" href="{url}">
<meta property="og:type" content="article"><meta property="og:title" content="La regata delle barche di carta">
<meta property="article:published_time" content="2026-01-05T09:30:00+01:00">
</head><body><article><h1>La regata delle barche di carta</h1>
<p>Undici barche di carta hanno attraversato ieri il bacino piccolo del porto vecchio, davanti a molti curiosi.</p>
<p>La prossima edizione si terrà in primavera, vento permettendo, e avrà anche una giuria di bambini del quartiere.</p>
</article></body></html>"""


@pytest.mark.parametrize("url", BAD)
@pytest.mark.parametrize("own", ["https://alanews.it/cronaca/la-regata/", "https://altro.example/cronaca/la-regata/"])
def test_a_canonical_link(url: str, own: str) -> None:
    found = extract(Page.from_bytes(PAGE.replace("{url}", escaped(url).replace(HOST, "alanews.it")).encode(), own))
    assert (found.canonical_url, found.url) == (own, own)


@pytest.mark.parametrize("url", [url for url in BAD if not is_web_url(url)])
def test_a_page_without_url_takes_none_from_a_bad_canonical_link(url: str) -> None:
    assert Page.from_bytes(PAGE.replace("{url}", escaped(url)).encode(), None).url == ""
