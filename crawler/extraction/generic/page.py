"""Any other news page: its text is read where most of it stands, its fields from what the page says for machines.

Our own reader comes first (`find_body`, then the same walker as for known templates). Where it finds little,
trafilatura is asked too, and the one that found more is believed (docs/decisions/030).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from html import unescape
from itertools import chain, islice

from htmldate import find_date

from crawler.extraction.fields import dates
from crawler.extraction.fields.bylines import visible_bylines
from crawler.extraction.fields.language import contradicts, detected
from crawler.extraction.fields.people import names
from crawler.extraction.generic.body_finder import Body, find_body
from crawler.extraction.generic.trafilatura_reader import trafilatura_reading
from crawler.extraction.generic.trim import trimmed
from crawler.extraction.html.blocks import BodyContent, read_blocks
from crawler.extraction.html.rules import Role, Rules
from crawler.extraction.html.text import text_of
from crawler.extraction.pages.article_page import ArticlePage, field, person_name, without_site
from crawler.extraction.pages.page import Page
from crawler.extraction.refusals import PageRefused, RefusalReason
from storage.article import OUTSIDE_BODY, DateClaim

#: On pages that we do not know a post of a social network is quoted in the text, its words are part of it.
_RULES = Rules(roles=dict.fromkeys(("twitter-tweet", "twitter-video"), Role.QUOTE))
#: Beyond these trafilatura's time is no longer in proportion to the page.
_MOST_ELEMENTS = 20_000
_DEEPEST = 150
#: Names of meta tags under which publishers and their tools write when an article appeared.
_DATE_NAMES = (
    *("parsely-pub-date", "sailthru.date", "datepublished", "pubdate", "publish-date", "publication_date"),
    *("dc.date.issued", "dc.date", "dcterms.created", "cxenseparse:recs:publishtime", "itemprop:datePublished", "date"),
)
#: Names of meta tags under which they write who wrote it.
_AUTHOR_NAMES = (
    *("author", "article:author", "parsely-author", "sailthru.author", "authors", "byl"),
    *("shareaholic:article_author_name", "itemprop:author"),
)
#: Those of library catalogues, one person each, often by the family name.
_CATALOGUE_NAMES = ("citation_author", "dc.creator", "dcterms.creator")
_FAMILY_FIRST = re.compile(r"^([^,]+), ([^,]+)$")
_UPDATED = re.compile(r"updat|modifi|aggiorna|actualiz|aktualis|mis à jour|обновл|uppdater|bijgewerkt", re.I)
_WRITTEN_BY = re.compile(r"\b(?:by|author|autore?|von|par|por|da|door|av|af)\b|Автор|作者", re.I)
_URL_DAY = re.compile(r"/(20\d\d|19\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?=[/+_-])")
#: A name of up to three words behind a title of at least three: the site's or the section's.
_SITE_BEHIND = re.compile(r"(?<=\w)(?<!^)\s\|\s\S+(?:\s\S+){0,2}$")
#: Characters beyond which a page's days are not searched for in its text.
_LONGEST_DATED = 2_000_000
_WORD = re.compile(r"\w+")
#: Letters below which what we found is little.
_LITTLE = 400
#: First-level headings that are looked at for the page's headline.
_MOST_HEADLINES = 20
#: Letters from which a block is more than a name or a day.
_SENTENCE = 40


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
    def content(self) -> BodyContent:
        own = self._own_reading()
        if _letters(own) >= _LITTLE:
            return own
        found = self._second_reading()
        bare = self._sure and not self._says_more(own)
        if found is not None and self._sure and not bare and self._is_all_in_one(found):
            found = None
        if found is not None:
            found = replace(found, blocks=trimmed(found.blocks, self._headlines))
        best = found if found is not None and _letters(found) > (0 if bare else 2 * _letters(own)) else own
        if not _letters(best) and not (self._sure and best.blocks):  # a gallery has captions
            raise PageRefused(RefusalReason.NO_TEXT)
        return best

    def date_claims(self) -> Iterable[DateClaim]:
        """What the page declares, then what htmldate finds, the first `time`, the day in the URL."""
        declared = [*super().date_claims(), *self._publishers_claims()]
        guessed = list(self._htmldate_claims())
        day = next((c.value[:10] for c in [*declared, *guessed] if c.field == dates.PUBLISHED and c.value), None)
        own_clock = dates.chosen(declared, dates.PUBLISHED)
        # The clock of a `time` of another day than the one believed is of something else.
        shown = [
            c if own_clock or day in (None, (c.value or "")[:10]) else dates.day_of(c) for c in self._shown_claims()
        ]
        found = _URL_DAY.search(self.page.url)
        in_url = dates.claim(dates.PUBLISHED, "-".join(found.groups()), "url", self.zone) if found else ()
        # Beside an instant htmldate only repeats the day of its own offset: the URL may know the local one.
        yield from (*declared, *shown, *in_url, *guessed) if own_clock else (*declared, *guessed, *shown, *in_url)

    def _publishers_claims(self) -> Iterator[DateClaim]:
        for name in _DATE_NAMES:
            for raw in self.page.structured.meta.get(name, []):
                yield from dates.claim(dates.PUBLISHED, raw, f"meta:{name}", self.zone)

    def _shown_claims(self) -> Iterator[DateClaim]:
        """The first `time` behind the headline, else the first of all."""
        headline = self.page.tree.find(".//h1")
        behind = [] if headline is None else headline.xpath("following::time[@datetime]")
        for element in (behind or self.page.tree.xpath("//time[@datetime]"))[:1]:
            before = f"{text_of(element.getparent()).partition(text_of(element) or ' ')[0]} {element.get('class')}"
            kind = dates.MODIFIED if _UPDATED.search(before) else dates.PUBLISHED
            yield from dates.claim(kind, element.get("datetime"), "time", self.zone)

    def _htmldate_claims(self) -> Iterable[DateClaim]:
        captured_at = self.page.captured_at
        if len(self.page.html) > _LONGEST_DATED:
            return ()
        try:
            found = find_date(
                self.page.tree,
                url="",  # that claim is ours
                original_date=True,
                extensive_search=True,
                max_date=captured_at.date().isoformat() if captured_at else None,
            )
        except (RecursionError, ValueError):  # nested deeper than Python's stack; characters that its tree refuses
            return ()
        # Of a year alone it makes the first of January.
        return () if not found or found.endswith("-01-01") else dates.claim(dates.PUBLISHED, found, "htmldate", None)

    @field
    def headline(self) -> str:
        """The visible headline where it is the declared one in other words, else the declared one.

        The declared one, too, where the visible one has something added, and in place of a masthead.
        """
        title = without_site(text_of(self.page.tree.find(".//title")), self.publisher) or ""
        declared = unescape(super().headline)
        masthead = declared in self._visible_headlines and len(_WORD.findall(declared)) <= 3
        if masthead and len(_WORD.findall(title)) > 3 and declared not in title.rpartition("|")[0]:
            declared = next((text for text in self._visible_headlines if _alike(text, title)), title)
        declared = _SITE_BEHIND.sub("", declared)
        visible = _SITE_BEHIND.sub(
            "", next((text for text in self._visible_headlines if _alike(text, declared)), declared)
        )
        return declared if declared in visible and len(_WORD.findall(declared)) >= 4 else visible

    @field
    def authors(self) -> tuple[str, ...]:
        """The people whom the page names, else the first byline that it shows; its publisher where no one else."""
        publisher: tuple[str, ...] = ()
        visible = ([text] for text in visible_bylines(self.page.tree, self.page.url))
        for bylines in chain(self._declared_bylines(), visible, [self._organisations()]):
            if people := names(bylines, self.publisher):
                return people
            publisher = publisher or names(bylines)
        return publisher

    def _organisations(self) -> list[str]:
        """The organisations that the page declares as its authors."""
        nodes = (value for value in self.node_values("author") if isinstance(value, dict))
        return [name for node in nodes if isinstance(name := node.get("name"), str)]

    def _declared_bylines(self) -> Iterator[list[str]]:
        structured = self.page.structured
        yield [name for value in self.node_values("author") if (name := person_name(value))]
        for name in _AUTHOR_NAMES:
            yield structured.meta.get(name, [])
        for name in _CATALOGUE_NAMES:
            yield [_FAMILY_FIRST.sub(r"\2 \1", text) for text in structured.meta.get(name, [])]
        if _WRITTEN_BY.search(structured.meta_first("twitter:label1") or ""):
            yield structured.meta.get("twitter:data1", [])
        yield structured.microdata.get("author/name", [])
        yield structured.microdata.get("author", [])

    @field
    def language(self) -> str | None:
        """The declared language unless the text contradicts it; where none is declared, the text's."""
        declared = super().language
        text = " ".join(block.text for block in self.content.blocks)
        return (contradicts(text, declared) or declared) if declared else detected(text)

    def _second_reading(self) -> BodyContent | None:
        """Trafilatura's, on pages of a size for which its time does not grow out of bounds."""
        if self.body.elements > _MOST_ELEMENTS or self.body.depth > _DEEPEST:
            return None
        page = self.page
        return trafilatura_reading(page.tree, page.url, page.base_url, noise=self._noise, sure=self._sure)

    def _is_all_in_one(self, found: BodyContent) -> bool:
        """Whether trafilatura gave up and took the whole page's text in one piece, headline and all."""
        return len(found.blocks) == 1 and bool(self.headline) and self.headline in found.blocks[0].text

    def _says_more(self, own: BodyContent) -> bool:
        """Whether there is a sentence, a picture's caption or a player beside headline and lede."""
        shown = "\n".join(text for text in (*self._headlines, self.description) if text)
        more = [block for block in own.blocks if block.text not in shown]
        return any(block.type in OUTSIDE_BODY or len(block.text) >= _SENTENCE for block in more)

    def _own_reading(self) -> BodyContent:
        body = self.body
        reading = read_blocks(body.container, _RULES, self.page.base_url, body.without)
        return replace(reading, unknown=[], blocks=trimmed(reading.blocks, self._headlines))

    @property
    def _headlines(self) -> list[str | None]:
        return [self.headline, self.page.structured.meta_first("og:title"), *self._visible_headlines]

    @cached_property
    def _visible_headlines(self) -> list[str]:
        return [text_of(element) for element in islice(self.page.tree.iter("h1"), _MOST_HEADLINES)]


def _alike(visible: str, declared: str) -> bool:
    """Whether two headlines share so many words that they are of the same article."""
    one, other = (set(_WORD.findall(text.casefold())) for text in (visible, declared))
    return len(one & other) >= 0.5 * min(len(one), len(other)) and len(one) >= 3 if other else bool(one)


def _letters(reading: BodyContent) -> int:
    return sum(len(block.text) for block in reading.blocks if block.type not in OUTSIDE_BODY)
