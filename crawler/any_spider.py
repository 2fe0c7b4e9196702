"""The spider of any address: surveys a site that is not known, writes its site file, and goes on as the site's spider.

`scrapy crawl any -a url=...` and `emeroteca crawl URL` run it. On a known site it is that site's own spider.
"""

import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, Self, cast

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.crawl.known_sites import know_sites, write_site_file
from crawler.discovery.route import DiscoveredUrl, ListPage, Route
from crawler.event_log import report
from crawler.fetching.surveyed_middleware import SURVEYED
from crawler.registry import Definition, definitions, site_of, use_home
from crawler.site_spiders import spider_of_file, spiders_of
from crawler.sites.file_site import site_of_file
from crawler.sites.site_file import SiteFile
from crawler.spider import NewsSpider, list_page
from crawler.survey.survey import Survey
from crawler.survey.undescribed import undescribed_site
from crawler.urls import web_url
from storage.exceptions import InvalidSpiderArgument, InvalidUrl, SurveyFailed

logger = logging.getLogger(__name__)

#: Bytes of a survey's answers that are kept for the crawl that follows.
KEPT_BYTES: Final = 32 * 1024 * 1024


def known_definition(url: str) -> Definition | None:
    """The definition of the URL's site, where it has routes to crawl; None where the site has to be surveyed."""
    site = site_of(url)
    found = next((one for one in definitions() if site is not None and one.site.name == site.name), None)
    has_routes = found is not None and (found.described is None or bool(found.described.routes))
    return found if has_routes else None


def start_url(text: str) -> str:
    """The URL of an argument, which may lack the scheme. Raises InvalidSpiderArgument."""
    try:
        return web_url(text if "://" in text else f"https://{text}")
    except InvalidUrl as problem:
        raise InvalidSpiderArgument(f"{text!r} is no address to crawl: {problem}") from None


class AnySpider(NewsSpider):
    """Arguments: `url`, and those of NewsSpider. `only_survey`: write the site file and end; `is_rehearsal`: end after
    the survey without the file, the site file is then in `described`."""

    name = "any"
    routes: tuple[Route, ...] = ()

    def __init__(self, url: str, only_survey: str = "", **kwargs: Any) -> None:
        self.start_text, self.start_at = url, start_url(url)
        self.only_survey = bool(only_survey)
        self.survey = Survey(self.start_at, self._fetch, self._say)
        self.described: SiteFile | None = None
        self._answers: dict[str, Response] = {}
        self._room = KEPT_BYTES
        self.site = undescribed_site(self.start_at)
        super().__init__(**kwargs)
        self.name = self.site.name

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, url: str = "", **kwargs: Any) -> Self:
        if not url:
            raise InvalidSpiderArgument("the spider any needs an address: -a url=https://a-newspaper.example/")
        start = start_url(url)
        use_home(Path(crawler.settings["EMEROTECA_HOME"]))
        if (known := known_definition(start)) is not None:
            spiders = spiders_of(known)
            if known.site.article_url(start) is not None:
                kwargs["urls"] = start
            return cast(Self, spiders[0].from_crawler(crawler, *args, **kwargs))
        return super().from_crawler(crawler, *args, url=url, **kwargs)

    async def start(self) -> AsyncIterator[Request]:
        worker = self.session.worker
        worker.hold()
        try:
            described = self._with_earlier(await self._surveyed())
        except SurveyFailed as problem:
            await self._end("survey-failed", str(problem))
            return
        self.described = described
        if self.is_rehearsal:
            await self._end("rehearsed")
            return
        path = write_site_file(self.session.collection, described, self.survey.found.comments)
        worker.release(know_sites())
        self._say(f"written: {path}")
        if self.only_survey:
            await self._end("finished")
            return
        self._become(described)
        async for request in super().start():
            yield request

    async def _surveyed(self) -> SiteFile:
        try:
            return await self.survey.run()
        except SurveyFailed:
            if "://" in self.start_text:
                raise
            self.start_at = self.survey.start = f"http:{self.start_at.partition(':')[2]}"
            return await self.survey.run()

    async def _fetch(self, url: str) -> ListPage:
        """The answer for a list of the survey, a capture. Raises what the network and the middlewares raise."""
        assert self.crawler.engine is not None
        meta = {"discovery": {"route": "survey"}}
        response: Response = await self.crawler.engine.download_async(Request(url, dont_filter=True, meta=meta))
        self._keep(url, response)
        return list_page(response)

    def _keep(self, url: str, response: Response) -> None:
        """Keep an answer for the crawl that follows."""
        if response.status == 200 and len(response.body) <= self._room:
            self._room -= len(response.body)
            self._answers[url] = response

    def _with_answer(self, request: Request) -> Request:
        """The request, with the answer that the survey had for its URL."""
        answer = self._answers.pop(request.url, None)
        if answer is not None:
            request.meta[SURVEYED] = answer
        return request

    def list_request(self, route: Route, url: str, via: str | None = None) -> Request:
        return self._with_answer(super().list_request(route, url, via))

    def article_request(self, found: DiscoveredUrl) -> Request:
        return self._with_answer(super().article_request(found))

    def _say(self, line: str) -> None:
        report("survey", f"{self.site.name}: {line}", site=self.site.name)

    def _with_earlier(self, described: SiteFile) -> SiteFile:
        """With what a file without routes says, which knows single articles of the site: they stay articles."""
        site = site_of(self.start_at)
        found = next((one.described for one in definitions() if site is not None and one.site.name == site.name), None)
        if found is None:
            return described
        include = tuple(dict.fromkeys((*found.articles.include, *described.articles.include)))
        query = tuple(dict.fromkeys((*found.articles.query, *described.articles.query)))
        return replace(
            described,
            hosts=tuple(dict.fromkeys((*described.hosts, *found.hosts))),
            articles=replace(described.articles, include=include, query=query),
            timezone=found.timezone or described.timezone,
            selectors=found.selectors,
        )

    def _become(self, described: SiteFile) -> None:
        """Go on as the spider of the site file."""
        spider = spider_of_file(described, site_of_file(described))
        self.site, self.routes, self.fallbacks = spider.site, spider.routes, spider.fallbacks
        if not described.routes and self.start_at not in self._answers:
            self.urls = [self.start_at]
        self.begin_site()

    async def _end(self, outcome: str, problem: str | None = None) -> None:
        assert self.crawler.engine is not None
        self.session.report.problem = problem
        await self.crawler.engine.close_spider_async(reason=outcome)
