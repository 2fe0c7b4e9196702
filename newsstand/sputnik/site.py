"""The responses of it.sputniknews.com by path."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from newsstand.assets.respond import respond
from newsstand.edition import Edition
from newsstand.message import XML, Request, Response
from newsstand.sputnik import g1, g2, lists
from newsstand.sputnik.pictures import CDN
from newsstand.sputnik.truth import truth
from newsstand.sputnik.urls import HOST, ROOT, SECTIONS, Address, address, is_g1, path, url
from newsstand.story import Kind, Story
from newsstand.timeline import Period
from newsstand.writer import SiteStyle

PERIODS = (
    Period(date(2019, 1, 7), date(2021, 5, 10), 15, 7_000_000, 10_990_000),
    Period(date(2021, 5, 18), date(2022, 2, 20), 85, 11_160_000, 15_160_000),
)
_DAY_SHOWN, _RSS_SHOWN = 20, 100
_UNKNOWN_TO_G1 = {Kind.PICTURE, Kind.EMBED, Kind.BANNER}


class Sputnik:
    """Sputnik Italia of one (seed, size)."""

    name = "sputniknews"
    hosts: tuple[str, ...] = (HOST, CDN)

    def __init__(self, seed: int, size: int) -> None:
        style = SiteStyle(self.name, curly=False, pretty_tags=False, always_signed=False)
        self.edition = Edition(style, seed, size, PERIODS)

    def story(self, index: int, clock: int) -> Story:
        """The story with the pieces of its template."""
        story = self.edition.story(index, clock)
        if not is_g1(story):
            return story
        kept = (piece for piece in story.pieces if piece.kind not in _UNKNOWN_TO_G1)
        return replace(story, pieces=tuple(replace(p, level=3) if p.kind is Kind.HEADING else p for p in kept))

    def truth(self, clock: int, start: int, end: int | None) -> Iterator[dict[str, Any]]:
        """The ground truth of the existing articles, oldest first, from the `start`-th up to the `end`-th."""
        for index in self.edition.indexes(clock)[start:end]:
            story = self.story(index, clock)
            yield truth(story, self._cards(story, clock))

    def respond(self, request: Request, clock: int) -> Response:
        """The response at that step of the clock."""
        if request.host == CDN:
            return _file(request)
        match request.path:
            case "/robots.txt":
                return Response.of_text(lists.ROBOTS, "text/plain")
            case "/sitemap_article_index.xml":
                return Response.of_text(self._index(clock), XML)
            case "/sitemap_article.xml":
                return self._article_sitemap(request.parameters, clock)
            case "/sitemap_list_index.xml":
                return Response.of_text(lists.index([f"{ROOT}/sitemap_list.xml"]), XML)
            case "/sitemap_list.xml":
                sections = [f"{ROOT}/{part}/" for part, _ in SECTIONS.values()]
                return Response.of_text(lists.plain_sitemap(sections), XML)
            case "/sitemap_archive.xml":
                return Response.of_text(lists.plain_sitemap(self._days(clock)), XML)
            case "/export/rss2/archive/index.xml":
                newest = self.edition.indexes(clock)[-_RSS_SHOWN:]
                stories = [self.story(index, clock) for index in reversed(newest)]
                return Response.of_text(lists.rss(stories), "application/rss+xml; charset=utf-8")
            case "/":
                return self._home(clock)
        if found := re.fullmatch(r"/(\d{8})/", request.path):
            return self._day(found.group(1), clock)
        where = address(self.edition, request.path)
        return self._article(where, request.path, clock) if where else _missing(404)

    def _article(self, where: Address, asked: str, clock: int) -> Response:
        scenario = self.edition.scenario
        if where.index >= scenario.population(clock):
            return _missing(404)
        if not scenario.lives(where.index, clock):
            return _missing(410 if where.index % 2 else 404)
        story = self.story(where.index, clock)
        if asked != path(story) and not where.printed and not (where.amp and is_g1(story)):
            return Response.redirect(url(story))
        year = self.edition.timeline.now(clock).year
        make = g1.page if is_g1(story) else g2.page
        html = make(story, year, self._cards(story, clock), self._latest(story, clock))
        return Response(html.encode(), etag=f'W/"{story.number}-{story.revision}"', modified=story.modified)

    def _cards(self, story: Story, clock: int) -> dict[int, tuple[str, str]]:
        others = {piece.other for piece in story.pieces if piece.other is not None}
        return {other: self._card(other, clock) for other in sorted(others)}

    def _card(self, index: int, clock: int) -> tuple[str, str]:
        return url(self.edition.stub(index)), self.edition.writer.headline(index, clock)

    def _latest(self, story: Story, clock: int) -> list[tuple[str, str, str]]:
        near = (self.edition.stub(other) for other in self.edition.neighbours(story.index, clock, 6))
        headline = self.edition.writer.headline
        return [(path(stub), f"{stub.published:%H:%M}", headline(stub.index, clock)) for stub in near]

    def _index(self, clock: int) -> str:
        now = self.edition.timeline.now(clock).date()
        return lists.index(lists.month_sitemaps(PERIODS[0].first, now))

    def _article_sitemap(self, parameters: dict[str, str], clock: int) -> Response:
        first, last = _day(parameters.get("date_start", "")), _day(parameters.get("date_end", ""))
        if first is None or last is None:
            return _missing(404)
        writer = self.edition.writer
        rows = (
            (url(self.edition.stub(index)), writer.modified(index, clock))
            for index in reversed(self.edition.on_days(first, last, clock))
        )
        return Response.of_text(lists.article_sitemap(rows), XML)

    def _days(self, clock: int) -> list[str]:
        days = dict.fromkeys(self.edition.timeline.slot(index)[0] for index in self.edition.indexes(clock))
        return [f"{ROOT}/{day:%Y%m%d}/" for day in reversed(days)]

    def _day(self, digits: str, clock: int) -> Response:
        day = _day(digits)
        indexes = self.edition.on_days(day, day, clock) if day else ()
        if day is None or not len(indexes):
            return _missing(404)
        newest = indexes[::-1][:_DAY_SHOWN]
        shown = [(story := self.story(index, clock), path(story)) for index in newest]
        return Response.of_text(lists.day_archive(day, shown, len(indexes) - len(newest)))

    def _home(self, clock: int) -> Response:
        stories = [self.story(index, clock) for index in self.edition.indexes(clock)[-30:][::-1]]
        shown = [(story, path(story)) for story in stories]
        return Response.of_text(lists.day_archive(self.edition.timeline.now(clock).date(), shown, 0))


def _file(request: Request) -> Response:
    """A response of the host of pictures and style sheets."""
    if request.path == "/robots.txt":
        return Response.of_text("User-agent: *\nDisallow: /i/counter\n", "text/plain")
    return respond(request.path) or _missing(404)


def _day(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8])) if len(digits) == 8 else None
    except ValueError:
        return None


def _missing(status: int) -> Response:
    return Response.of_text(
        '<!DOCTYPE html><html lang="it"><head><meta charset="utf-8"><title>Sputnik Italia</title></head><body>'
        f'<div class="error"><h1>{status}</h1><p>La pagina non esiste</p></div></body></html>\n',
        status=status,
    )
