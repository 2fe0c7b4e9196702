"""The Sputnik platform: it.sputniknews.com, the other editions, ria.ru."""

from crawler.extraction.platforms import Platform
from crawler.extraction.templates.sputnik import flattened
from crawler.extraction.templates.sputnik.markup import ERAS
from crawler.extraction.templates.sputnik.page import SputnikPage
from crawler.extraction.templates.sputnik.urls import parse_article_url

PLATFORM = Platform(
    name="sputnik",
    page_class=SputnikPage,
    recognises_dump=flattened.recognises,
    read_dump=flattened.read,
    site_names=flattened.site_names,
    parse_url=parse_article_url,
    markup_on=lambda captured_at: tuple(era.holds(captured_at) for era in ERAS),
)
