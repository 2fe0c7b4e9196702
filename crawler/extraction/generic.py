"""Any other news page: its text is read where most of it stands, its fields from what the page says for machines.

Our own reader comes first (`find_body`, then the same walker as for known templates). Where it finds little,
trafilatura is asked too, and the one that found more is believed (docs/decisions/030).
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property

from crawler.extraction.article_page import ArticlePage
from crawler.extraction.blocks import Reading, read_blocks
from crawler.extraction.body import Body, find_body
from crawler.extraction.edges import trimmed
from crawler.extraction.engine import trafilatura_reading
from crawler.extraction.page import Page
from crawler.extraction.refusal import Reason, Refused
from crawler.extraction.rules import Role, Rules
from crawler.extraction.text import text_of
from storage.article import OUTSIDE_BODY

#: On pages that we do not know a post of a social network is quoted in the text, its words are part of it.
_RULES = Rules(roles=dict.fromkeys(("twitter-tweet", "twitter-video"), Role.QUOTE))
#: Letters below which what we found is little.
_LITTLE = 400


class GenericPage(ArticlePage):
    """A page that no template fits. `noise` are classes that are known not to be of the text."""

    def __init__(self, page: Page, *, noise: Iterable[str] = (), sure: bool = False) -> None:
        """`sure`: the page is known to hold an article, so that a short text is one too."""
        super().__init__(page)
        self._noise = frozenset(noise)
        self._sure = sure

    @cached_property
    def body(self) -> Body:
        """Where the page's text stands."""
        return find_body(self.page.tree, self._noise)

    @cached_property
    def reading(self) -> Reading:
        own = self._own_reading()
        if _letters(own) >= _LITTLE:
            return own
        found = trafilatura_reading(
            self.page.tree, self.page.url, self.page.base_url, noise=self._noise, sure=self._sure
        )
        if found is not None:
            found = replace(found, blocks=trimmed(found.blocks, self._headlines))
        best = found if found is not None and _letters(found) > 2 * _letters(own) else own
        if not _letters(best):
            raise Refused(Reason.NO_TEXT)
        return best

    def _own_reading(self) -> Reading:
        body = self.body
        reading = read_blocks(body.container, _RULES, self.page.base_url, body.without)
        return replace(reading, blocks=trimmed(reading.blocks, self._headlines))

    @property
    def _headlines(self) -> list[str | None]:
        return [self.headline, self.page.structured.meta_first("og:title"), *map(text_of, self.page.tree.iter("h1"))]

    @property
    def linked_share(self) -> float:
        """How much of the text around the body is the text of links: near 1 on a page that lists articles."""
        return self.body.linked / max(1, self.body.text)


def _letters(reading: Reading) -> int:
    return sum(len(block.text) for block in reading.blocks if block.type not in OUTSIDE_BODY)
