"""The fuzzer of texts: flattened dumps, dates, URLs, lists (sitemaps, feeds, WordPress, indexes of archives,
robots.txt), HTTP heads, charsets, style sheets and search queries, mutated, through the functions that read them.

Held: nothing is raised but the errors that are promised; what is normalised stays as it is when it is normalised again;
dates are dates of the calendar, with a time zone where they have an hour; texts that come out can be stored in every
database: no NUL, no lone surrogate. One input of ten is long, so that a time beyond the linear shows.
"""

import json
import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from bench.fuzz.bounds import Fuzzer
from crawler.archives.index_answer import read_answer
from crawler.discovery.day_archive import DayArchiveRoute
from crawler.discovery.feed import FeedRoute
from crawler.discovery.robots_txt import parse_robots
from crawler.discovery.route import DiscoveredUrl, Follow, ListPage, Window
from crawler.discovery.sitemap import SitemapRoute
from crawler.discovery.traps import list_trap, trap, without_session
from crawler.discovery.wordpress import WordPressRoute
from crawler.discovery.xml import claimed_time
from crawler.extraction.extract_flattened import extract_flattened
from crawler.extraction.fields import dates
from crawler.extraction.fields.months import day_in_words
from crawler.extraction.html.charset import decode as decode_charset
from crawler.extraction.html.images import absolute, caption_and_credit
from crawler.extraction.html.text import fold, with_few_marks
from crawler.extraction.refusals import PageRefused
from crawler.extraction.rights import header_signals, robots_signals
from crawler.fetching.downloader import retry_after
from crawler.ingest.memento import memento_address, memento_moment, original_url
from crawler.registry import all_sites
from crawler.requisites.srcset import srcset_urls
from crawler.requisites.stylesheet import stylesheet_requisites
from crawler.urls import host_of, is_web_url, plain_url, port_of, same_family, web_url
from storage.article import Precision
from storage.corpus.db.sanitise import sanitise
from storage.corpus.search.query import for_postgres, for_sqlite, is_findable, parse
from storage.exceptions import DecodingError, InvalidUrl, UnreadableList
from storage.warc.dates import format_warc_date, parse_warc_date
from storage.warc.digest import canonical_digest, digest_matches, same_digest
from storage.warc.http.content_coding import decode
from storage.warc.http.message import find_chunks, is_complete, parse_head, parse_response, payload_parts
from storage.warc.index.surt import surt

ROOT = Path(__file__).resolve().parents[2]
_CAPTURED = datetime(2024, 1, 1, 12, tzinfo=UTC)
_ROME = ZoneInfo("Europe/Rome")
_BASE = "https://notizie.example.org/a/b?c=d"
#: Characters of a long input, at least.
_LONG = 100_000
_ODD = (
    *("\0", "\x1b[2J", "\ud800", "\udfff", "\ufeff", "\u202e", "\u0301" * 40, "\U0001f600", "\xa0", "\u2028", "\x85"),
    *(
        "%",
        "%00",
        "%ff",
        "%25",
        "%2e%2e/",
        "..",
        "//",
        "\\",
        "@",
        ":",
        "#",
        "?",
        "&",
        ";",
        "[",
        "]",
        "<",
        ">",
        '"',
        "'",
    ),
    *(
        "\r\n",
        "\n\n",
        "\t",
        " ",
        "9" * 30,
        "-1",
        "1e400",
        "NaN",
        "٣",
        "²",
        "０",
        "İ",
        "ß",
        "ﬀ",
        "a" * 300,
        "xn--",
        "&#0;",
    ),
)


@dataclass(frozen=True, slots=True)
class Text:
    """An input: the kind, and the text; lone surrogates stand for bytes that are no UTF-8."""

    kind: str
    text: str

    @property
    def data(self) -> bytes:
        return self.text.encode("utf-8", "surrogatepass")


@cache
def seeds() -> dict[str, tuple[str, ...]]:
    """Texts of each kind to begin with."""
    dumps = tuple(file.read_text() for file in sorted(ROOT.glob("tests/fixtures/flat/*/dump.txt")))
    return {
        "dump": (*dumps, *(dump.replace("\n", " ") for dump in dumps)),
        "URL": _URLS,
        "date": _DATES,
        "list": _LISTS,
        "robots": _ROBOTS,
        "index": _INDEXES,
        "head": _HEADS,
        "text": (
            *(dump[:600] for dump in dumps),
            "città, perché: “sì”",
            "e\u0301 \u0323\u0301",
            "La neve | Foto (c) Ada",
        ),
        "page": ('<meta charset="utf-8"><p>città', '<meta charset="utf-7"><p>+AGE-', "<?xml encoding='hz'?>~{<p>"),
        "style": _STYLES,
        "query": ('neve "sul ponte" -sole', "-", '"', "la NEVE* (OR) NEAR/3 ponte:", "雪 снег", "''' & | ! <->"),
        "digest": (
            "sha1:B2LTWWPUOYAH7UIPQ7ZUPQ4VMBSVC36A",
            "md5:d41d8cd98f00b204e9800998ecf8427e",
            "sha-256:" + "a" * 64,
        ),
    }


_URLS = (
    *(
        "https://www.Notizie.example.org:443/a/../b/?utm_source=x&id=7#top",
        "http://xn--bcher-kva.example/%7Euser/%E2%82%AC",
    ),
    *(
        "https://web.archive.org/web/20210306040353id_/http://paper.example/1",
        "http://[::1]:8080/a",
        "//cdn.example/a.jpg",
    ),
    *(
        "http://0x7f.1/",
        "https://user:pass@host/",
        "javascript:alert(1)",
        "mailto:a@b.example",
        "../x?y=z&y=w",
        "HTTP://EXAMPLE",
    ),
    *("https://paper.example/;jsessionid=0123456789abcdef0123456789abcdef?sid=0123456789abcdef0123456789abcdef&b&a"),
    *("http://paper.example/2021/03/06/2021/03/06/a/a/a/a/a", "https://città.example/così?è=é"),
    "https://paper.example/page/999999?date_start=20220201&date_end=20220228",
)
_DATES = (
    *("2021-03-06T04:05:06.123456+01:00", "2021-03-06", "20210306T040506Z", "1615003200", "1615003200000", "2021-03"),
    *(
        "Sat, 06 Mar 2021 04:05:06 GMT",
        "Sat, 06 Mar 2021 04:05:06 +0000 (UTC)",
        "06 Mar 21 04:05 EST",
        "Mon, 1 Jan 0001 0:0:0 +9999",
    ),
    *(
        "6 marzo 2021, ore 14:05",
        "14:21 14.02.2022",
        "26 abril, 2022 - 8:10 pm",
        "21/04/2022",
        "2023年9月4日(月) 午後3時04分",
    ),
    *("1er février 2024", "٣ مارس ٢٠٢١", "March 6th, 2021", "2009-03-65T08:43:19-0800", "9999-12-31T23:59:59-23:59"),
    *("0001-01-01T00:00:00+14:00", "2021-02-30", "99999999999999", "2021-03-06 24:00:00", "120"),
)
_SITEMAP = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://paper.example/1</loc>'
    "<lastmod>2021-03-06T04:05:06Z</lastmod><news:news><news:publication_date>2021-03-06</news:publication_date>"
    "</news:news></url><url><loc>/2</loc><lastmod>2021-13-45</lastmod></url></urlset>"
)
_LISTS = (
    _SITEMAP,
    "<sitemapindex><sitemap><loc>https://paper.example/s?date_start=20220201&amp;date_end=20220228</loc>"
    "<lastmod>9999-12-31</lastmod></sitemap></sitemapindex>",
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><rss><channel><item><link>https://paper.example/1</link>'
    "<pubDate>Sat, 06 Mar 2021 04:05:06 +0100</pubDate><title>&b;</title></item></channel></rss>",
    '<feed xmlns="http://www.w3.org/2005/Atom"><link rel="next" href="?p=2"/><entry><link href="/1"/><guid>x</guid>'
    "<updated>2021-03-06T04:05:06Z</updated></entry></feed>",
    '[{"link": "https://paper.example/1", "date": "2021-03-06T04:05:06", "date_gmt": "2021-03-06T03:05:06", '
    '"modified_gmt": "2021-03-06T03:05:06", "id": 7}]',
    '<html><body><a href="/20210306/a-1.html">Uno</a><a class="next" href="?p=2">2</a></body></html>',
)
_ROBOTS = (
    "User-agent: *\nDisallow: /a*b$\nAllow: /\nCrawl-delay: 3\nSitemap: https://paper.example/sitemap.xml\n",
    "user-agent: emeroteca/2\r\nuser-agent: b\r\ndisallow:/%7e/*?*&*=\r\ncrawl-delay: 1e9\r\n"
    "Content-Signal: ai-train=no\r\n",
    "User-agent: *\nDisallow: /" + "*a" * 30 + "$\nRequest-rate: 1/5m\nVisit-time: 0100-0200\n",
)
_INDEXES = (
    '[["urlkey","timestamp","original","mimetype","statuscode","digest","length"],'
    '["example,paper)/1","20210306040353","http://paper.example/1","text/html","200","B2LTWWPUOYAH7UIPQ7ZUPQ4VMBSVC36A",'
    '"412"],[],["example,paper)/1 20210306040353"]]',
    '{"urlkey": "example,paper)/1", "timestamp": "20210306040353", "url": "http://paper.example/1", "status": "200", '
    '"digest": "sha1:x", "length": "9", "offset": "7", "filename": "a.warc.gz"}\n{"timestamp": "1"}\n',
    "org.archive.util.io.RuntimeIOException: AccessControlException: Blocked Site Error",
)
_HEADS = (
    "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
    "5;a=b\r\nciao \r\n4\r\nneve\r\n0\r\nT: x\r\n\r\n",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200\nContent-Length: 9\nContent-Encoding: gzip\n folded\n\n123456789",
    "HTTP/2 304\r\nX-Robots-Tag: noarchive, bot: noai\r\nContent-Signal: ai-train=no\r\nTDM-Reservation: 1\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked, br\r\nRetry-After: 120\r\n\r\nffffffffffffffff\r\n",
)
_STYLES = (
    "@import url(a.css) screen; @font-face { src: url('b.woff2') format('woff2'), url(data:,x) } "
    "p { background: url(c.png) }",
    "a.jpg 1x, b.jpg 2x, data:image/png;base64,AA== 100w,,, c.jpg (max-width: 3px) 4w",
    "p { background: image-set('a.png' 1x, url(b.png) 2x); content: '\\201C' }",
)


def text(number: int) -> Text:
    """The text with this number."""
    chance = random.Random(f"text {number}")
    kind = chance.choice(sorted(seeds()))
    found = chance.choice(seeds()[kind])
    if chance.random() < 0.9:
        for _ in range(chance.choice((1, 1, 2, 3, 8))):
            found = chance.choice(MUTATIONS)(found, chance)
    if chance.random() < 0.1:
        found = _lengthened(found, chance)
    return Text(kind, found[: 3 * _LONG])


def _place(found: str, chance: random.Random) -> tuple[int, int]:
    begin = chance.randint(0, len(found))
    return begin, min(begin + chance.choice((0, 1, 2, 5, 20, 200)), len(found))


def _put(found: str, chance: random.Random) -> str:
    begin, _ = _place(found, chance)
    return found[:begin] + chance.choice(_ODD) + found[begin:]


def _replace(found: str, chance: random.Random) -> str:
    begin, end = _place(found, chance)
    return found[:begin] + chance.choice(_ODD) + found[end:]


def _cut_out(found: str, chance: random.Random) -> str:
    begin, end = _place(found, chance)
    return found[:begin] + found[end:]


def _cut_off(found: str, chance: random.Random) -> str:
    return found[: chance.randint(0, len(found))]


def _repeat(found: str, chance: random.Random) -> str:
    begin, end = _place(found, chance)
    return found[:begin] + found[begin:end] * chance.choice((2, 5, 50)) + found[end:]


def _splice(found: str, chance: random.Random) -> str:
    other = chance.choice(seeds()[chance.choice(sorted(seeds()))])
    begin, end = _place(other, chance)
    at, _ = _place(found, chance)
    return found[:at] + other[begin:end] + found[at:]


def _digit(found: str, chance: random.Random) -> str:
    places = [at for at, char in enumerate(found[:2000]) if char.isdigit()]
    if not places:
        return found
    at = chance.choice(places)
    return found[:at] + chance.choice("0123456789") + found[at + 1 :]


def _case(found: str, chance: random.Random) -> str:
    return chance.choice((found.upper, found.lower, found.swapcase, found.strip))()


def _lengthened(found: str, chance: random.Random) -> str:
    """A piece so often that a function beyond linear time shows."""
    begin, end = _place(found, chance)
    piece = found[begin:end] or chance.choice(_ODD)
    return found[:begin] + piece * (_LONG // len(piece)) + found[end:]


MUTATIONS: tuple[Callable[[str, random.Random], str], ...] = (
    *(_put, _put, _replace, _replace, _cut_out, _cut_off, _repeat, _splice, _digit, _digit, _case),
)


def check(made: Text) -> str:
    """Read a text in all ways of its kind. Raises for anything that does not hold."""
    _CHECKS[made.kind](made)
    return made.kind


def _hold(holds: object, what: str) -> None:
    if not holds:
        raise AssertionError(what)


def _storable(found: str | None) -> None:
    """Every database takes the text, and a terminal too."""
    if found is not None:
        found.encode("utf-8")
        _hold("\0" not in found, "a text has a NUL")


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from (*_strings(key), *_strings(item))
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


def _check_dump(made: Text) -> None:
    for url in (
        None,
        "https://it.sputniknews.com/20220110/prova-14500014.html",
        "https://alanews.it/cronaca/prova/",
        "x",
    ):
        with suppress(PageRefused):
            article = extract_flattened(made.data.decode("utf-8", "replace"), url, _CAPTURED)
            for found in _strings(article.as_json()):
                _storable(found)
            json.dumps(article.as_json()).encode()
            for moment in (article.published_at, article.modified_at):
                _hold(moment is None or moment.tzinfo is not None, "a time has no zone")


def _check_url(made: Text) -> None:
    url = made.text
    _storable(surt(url))
    host_of(url)
    _hold(same_family(url, _BASE) == same_family(_BASE, url), "the family of a site is not symmetrical")
    _hold(original_url(original_url(url)) == original_url(url), "the original of a memento is that of another")
    if (address := memento_address(url)) is not None:
        _hold(address.moment.tzinfo is UTC, "a memento has no zone")
    for base in (None, _BASE):
        try:
            found = web_url(url, base)
        except InvalidUrl:
            continue
        _storable(found)
        _hold(found.isascii() and found.startswith(("http://", "https://")), f"{found!r} is no web URL")
        _hold(web_url(found) == found, f"{found!r} becomes {web_url(found)!r}")
        _hold(is_web_url(found) and host_of(found) and 0 <= port_of(found) < 65536, "a web URL has no host or port")
        plain = plain_url(found)
        _hold(plain_url(plain) == plain, f"{plain!r} becomes {plain_url(plain)!r}")
        _hold(without_session(without_session(found)) == without_session(found), "a session is left")
        _storable(surt(found))
        trap(found)
        list_trap(found, date(2024, 1, 1))
        for site in all_sites():
            if (article := site.article_url(found)) is not None:
                again = site.article_url(article.canonical_url)
                _hold(again is None or again.canonical_url == article.canonical_url, "a canonical URL has another")
    joined = absolute(url, _BASE)
    _hold(joined is None or joined.startswith(("http://", "https://")), "a picture is not of the web")


def _check_date(made: Text) -> None:
    raw = made.text
    found = claimed_time(raw)
    _hold(found is None or not isinstance(found, datetime) or found.tzinfo, "a claimed time has no zone")
    moment = parse_warc_date(raw)
    if moment is not None:
        _hold(moment.tzinfo is UTC and parse_warc_date(format_warc_date(moment)) == moment, "a WARC date changes")
    memento_moment(raw)
    with suppress(UnicodeEncodeError):
        seconds = retry_after(raw.encode(), _CAPTURED)
        _hold(seconds is None or seconds == seconds, "the time to wait is no number")
    for language in ("it", "ar", "xx", None):
        day_in_words(raw, language)
    claims = []
    for zone in (None, UTC, _ROME):
        for field in (dates.PUBLISHED, dates.MODIFIED):
            for visible in (False, True):
                claims += dates.claim(field, raw, "test", zone, visible=visible)
    for one in claims:
        _storable(one.raw)
        if one.value is not None:
            has_clock = one.precision in (Precision.SECOND, Precision.MINUTE)
            _hold((dates.instant(one) is not None) == has_clock, "a claim with a clock has no instant")
            instant = dates.instant(one)
            _hold(instant is None or instant.tzinfo is not None, "an instant has no zone")
    for captured in (None, _CAPTURED):
        kept, _ = dates.checked(claims, captured, date(2000, 1, 1))
        for zone in (None, UTC, _ROME):
            day = dates.chosen_day(kept, zone)
            published = dates.chosen(kept, dates.PUBLISHED)
            _hold(day is None or 1990 <= day.year <= 9999, "a day is of another age")
            if published is not None:
                published.astimezone(UTC)
                _hold(captured is None or published <= captured + timedelta(hours=1), "an article is of the future")


_ROUTES = (
    SitemapRoute(("https://paper.example/sitemap.xml",), ignore="x"),
    FeedRoute(("https://paper.example/feed",), page="paged={page}"),
    WordPressRoute("https://paper.example/wp-json/wp/v2/posts"),
    DayArchiveRoute("https://paper.example/{day}/", "//a/@href", _ROME, more="//a[@class='next']/@href"),
)


def _check_list(made: Text) -> None:
    for route in _ROUTES:
        for window in (Window(), Window(date(2021, 1, 1), date(2021, 12, 31))):
            page = ListPage(url="https://paper.example/list?page=2", body=made.data, headers={"x-wp-totalpages": "3"})
            with suppress(UnreadableList):
                for found in route.read(page, window):
                    _hold(isinstance(found, DiscoveredUrl | Follow) and isinstance(found.url, str), "no URL is named")
                    if isinstance(found, DiscoveredUrl):
                        for moment in (found.published, found.lastmod):
                            aware = not isinstance(moment, datetime) or moment.tzinfo is not None
                            _hold(aware, "a list's time has no zone")


def _check_robots(made: Text) -> None:
    robots = parse_robots(made.data, "emeroteca")
    for url in (_BASE, "https://paper.example/" + "a" * 300, "https://paper.example/%2F%61?b=c"):
        robots.allows(url)
    delay = robots.crawl_delay
    _hold(delay is None or delay == delay, "the delay is no number")
    _hold(all(isinstance(url, str) for url in robots.sitemaps), "a sitemap is no text")
    for signal in robots_signals(made.data.decode("utf-8", "replace")):
        _storable(sanitise(str(signal)))


def _check_index(made: Text) -> None:
    with suppress(UnreadableList):
        for line in read_answer(made.data).lines:
            _hold(line.captured_at.tzinfo is not None, "a line has no zone")
            _hold(line.offset is None or 0 <= line.offset < 10**16, "a line has no place")


def _check_head(made: Text) -> None:
    data = made.data
    head = parse_head(data)
    _hold(0 <= head.end <= len(data), "a head ends outside of its message")
    _hold(head.status is None or 0 <= head.status <= 999, "a status is none")
    response = parse_response(data)
    if response is not None:
        size = sum(map(len, payload_parts(data, response)))
        _hold(size <= 300 * 1024 * 1024, "a payload is longer than allowed")
        with suppress(DecodingError):
            decode(data[response.end :], response.tokens(b"content-encoding"))
        fields = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in response.fields]
        for signal in header_signals(fields):
            _storable(sanitise(str(signal)))
    for method in ("GET", "HEAD"):
        is_complete(data, response, method, closed=True)
    chunks = find_chunks(data, head.end)
    for begin, end in chunks.spans if chunks else ():
        _hold(head.end <= begin <= end <= len(data), "a chunk is outside of its message")


def _check_text(made: Text) -> None:
    folded = fold(made.text)
    _storable(folded)
    _hold(fold(folded) == folded, "a folded text is folded again")
    few = with_few_marks(made.text)
    _hold(with_few_marks(few) == few, "a text has too many marks")
    clean = sanitise(made.text) or ""
    _storable(clean)
    _hold(sanitise(clean) == clean, "a clean text is cleaned again")
    for part in caption_and_credit(made.text):
        _storable(part)


def _check_page(made: Text) -> None:
    raw = made.text.encode("utf-8", "surrogatepass")
    for body in (raw, made.text.encode("utf-16-le", "surrogatepass"), made.text.encode("cp1252", "replace")):
        for content_type in (None, "text/html; charset=gbk", "text/html; charset=" + made.text[:40]):
            with suppress(PageRefused):
                _, warnings = decode_charset(body, content_type)
                for warning in warnings:
                    _storable(warning)


def _check_style(made: Text) -> None:
    for requisite in stylesheet_requisites(made.data, _BASE):
        _hold(requisite.url.startswith(("http://", "https://")), "a requisite is not of the web")
    for url in srcset_urls(made.text):
        _hold(url and not url.endswith(","), "a candidate has no URL")


def _check_query(made: Text) -> None:
    parts = parse(made.text)
    is_findable(made.text, parts)
    if parts:
        _storable(sanitise(for_sqlite(parts)))
        _storable(sanitise(for_postgres(parts)))


def _check_digest(made: Text) -> None:
    canonical = canonical_digest(made.text)
    _hold(canonical is None or canonical_digest(canonical) == canonical, "a canonical digest has another spelling")
    _hold(same_digest(made.text, made.text), "a digest is not itself")
    digest_matches(made.text, [b""])


_CHECKS: dict[str, Callable[[Text], None]] = {
    "dump": _check_dump,
    "URL": _check_url,
    "date": _check_date,
    "list": _check_list,
    "robots": _check_robots,
    "index": _check_index,
    "head": _check_head,
    "text": _check_text,
    "page": _check_page,
    "style": _check_style,
    "query": _check_query,
    "digest": _check_digest,
}
TEXTS = Fuzzer("texts", text, check, 2.0, 200 * 1024, lambda made: (f"{made.kind}.txt", made.data), all_sites)
