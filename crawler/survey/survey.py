"""Surveys a site of which only an address is known: what it offers, in the order in which a crawl would use it.

robots.txt, sitemaps, feeds, WordPress's API, sections; then the shape of its article URLs. The result is a `SiteFile`.
`crawler.any_spider` gives it the means to fetch; each answer that it reads is a capture.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import urljoin, urlsplit

from crawler.discovery.robots_txt import parse_robots
from crawler.discovery.route import DiscoveredUrl, ListPage, Window
from crawler.discovery.wordpress import WordPressRoute
from crawler.sites.site_file import ArticleRules, FileRoute, SiteFile
from crawler.survey import answers, failures
from crawler.survey.answers import kind_of, page_of_answer, read_feed
from crawler.survey.day_pages import day_page_of
from crawler.survey.findings import Findings
from crawler.survey.list_fetcher import Fetch, ListFetcher
from crawler.survey.page_links import PageLinks, read_links
from crawler.survey.sections import candidates, listings_of, sections_of, unread_listings
from crawler.survey.url_patterns import learn
from crawler.urls import same_family
from storage.exceptions import SurveyFailed, UnreadableList

#: Takes a line of what was found.
Say = Callable[[str], None]

SITEMAPS: Final = ("/sitemap.xml", "/sitemap_index.xml", "/wp-sitemap.xml", "/news-sitemap.xml", "/sitemap.xml.gz")
FEEDS: Final = ("/feed/", "/rss.xml", "/rss", "/feed.xml", "/atom.xml", "/index.xml")
#: Lists of a kind that are read in a survey; a crawl reads all of them.
MOST_SITEMAPS, MOST_FEEDS, MOST_SUBDOMAINS = 6, 8, 10
#: Sections that are read where no list names all articles, and where one does.
MOST_SECTIONS, FEW_SECTIONS = 20, 8
#: Sections that a site file names at most.
MOST_LISTINGS: Final = 60
#: URLs of sitemaps from which they are called large.
LARGE: Final = 1_000_000
#: Links of a list, without those of its navigation.
LINKS_OF_LISTS: Final = "//a[not(ancestor::nav or ancestor::footer)]/@href"


@dataclass(slots=True)
class Survey:
    """A survey of the site at `start`; what it found is in `found`."""

    start: str
    fetch: Fetch
    say: Say
    found: Findings = field(init=False)
    _lists: ListFetcher = field(init=False)

    def __post_init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self.found, self._lists = Findings(self.start), ListFetcher(self.start, self.fetch)

    async def run(self) -> SiteFile:
        """The site file. Raises SurveyFailed."""
        self._begin()
        first = await self._lists.first()
        kind, origin = kind_of(first), _origin(first.url)
        self.found.named.append(first.url)
        page = page_of_answer(first) if kind == "html" else None
        if page is not None and _path(first.url) != "/" and await self._stands_alone(first):
            return self._one_article(first)
        given = read_links(page) if page is not None else None
        await self._find_home(origin, given)
        sitemaps = await self._read_robots(origin)
        await self._find_sitemaps(origin, first if kind == "sitemap" else None, sitemaps)
        await self._find_feeds(origin, first if kind == "feed" else None)
        await self._find_wordpress()
        await self._find_sections(given)
        has_lists = any(url != first.url for route in self.found.routes for url in route.urls)
        if page is not None and not has_lists and answers.is_article(page):
            return self._one_article(first)
        rules = learn(self.found.seen)
        if rules is None:
            raise SurveyFailed(failures.of_nothing_found(first, self.found.home))
        self.say(f"articles: {' or '.join(rules.include)}")
        self._find_zone()
        return self.found.described(rules)

    async def _stands_alone(self, first: ListPage) -> bool:
        """Whether the address is that of an article: it calls itself one, or is the only page of its host."""
        page = page_of_answer(first)
        if not answers.is_article(page):
            return False
        if answers.is_article(page, surely=True):
            return True
        home = await self._lists.get(f"{_origin(first.url)}/")
        return home is None or kind_of(home) != "html"

    async def _find_home(self, origin: str, given: PageLinks | None) -> None:
        """The home page: the one given, else that of its host."""
        self.found.home = given
        if given is None or _path(given.url) != "/":
            answer = await self._lists.get(f"{origin}/")
            if answer is not None and kind_of(answer) == "html":
                self.found.home = read_links(page_of_answer(answer))
        for page in (given, self.found.home):
            if page is not None:
                self.found.seen.lists.add(page.url)

    async def _read_robots(self, origin: str) -> list[str]:
        """The site's own sitemaps that robots.txt names."""
        answer = await self._lists.get(f"{origin}/robots.txt")
        robots = parse_robots(answer.body if answer else b"", "emeroteca")
        self.found.delay = robots.crawl_delay
        urls = [url for named in robots.sitemaps if self.found.is_own(url := urljoin(origin, named))]
        self.found.named += urls
        delay = f", Crawl-delay {robots.crawl_delay:g} s" if robots.crawl_delay else ""
        self.say(f"robots.txt: {len(urls)} sitemaps named{delay}" if answer else "robots.txt: none")
        return list(dict.fromkeys(urls))

    async def _find_sitemaps(self, origin: str, given: ListPage | None, named: list[str]) -> None:
        """The sitemap given, else those that robots.txt names; where these name news alone or nothing, the first at a
        usual place too."""
        urls = [given.url] if given else named
        found = [url for url in urls[:MOST_SITEMAPS] if await self._read_sitemap(url)]
        if len(urls) > MOST_SITEMAPS:
            found += urls[MOST_SITEMAPS:]
            self.found.has_all = False
        if given is None and not self.found.seen.listed and len(urls) <= MOST_SITEMAPS:
            for url in (f"{origin}{path}" for path in SITEMAPS):
                if url not in urls and await self._read_sitemap(url):
                    found.append(url)
                    break
        if not found:
            self.say("sitemaps: none")
            return
        ignore = answers.NO_ARTICLES if self.found.ignores_sitemaps else None
        self.found.routes.append(FileRoute(kind="sitemap", urls=tuple(found), ignore=ignore))
        total = self.found.estimated_urls
        large = f"; about {total} in all: --since or --limit take a part of them" if total >= LARGE else ""
        count = sum(map(len, self.found.sampled.values()))
        self.say(f"sitemaps: {len(found)}; {count} URLs in those that were looked at{large}")

    async def _read_sitemap(self, url: str) -> bool:
        """Take the URLs of a sitemap, of an index those of its newest children. False where it is none."""
        found = await self._lists.sitemap(url)
        if found is None:
            return False
        finds, count = found.urls, found.count
        for child in found.children[:MOST_SITEMAPS]:
            inner = await self._lists.sitemap(child) or answers.NO_SITEMAP
            finds += inner.urls
            count += inner.count
            self.found.has_all &= not inner.children
            for grandchild in inner.children[:1]:
                finds += (await self._lists.sitemap(grandchild) or answers.NO_SITEMAP).urls
        self.found.ignores_sitemaps |= bool(found.ignored)
        for child in found.ignored[: MOST_SITEMAPS // 2]:
            pages = await self._lists.sitemap(child, takes_all=True) or answers.NO_SITEMAP
            self.found.take((one.url for one in pages.urls), self.found.seen.house)
        looked_at = min(len(found.children), MOST_SITEMAPS) or 1
        self.found.lists += 1 + len(found.children)
        self.found.estimated_urls += max(count, len(finds)) * max(1, len(found.children)) // looked_at
        self.found.has_all &= len(found.children) <= MOST_SITEMAPS and len(finds) < answers.MOST_URLS
        self.found.take((one.url for one in finds if one.published), self.found.seen.articles)
        self.found.take((one.url for one in finds if not one.published), self.found.seen.listed)
        self.found.take_times(finds)
        self.found.sampled[url] = [one.url for one in finds]
        return True

    async def _find_feeds(self, origin: str, given: ListPage | None) -> None:
        """The feed given, else those that the home pages declare, else the first at a usual place."""
        homes = [self.found.home, *await self._subdomain_homes()]
        declared = [given.url] if given else []
        declared += [url for home in homes if home is not None for url in home.feeds if self.found.is_own(url)]
        declared = list(dict.fromkeys(declared))
        feeds, items = [], 0
        named: set[str] = set()
        for url in declared[:MOST_FEEDS] or [f"{origin}{path}" for path in FEEDS]:
            answer = await self._lists.get(url)
            finds = read_feed(answer) if answer else None
            if not finds or {one.url for one in finds} <= named:
                continue  # the same list in another format
            named |= {one.url for one in finds}
            feeds.append(url)
            self.found.named.append(url)
            items += len(finds)
            self.found.take_times(finds)
            self.found.take((one.url for one in finds), self.found.seen.articles)
            if not declared:
                break
        feeds += declared[MOST_FEEDS:]
        if feeds:
            self.found.routes.append(FileRoute(kind="feed", urls=tuple(feeds)))
        self.say(f"feeds: {len(feeds)}; {items} items" if feeds else "feeds: none")

    async def _subdomain_homes(self) -> list[PageLinks]:
        """The home pages of the subdomains that the home page names."""
        home = self.found.home
        if home is None:
            return []
        links = (link.url for link in home.links if self.found.is_own(link.url))
        roots = dict.fromkeys(_origin(url) for url in links if not same_family(url, home.url))
        found = await self._read_pages((f"{root}/" for root in roots), MOST_SUBDOMAINS)
        self.found.seen.lists.update(page.url for page in found)
        return found

    async def _find_wordpress(self) -> None:
        home = self.found.home
        if home is None or home.api is None or not self.found.is_own(home.api):
            return
        endpoint = f"{home.api.rstrip('/')}/wp/v2/posts"
        route = WordPressRoute(endpoint=endpoint)
        answer = await self._lists.get(next(iter(route.start(Window()))))
        try:
            steps = list(route.read(answer, Window())) if answer else []
        except UnreadableList:
            steps = []
        finds = [step.url for step in steps if isinstance(step, DiscoveredUrl)]
        self.found.take(finds, self.found.seen.articles)
        if finds:
            self.found.routes.append(FileRoute(kind="wordpress", urls=(endpoint,)))
            self.say("WordPress: its API names every post")

    async def _find_sections(self, given: PageLinks | None) -> None:
        """The sections of the navigation: some are read, to tell headlines from menus."""
        found = self.found
        pages = list(dict.fromkeys(page for page in (given, found.home, *found.pages) if page is not None))
        most = MOST_SECTIONS if found.without_sitemap() else FEW_SECTIONS
        known = found.seen.articles | found.seen.listed
        menu = {link.url for page in pages for link in page.links if link.in_navigation}
        for part in (most // 2, most - most // 2):  # with some pages read, the rest of the menu is known better
            wanted = (url for url in candidates(pages, known - menu) if found.is_own(url))
            pages += await self._read_pages(wanted, part)
        own = [replace(page, links=tuple(link for link in page.links if found.is_own(link.url))) for page in pages]
        sections = sections_of(own, found.seen.articles)
        found.seen.navigation |= sections.navigation
        found.seen.headlines.update(sections.headlines)
        found.seen.links.update(link.url for page in own for link in page.links)
        found.seen.lists.update(sections.listings)
        found.named += sections.listings
        listings = [*listings_of(own, sections), *unread_listings(own, sections)]
        if not listings:
            self.say("sections: none")
            return
        older = list(dict.fromkeys(page.older[0] for page in own if page.older and page.url in sections.listings))
        found.routes.append(
            FileRoute(
                kind="listing",
                urls=tuple(dict.fromkeys(listings[:MOST_LISTINGS])),
                links=LINKS_OF_LISTS,
                older=" | ".join(older[:4]) or None,
                fallback=not found.without_sitemap(),
            )
        )
        self.say(f"sections: {len(listings)}{', with older pages' if older else ''}")
        self._find_day_pages()

    def _find_day_pages(self) -> None:
        """Pages of a day each, which links of the pages name: a crawl with --since follows them."""
        day_page = day_page_of(self.found.seen.links)
        if day_page is not None and self.found.without_sitemap():
            route = FileRoute(kind="day-archive", urls=(day_page,), links=LINKS_OF_LISTS)
            self.found.routes.append(route)
            self.say(f"day archive: {day_page}")

    def _find_zone(self) -> None:
        zone = self.found.find_zone()
        doubt = "doubtful, so that it is a comment in the file: " if zone.zone and zone.is_doubtful else ""
        self.say(f"time zone: {zone.zone or 'unknown'} ({doubt}{zone.why})")

    async def _read_pages(self, urls: Iterable[str], most: int) -> list[PageLinks]:
        """The pages among the first answers, at most so many; kept in `found.pages`."""
        read: list[PageLinks] = []
        known = {page.url for page in self.found.pages}
        for _, url in zip(range(most), urls, strict=False):
            answer = await self._lists.get(url)
            if answer is not None and answer.url not in known and kind_of(answer) == "html":
                known.add(answer.url)
                read.append(read_links(page_of_answer(answer)))
        self.found.pages += read
        return read

    def _one_article(self, answer: ListPage) -> SiteFile:
        """The site of an address that is an article's: that article."""
        self.found.home = self.found.home or read_links(page_of_answer(answer))
        self.found.routes.clear()
        parts = urlsplit(answer.url)
        names = tuple(pair.partition("=")[0] for pair in parts.query.split("&") if pair)
        self.say(f"{answer.url} is an article, captured alone; the site: emeroteca crawl {_origin(answer.url)}/")
        return self.found.described(ArticleRules(include=(rf"^{re.escape(parts.path or '/')}(?:\?|$)",), query=names))


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _path(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
