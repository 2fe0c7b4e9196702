"""Finds the spiders of all known sites, and the spider of any address, for Scrapy (setting SPIDER_LOADER_CLASS)."""

from pathlib import Path

from scrapy.spiderloader import SpiderLoader

from crawler.any_spider import AnySpider
from crawler.registry import definitions, use_home
from crawler.site_spiders import spiders_of


class SiteSpiderLoader(SpiderLoader):
    """The spiders of the known sites, then those of the project's other SPIDER_MODULES as Scrapy finds them."""

    def _load_all_spiders(self) -> None:
        self._spiders[AnySpider.name] = AnySpider
        for definition in definitions():
            for spider in spiders_of(definition):
                self._spiders[spider.name] = spider
        self.spider_modules = [name for name in self.spider_modules if name != "spiders"]
        super()._load_all_spiders()

    @classmethod
    def from_settings(cls, settings):  # type: ignore[no-untyped-def]  # as Scrapy's own, whose type is Self
        use_home(Path(settings["EMEROTECA_HOME"]))
        return super().from_settings(settings)
