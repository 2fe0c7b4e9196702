"""JNews, a theme of WordPress: alanews.it and others."""

from crawler.extraction.platforms import Platform
from crawler.extraction.templates.jnews import flattened
from crawler.extraction.templates.jnews.page import JNewsPage

PLATFORM = Platform(
    name="jnews",
    page_class=JNewsPage,
    recognises_dump=lambda lines, url: True,  # its grammar reads any dump with a headline above its text
    read_dump=flattened.read,
    tried_last=True,
)
