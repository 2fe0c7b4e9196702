"""The responses of alanews.it by path."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from newsstand.alanews import feeds, page, wordpress
from newsstand.alanews.content import Card
from newsstand.alanews.truth import truth
from newsstand.alanews.urls import CATEGORIES, HOST, ROOT, Address, address, category_name, category_url, path, url
from newsstand.assets.respond import respond
from newsstand.edition import Edition
from newsstand.italian import long_date
from newsstand.message import XML, Request, Response
from newsstand.story import Story
from newsstand.timeline import Period
from newsstand.writer import SiteStyle

PERIODS = (
    Period(date(2023, 1, 9), date(2025, 6, 29), 55, 10_000, 700_000),
    Period(date(2025, 7, 2), date(2025, 12, 31), 30, 700_000, 1_100_000),
    Period(date(2026, 1, 1), date(2026, 1, 20), 15, 1_100_000, 1_400_000),
)
_SITEMAP_SIZE, _FEED_SIZE, _LIST_SIZE = 1000, 10, 20
_AUTOLOADED = 17


class Alanews:
    """alanews.it of one (seed, size). The bare host answers; `www.` redirects to it."""

    name = "alanews"
    hosts: tuple[str, ...] = (HOST, f"www.{HOST}")

    def __init__(self, seed: int, size: int) -> None:
        style = SiteStyle(self.name, curly=True, pretty_tags=True, always_signed=True)
        self.edition = Edition(style, seed, size, PERIODS)

    def truth(self, clock: int, start: int, end: int | None) -> Iterator[dict[str, Any]]:
        """The ground truth of the existing posts, oldest first, from the `start`-th up to the `end`-th."""
        for index in self.edition.indexes(clock)[start:end]:
            yield truth(self.edition.story(index, clock))

    def respond(self, request: Request, clock: int) -> Response:
        """The response at that step of the clock."""
        if request.host != HOST:
            return Response.redirect(ROOT + request.target)
        shortlink = request.parameters.get("p", "")
        if request.path == "/" and shortlink.isdigit():
            return self._shortlink(int(shortlink), clock)
        where = address(self.edition, request.path)
        if where is not None:
            return self._post(where, request, clock)
        return self._list(request, clock) or respond(request.path) or _missing(404)

    def _list(self, request: Request, clock: int) -> Response | None:
        asked, parameters = request.path, request.parameters
        if asked == "/robots.txt":
            return Response.of_text(feeds.ROBOTS, "text/plain; charset=utf-8")
        if asked == "/sitemap_index.xml":
            return Response.of_text(self._sitemap_index(clock), XML)
        if found := re.fullmatch(r"/(post|page|category)-sitemap(\d*)\.xml", asked):
            return self._sitemap(found.group(1), int(found.group(2) or 1), clock)
        if asked == "/feed/":
            return self._feed(parameters.get("paged", "1"), clock)
        if asked.startswith("/wp-json/wp/v2/"):
            return self._api(asked.removeprefix("/wp-json/wp/v2/").strip("/"), parameters, clock)
        if found := re.fullmatch(r"/category/(?:sport/)?([a-z]+)/(?:page/(\d+)/)?", asked):
            return self._category(found.group(1), int(found.group(2) or 1), clock)
        if asked in ("/feed", "/wp-json/wp/v2") or re.fullmatch(r"/category/.*[^/]", asked):
            return Response.redirect(f"{ROOT}{asked}/")
        if asked == "/":
            return self._listing("Home", self.edition.indexes(clock)[-_LIST_SIZE:][::-1], 1, 1, f"{ROOT}/", clock)
        if asked in ("/chi-siamo/", "/redazione/"):
            return Response.of_text(page.listing("Chi siamo", [], 1, 1, f"{ROOT}/", self._today(clock)))
        return None

    def _today(self, clock: int) -> date:
        return self.edition.timeline.now(clock).date()

    def _shortlink(self, number: int, clock: int) -> Response:
        index = self.edition.writer.numbers.index(number)
        if index is None or not self.edition.scenario.lives(index, clock):
            return _missing(404)
        return Response.redirect(url(self.edition.stub(index)))

    def _post(self, where: Address, request: Request, clock: int) -> Response:
        scenario = self.edition.scenario
        if where.index >= scenario.population(clock):
            return _missing(404)
        if not scenario.lives(where.index, clock):
            return _missing(410 if where.index % 2 else 404)
        story = self.edition.story(where.index, clock)
        if where.path != path(story):
            return Response.redirect(url(story))
        if where.amp:
            return Response.of_text(page.amp(story))
        if not request.path.endswith("/"):
            return Response.redirect(url(story))
        html = page.page(story, self.edition.timeline.now(clock), self._wraps(story, clock))
        return Response(
            html.encode(),
            headers=[
                ("Link", f'<{ROOT}/wp-json/>; rel="https://api.w.org/"'),
                ("Link", f'<{ROOT}/wp-json/wp/v2/posts/{story.number}>; rel="alternate"; type="application/json"'),
                ("Link", f"<{ROOT}/?p={story.number}>; rel=shortlink"),
            ],
            etag=f'W/"{story.number}-{story.revision}"',
            modified=story.modified,
        )

    def _wraps(self, story: Story, clock: int) -> str:
        wraps = self._wrap(story, clock)
        others = self.edition.neighbours(story.index, clock, 1)
        if story.number % _AUTOLOADED == 0 and others:
            second = self.edition.story(others[0], clock)
            wraps += page.splitter(second) + self._wrap(second, clock)
        return wraps

    def _wrap(self, story: Story, clock: int) -> str:
        near = self.edition.neighbours(story.index, clock, 6)
        cards = {p.other: self._card(p.other, clock) for p in story.pieces if p.other is not None}
        related = [(self._card(index, clock), self.edition.stub(index).sections[0]) for index in near]
        return page.post_wrap(story, cards, related, [card for card, _ in related[:5]])

    def _card(self, index: int, clock: int) -> Card:
        stub = self.edition.stub(index)
        return url(stub), self.edition.writer.headline(index, clock), long_date(stub.published)

    def _sitemap_index(self, clock: int) -> str:
        count = len(self.edition.indexes(clock))
        changed = self.edition.timeline.now(clock)
        posts = range(1, -(-count // _SITEMAP_SIZE) + 1)
        rows = [(f"{ROOT}/post-sitemap{n if n > 1 else ''}.xml", changed) for n in posts]
        rows += [(f"{ROOT}/page-sitemap.xml", changed), (f"{ROOT}/category-sitemap.xml", changed)]
        return feeds.sitemap_index(rows)

    def _sitemap(self, kind: str, number: int, clock: int) -> Response:
        if kind == "page" and number == 1:
            return Response.of_text(feeds.sitemap((f"{ROOT}/{p}/", None) for p in ("chi-siamo", "redazione")), XML)
        if kind == "category" and number == 1:
            return Response.of_text(feeds.sitemap((category_url(name), None) for name in CATEGORIES), XML)
        indexes = self.edition.indexes(clock)[(number - 1) * _SITEMAP_SIZE :][:_SITEMAP_SIZE]
        if kind != "post" or number < 1 or not len(indexes):
            return _missing(404)
        stub, modified = self.edition.stub, self.edition.writer.modified
        return Response.of_text(feeds.sitemap((url(stub(i)), modified(i, clock)) for i in indexes), XML)

    def _feed(self, paged: str, clock: int) -> Response:
        start = (int(paged) - 1) * _FEED_SIZE if paged.isdigit() and paged != "0" else 0
        shown = self.edition.indexes(clock)[::-1][start : start + _FEED_SIZE]
        if not len(shown):
            return _missing(404)
        stories = [self.edition.story(index, clock) for index in shown]
        changed = self.edition.timeline.now(clock)
        return Response.of_text(feeds.rss(stories, changed), "application/rss+xml; charset=UTF-8")

    def _api(self, asked: str, parameters: dict[str, str], clock: int) -> Response:
        if asked == "posts":
            return wordpress.posts(self.edition, parameters, clock)
        if asked == "categories":
            return wordpress.categories()
        if found := re.fullmatch(r"posts/(\d+)", asked):
            return wordpress.one(self.edition, int(found.group(1)), parameters, clock)
        missing = {"code": "rest_no_route", "message": "Nessuna corrispondenza.", "data": {"status": 404}}
        return wordpress.answer(missing, status=404)

    def _category(self, name: str, number: int, clock: int) -> Response | None:
        if name not in CATEGORIES:
            return None
        tells_of = self.edition.writer.is_in_section
        indexes = [i for i in reversed(self.edition.indexes(clock)) if tells_of(i, name)]
        pages = max(1, -(-len(indexes) // _LIST_SIZE))
        if not 1 <= number <= pages:
            return None
        shown = indexes[(number - 1) * _LIST_SIZE : number * _LIST_SIZE]
        return self._listing(category_name(name), shown, number, pages, category_url(name), clock)

    def _listing(self, title: str, indexes: Any, number: int, pages: int, base: str, clock: int) -> Response:
        cards = [(self._card(index, clock), self.edition.stub(index).sections[0]) for index in indexes]
        return Response.of_text(page.listing(title, cards, number, pages, base, self._today(clock)))


def _missing(status: int) -> Response:
    return Response.of_text(
        '<!doctype html><html lang="it-IT"><head><meta charset="UTF-8" /><title>Pagina non trovata - Alanews</title>'
        f'</head><body class="error404 jnews"><h1>{status}</h1><p>Page Not Found</p></body></html>\n',
        status=status,
    )
