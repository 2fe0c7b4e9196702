"""Surveys a site of which only an address is known: what it offers, in the order in which a crawl would use it.

robots.txt, sitemaps, feeds, WordPress's API, sections; then the shape of its article URLs. The result is a `SiteFile`.
`crawler.any_spider` gives it the means to fetch; each answer that it reads is a capture.
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import urljoin, urlsplit

from crawler.capture.network_errors import NetworkReason
from crawler.discovery.robots_txt import parse_robots
from crawler.discovery.route import DiscoveredUrl, ListPage, Window
from crawler.discovery.wordpress import WordPressRoute
from crawler.exceptions import RequestSkipped
from crawler.sites.site_file import ArticleRules, FileRoute, SiteFile
from crawler.survey import answers
from crawler.survey.answers import kind_of, page_of_answer, read_feed, read_sitemap
from crawler.survey.page_links import Link, PageLinks, read_links
from crawler.survey.scope import domain_of, hosts_of, is_in_domain, site_name
from crawler.survey.url_patterns import SeenUrls, is_page_number, learn, place
from crawler.urls import host_of, is_web_url
from storage.exceptions import EmerotecaError, SurveyFailed, UnreadableList

#: Gives the answer for a URL. Raises RequestSkipped, or whatever the network does.
Fetch = Callable[[str], Awaitable[ListPage]]
#: Takes a line of what was found.
Say = Callable[[str], None]

SITEMAPS: Final = ("/sitemap.xml", "/sitemap_index.xml", "/wp-sitemap.xml", "/news-sitemap.xml", "/sitemap.xml.gz")
FEEDS: Final = ("/feed/", "/rss.xml", "/rss", "/atom.xml")
#: Lists of a kind that are read in a survey; a crawl reads all of them.
MOST_SITEMAPS, MOST_FEEDS, MOST_SECTIONS = 6, 8, 12
#: Sections that a site file names at most.
MOST_LISTINGS: Final = 60
#: URLs of sitemaps from which they are called large.
LARGE: Final = 1_000_000
#: Links of a list, without those of its navigation.
LINKS_OF_LISTS: Final = "//a[not(ancestor::nav or ancestor::footer)]/@href"
_WORDS_OF_HEADLINE, _LETTERS_OF_HEADLINE = 4, 24
#: Letters of text below which a page with scripts is an empty shell.
_SHELL = 300
_FILE = re.compile(r"\.(?:pdf|jpe?g|png|gif|webp|svg|zip|mp3|mp4|xml|rss|atom|ics|css|js|apk|exe)$", re.I)


@dataclass(slots=True)
class Survey:
    """A survey of the site at `start`. `seen`: URLs that its lists name. `estimated_urls`: those in all sitemaps, by
    the ones that were looked at; `lists`: lists that a crawl reads."""

    start: str
    fetch: Fetch
    say: Say
    seen: SeenUrls = field(default_factory=SeenUrls.none)
    estimated_urls: int = 0
    lists: int = 0
    _routes: list[FileRoute] = field(default_factory=list)
    _named: list[str] = field(default_factory=list)
    _home: PageLinks | None = None
    _sections: list[PageLinks] = field(default_factory=list)
    _delay: float | None = None
    _robots_sitemaps: list[str] = field(default_factory=list)
    #: The URLs that each sitemap named, of those that were looked at.
    _sampled: dict[str, list[str]] = field(default_factory=dict)

    async def run(self) -> SiteFile:
        """The site file. Raises SurveyFailed."""
        first = await self._first()
        kind, origin = kind_of(first), _origin(first.url)
        self._named.append(first.url)
        page = page_of_answer(first) if kind == "html" else None
        if page is not None and _path(first.url) != "/" and answers.is_article(page, surely=True):
            return self._one_article(first)
        given = read_links(page) if page is not None else None
        await self._find_home(origin, given)
        await self._read_robots(origin)
        await self._find_sitemaps(origin, first if kind == "sitemap" else None)
        await self._find_feeds(origin, first if kind == "feed" else None)
        await self._find_wordpress()
        await self._find_sections(given)
        rules = learn(self.seen)
        if rules is None:
            if page is not None and answers.is_article(page):
                return self._one_article(first)
            raise SurveyFailed(self._nothing_found(first))
        self.say(f"articles: {' or '.join(rules.include)}")
        return self._described(rules)

    async def _first(self) -> ListPage:
        """The answer for the address given. Raises SurveyFailed."""
        host = host_of(self.start)
        try:
            page = await self.fetch(self.start)
        except RequestSkipped as skipped:
            raise SurveyFailed(_skipped(self.start, skipped)) from None
        except EmerotecaError:
            raise
        except Exception as problem:  # of the network, in the words of Twisted and Scrapy
            reason = str(problem).strip().rstrip(".") or type(problem).__name__
            raise SurveyFailed(
                f"{host} does not answer ({reason}): check the address, the network and the proxy"
            ) from None
        if not is_in_domain(page.url, self.start):
            raise SurveyFailed(f"{self.start} leads to another site: crawl {page.url} if that is the one")
        if page.status in {401, 403, 429, 451, 503}:
            raise SurveyFailed(
                f"{host} refuses the crawler (status {page.status}): no way round is tried. Ask the site's owner, or "
                "try again later"
            )
        if page.status != 200:
            raise SurveyFailed(f"{self.start} answered with status {page.status}: check the address")
        return page

    async def _list(self, url: str) -> ListPage | None:
        """The answer for a further list; None where there is none."""
        try:
            page = await self.fetch(url)
        except EmerotecaError:
            return None
        except Exception:  # of the network: one list of many
            return None
        return page if page.status == 200 and is_in_domain(page.url, self.start) else None

    async def _find_home(self, origin: str, given: PageLinks | None) -> None:
        """The home page: the one given, else that of its host."""
        self._home = given
        if given is not None:
            self.seen.others.add(given.url)
        if given is None or _path(given.url) != "/":
            answer = await self._list(f"{origin}/")
            if answer is not None and kind_of(answer) == "html":
                self._home = read_links(page_of_answer(answer))
                self.seen.others.add(answer.url)

    async def _read_robots(self, origin: str) -> None:
        answer = await self._list(f"{origin}/robots.txt")
        robots = parse_robots(answer.body if answer else b"", "emeroteca")
        self._delay = robots.crawl_delay
        urls = [urljoin(origin, url) for url in robots.sitemaps]
        self._robots_sitemaps = [url for url in urls if is_web_url(url) and is_in_domain(url, self.start)]
        self._named += self._robots_sitemaps
        delay = f", Crawl-delay {robots.crawl_delay:g} s" if robots.crawl_delay else ""
        self.say(f"robots.txt: {len(urls)} sitemaps named{delay}" if answer else "robots.txt: none")

    async def _find_sitemaps(self, origin: str, given: ListPage | None) -> None:
        """The sitemap given, else those that robots.txt names, else the first at a usual place."""
        named = [given.url] if given else list(dict.fromkeys(self._robots_sitemaps))
        found = []
        for url in named[:MOST_SITEMAPS] or [f"{origin}{path}" for path in SITEMAPS]:
            answer = given if given and url == given.url else await self._list(url)
            if answer is not None and await self._read_sitemap(url, answer):
                found.append(url)
                if not named:
                    break
        found += named[MOST_SITEMAPS:]
        if not found:
            self.say("sitemaps: none")
            return
        self._routes.append(FileRoute(kind="sitemap", urls=tuple(found), ignore=answers.NO_ARTICLES))
        is_large = self.estimated_urls >= LARGE
        large = f"; about {self.estimated_urls} in all: --since or --limit take a part of them" if is_large else ""
        count = sum(map(len, self._sampled.values()))
        self.say(f"sitemaps: {len(found)}; {count} URLs in those that were looked at{large}")

    async def _read_sitemap(self, url: str, answer: ListPage) -> bool:
        """Take the URLs of a sitemap, of an index those of its newest children. False where it is none."""
        found = read_sitemap(answer)
        if found is None:
            return False
        children, finds = found
        for child in children[:MOST_SITEMAPS]:
            below = await self._list(child)
            finds += (read_sitemap(below) or ([], []))[1] if below is not None else []
        self.lists += 1 + len(children)
        looked_at = min(len(children), MOST_SITEMAPS) or 1
        self.estimated_urls += len(finds) * max(1, len(children)) // looked_at
        for one in finds:
            self._take(one.url, self.seen.articles if one.published else self.seen.listed)
        self._sampled[url] = [one.url for one in finds]
        return True

    def _take(self, url: str, seen: set[str]) -> None:
        if is_web_url(url) and is_in_domain(url, self.start):
            seen.add(url)
            self._named.append(url)

    async def _find_feeds(self, origin: str, given: ListPage | None) -> None:
        """The feed given, else those that the home pages declare, else the first at a usual place."""
        homes = [self._home, *await self._subdomain_homes()]
        declared = [given.url] if given else []
        declared += [url for home in homes if home is not None for url in home.feeds if is_in_domain(url, self.start)]
        declared = list(dict.fromkeys(declared))
        feeds, items = [], 0
        for url in declared[:MOST_FEEDS] or [f"{origin}{path}" for path in FEEDS]:
            answer = given if given and url == given.url else await self._list(url)
            finds = read_feed(answer) if answer else None
            if not finds:
                continue
            feeds.append(url)
            self._named.append(url)
            items += len(finds)
            for found in finds:
                self._take(found.url, self.seen.articles)
            if not declared:
                break
        feeds += declared[MOST_FEEDS:]
        if feeds:
            self._routes.append(FileRoute(kind="feed", urls=tuple(feeds)))
        self.say(f"feeds: {len(feeds)}; {items} items" if feeds else "feeds: none")

    async def _subdomain_homes(self) -> list[PageLinks]:
        """The home pages of the subdomains that the home page names."""
        if self._home is None:
            return []
        own = host_of(self._home.url).removeprefix("www.")
        links = (link.url for link in self._home.links if is_in_domain(link.url, self.start))
        roots = dict.fromkeys(_origin(url) for url in links if host_of(url).removeprefix("www.") != own)
        found = []
        for root in list(roots)[:MOST_SECTIONS]:
            answer = await self._list(f"{root}/")
            if answer is not None and kind_of(answer) == "html":
                found.append(read_links(page_of_answer(answer)))
                self.seen.others.add(answer.url)
        self._sections += found
        return found

    async def _find_wordpress(self) -> None:
        api = self._home.api if self._home else None
        if api is None or not is_in_domain(api, self.start):
            return
        endpoint = f"{api.rstrip('/')}/wp/v2/posts"
        route = WordPressRoute(endpoint=endpoint)
        answer = await self._list(next(iter(route.start(Window()))))
        try:
            steps = list(route.read(answer, Window())) if answer else []
        except UnreadableList:
            steps = []
        finds = [step for step in steps if isinstance(step, DiscoveredUrl)]
        for found in finds:
            self._take(found.url, self.seen.articles)
        if finds:
            self._routes.append(FileRoute(kind="wordpress", urls=(endpoint,)))
            self.say("WordPress: its API names every post")

    async def _find_sections(self, given: PageLinks | None) -> None:
        """The sections of the navigation: some are read, to tell headlines from menus."""
        pages = list(dict.fromkeys(page for page in (given, self._home) if page is not None))
        known = self.seen.articles | self.seen.listed
        candidates = dict.fromkeys(
            link.url
            for page in pages
            for link in page.links
            if (link.in_navigation or not _is_headline(link)) and is_in_domain(link.url, self.start)
        )
        wanted = [url for url in candidates if url not in known and not _is_file(url)]
        read = {page.url for page in (*self._sections, *pages)}
        for url in [url for url in wanted if url not in read][:MOST_SECTIONS]:
            answer = await self._list(url)
            if answer is not None and kind_of(answer) == "html":
                self._sections.append(read_links(page_of_answer(answer)))
        listings = self._listings([*pages, *self._sections], wanted)
        if not listings:
            self.say("sections: none")
            return
        has_whole = bool(self.seen.listed) or any(route.kind == "wordpress" for route in self._routes)
        older = next((page.older for page in (*self._sections, *pages) if page.older), None)
        self._routes.append(
            FileRoute(
                kind="listing",
                urls=tuple(listings[:MOST_LISTINGS]),
                links=LINKS_OF_LISTS,
                older=older[0] if older else None,
                fallback=has_whole,
            )
        )
        self.say(f"sections: {len(listings)}{', with older pages' if older else ''}")

    def _listings(self, pages: Sequence[PageLinks], wanted: Sequence[str]) -> list[str]:
        """The pages that list articles; fills `seen` with what the pages show."""
        everywhere, read = _on_most(pages), {page.url for page in pages}
        listings = []
        for page in dict.fromkeys(pages):
            headlines = {
                link.url
                for link in page.links
                if _is_headline(link)
                and not link.in_navigation
                and link.url not in everywhere | read
                and is_in_domain(link.url, self.start)
                and not is_page_number(link.url)
                and not _is_file(link.url)
            }
            self.seen.headlines.update(headlines)
            if len(headlines) >= 2:
                listings.append(page.url)
                self.seen.others.add(page.url)
                self._named.append(page.url)
        self.seen.others |= {url for url in wanted if url in everywhere}
        for url in self.seen.others:
            self.seen.headlines.pop(url, None)
        return listings

    def _described(self, rules: ArticleRules) -> SiteFile:
        home = self._home
        return SiteFile(
            name=site_name(self.start),
            title=_site_title(home.title if home else "", self.start),
            hosts=hosts_of([url for url in self._named if is_in_domain(url, self.start)]),
            language=home.language if home else None,
            delay=self._delay,
            ports=(port,) if (port := urlsplit(self.start).port) else (),
            articles=rules,
            routes=tuple(self._with_articles(route, rules) for route in self._routes),
        )

    def _with_articles(self, route: FileRoute, rules: ArticleRules) -> FileRoute:
        """The route without the sitemaps that name no article."""
        kept = tuple(
            url
            for url in route.urls
            if not (named := self._sampled.get(url))
            or any(re.search(pattern, place(one)) for one in named for pattern in rules.include)
        )
        return replace(route, urls=kept or route.urls)

    def _one_article(self, answer: ListPage) -> SiteFile:
        """The site of an address that is an article's: that article."""
        self._home = self._home or read_links(page_of_answer(answer))
        self._routes.clear()
        parts = urlsplit(answer.url)
        names = tuple(pair.partition("=")[0] for pair in parts.query.split("&") if pair)
        self.say(f"{answer.url} is an article, captured alone; the site: emeroteca crawl {_origin(answer.url)}/")
        return self._described(ArticleRules(include=(f"^{re.escape(_path(answer.url))}$",), query=names))

    def _nothing_found(self, first: ListPage) -> str:
        host = host_of(first.url)
        letters = self._home.text_letters if self._home else 0
        if answers.is_parked(first):
            return f"{host} is a parked domain: there is no site to crawl"
        if answers.is_challenge(first) and letters < 3 * _SHELL:
            return f"{host} shows a challenge for browsers instead of its pages: no way round is tried"
        if self._home is not None and self._home.asks_password:
            return f"{host} asks for a password: Emeroteca crawls what is public"
        if letters < _SHELL and answers.has_scripts(first):
            return f"{host} is built by JavaScript in the browser (needs-javascript): its pages hold no text to read"
        return f"nothing on {host} looks like articles: neither sitemaps nor feeds nor sections name any"


def _site_title(title: str, url: str) -> str:
    """The part of a home page's title that names the site: the one that is like its domain, else the last."""
    parts = [part for part in re.split(r"\s+[|–—·:-]\s+", title) if part]
    letters = re.sub(r"\W", "", domain_of(url).partition(".")[0])
    alike = [part for part in parts if letters in re.sub(r"\W", "", part).casefold()]
    return alike[0] if alike else parts[-1] if parts else site_name(url)


def _is_headline(link: Link) -> bool:
    """Whether the text of a link is long enough for a headline, or it stands in a heading."""
    is_long = len(link.text.split()) >= _WORDS_OF_HEADLINE or len(link.text) >= _LETTERS_OF_HEADLINE
    return link.is_headline or is_long


def _on_most(pages: Sequence[PageLinks]) -> set[str]:
    """The URLs that most pages link to: the site's navigation."""
    counts: dict[str, int] = {}
    for page in pages:
        for url in {link.url for link in page.links}:
            counts[url] = counts.get(url, 0) + 1
    return {url for url, count in counts.items() if len(pages) >= 3 and count > 0.6 * len(pages)}


def _skipped(url: str, skipped: RequestSkipped) -> str:
    if skipped.reason in set(NetworkReason):
        return f"{host_of(url)} does not answer ({skipped}): check the address, the network and the proxy"
    if skipped.reason.startswith("robots"):
        return f"robots.txt of {host_of(url)} does not allow the crawler on {url} ({skipped}): it is obeyed"
    if skipped.reason == "offsite-redirect":
        return f"{skipped}, which is another site: crawl that one if it is meant"
    return f"{url} is not requested ({skipped.reason}): {skipped}"


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _path(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"


def _is_file(url: str) -> bool:
    return bool(_FILE.search(urlsplit(url).path))
