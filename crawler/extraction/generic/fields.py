"""What a page of no known template says of itself: its headline, its people, its days, declared or shown.

Called by `page`, whose page object these fields are of.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from html import unescape
from itertools import chain, islice

from htmldate import find_date

from crawler.extraction.fields import dates
from crawler.extraction.fields.bylines import byline_in_line, visible_bylines
from crawler.extraction.fields.declared import person_name, without_site
from crawler.extraction.fields.months import day_in_line
from crawler.extraction.fields.people import names
from crawler.extraction.generic.text_blocks import Node, TextBlock, page_blocks, text_key
from crawler.extraction.html.structured import as_list, types_of
from crawler.extraction.html.text import text_of
from crawler.extraction.pages.article_page import ArticlePage, field
from crawler.extraction.pages.page import Page
from crawler.urls import host_of
from storage.article import DateClaim

#: Elements beyond which the time of trafilatura and htmldate is no longer in proportion to the page.
MOST_ELEMENTS = 20_000
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
_COMMENTS = re.compile(r"(?:^|\s)comment(?:s|list|ary)?(?:$|[\s_-])", re.I)
_WRITTEN_BY = re.compile(r"\b(?:by|author|autore?|von|par|por|da|door|av|af)\b|Автор|作者", re.I)
_URL_DAY = re.compile(r"/(20\d\d|19\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?=[/+_-])")
#: A name of up to three words behind a title of at least three: the site's or the section's.
_SITE_BEHIND = re.compile(r"(?<=\w)(?<!^)\s\|\s\S+(?:\s\S+){0,2}$")
#: Between the headline and names of the site and its sections in a title.
_BETWEEN_PARTS = re.compile(r"\s(?:[|»›·•–—:-]|//)+\s|\s?[|»]\s?|:\s")
#: Characters beyond which a page's days are not searched for in its text.
_LONGEST_DATED = 2_000_000
_WORD = re.compile(r"\w+")
#: Letters of a host's name by which it is known in a title, and words that are left of one.
_HOST, _HEADLINE_WORDS = 6, 3
#: Blocks before and behind the headline that may show the day, and letters of each that are looked at.
_NEAR, _SHORT_LINE = 6, 200
#: Letters of a block beside the headline that holds a day, names and little else.
_DATELINE = 80
#: Elements `time` nearest to the headline that are looked at, and days in a node of structured data.
_MOST_TIMES = 20
#: First-level headings that are looked at for the page's headline.
_MOST_HEADLINES = 20
#: Elements whose text may be a headline.
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5"})


class ShownFields(ArticlePage):
    """The headline, people and days of a page, by what it declares and what it shows."""

    def __init__(self, page: Page, *, noise: Iterable[str] = ()) -> None:
        """`noise`: classes that are known not to be of the text."""
        super().__init__(page)
        self._noise = frozenset(noise)

    @cached_property
    def nodes_and_blocks(self) -> tuple[list[Node], list[TextBlock]]:
        """The elements of the page's body and its text blocks."""
        body = self.page.body
        return page_blocks(body if body is not None else self.page.tree, self._noise)

    def date_claims(self) -> Iterable[DateClaim]:
        """What the page declares, then the `time` and the day in the URL, else the day in a line beside the headline,
        then what htmldate guesses from all of the page."""
        declared = [*super().date_claims(), *self._publishers_claims(), *self._web_page_claims()]
        day = next((c.value[:10] for c in declared if c.field == dates.PUBLISHED and c.value), None)
        own_clock = dates.chosen(declared, dates.PUBLISHED)
        # The clock of a `time` of another day than the one believed is of something else.
        shown = [
            c if own_clock or day in (None, (c.value or "")[:10]) else dates.day_of(c) for c in self._shown_claims()
        ]
        found = _URL_DAY.search(self.page.url)
        in_url = dates.claim(dates.PUBLISHED, "-".join(found.groups()), "url", self.zone) if found else ()
        found_claims = [*declared, *shown, *in_url]
        if not _says_published(found_claims):
            found_claims += self._claims_near_headline(_DATELINE)
        found_claims += self._htmldate_claims()
        yield from found_claims
        if not _says_published(found_claims):
            yield from self._claims_near_headline(None)

    def _web_page_claims(self) -> Iterator[DateClaim]:
        """What the structured data says of the page, where it has no article or no day of it."""
        for node in self.page.structured.json_ld:
            if types_of(node) & {"webpage", "itempage"}:
                for kind, key in ((dates.PUBLISHED, "datePublished"), (dates.MODIFIED, "dateModified")):
                    for raw in as_list(node.get(key))[:_MOST_TIMES]:
                        if isinstance(raw, str):
                            yield from dates.claim(kind, raw, f"json-ld:WebPage/{key}", self.zone)

    def _claims_near_headline(self, longest: int | None) -> Iterator[DateClaim]:
        """The first day in the page's language beside the headline, in a block of so many letters at most."""
        for block in self._near_headline:
            day = day_in_line(block.text[:_SHORT_LINE], self.language)
            if day is not None and (longest is None or len(block.text) <= longest):
                kind = dates.MODIFIED if longest and _UPDATED.search(block.text) else dates.PUBLISHED
                yield from dates.claim(kind, day.isoformat(), "text", None)
                if kind == dates.PUBLISHED:
                    return

    @cached_property
    def _near_headline(self) -> list[TextBlock]:
        """The blocks behind the headline, then those before it; without a headline the page's first."""
        blocks, key = self.nodes_and_blocks[1], text_key(self.headline)
        headline = next((number for number, block in enumerate(blocks) if key and block.key == key), 0)
        return blocks[headline + 1 : headline + _NEAR] + blocks[max(0, headline - _NEAR) : headline]

    def _publishers_claims(self) -> Iterator[DateClaim]:
        for name in _DATE_NAMES:
            for raw in self.page.structured.meta.get(name, []):
                yield from dates.claim(dates.PUBLISHED, raw, f"meta:{name}", self.zone)

    def _shown_claims(self) -> Iterator[DateClaim]:
        """The `time` nearest to the headline, before or behind it; without a headline the first of all. Those of
        comments count only where there are no others."""
        nodes = self.nodes_and_blocks[0]
        headline = next((node.number for node in nodes if node.element.tag == "h1"), 0)
        times = sorted(
            (node for node in nodes if node.element.tag == "time" and node.element.get("datetime") is not None),
            key=lambda node: (abs(node.number - headline), node.number < headline),
        )[:_MOST_TIMES]
        nearest = next((node for node in times if not _is_in_comments(node)), times[0] if times else None)
        if nearest is not None:
            element = nearest.element
            before = f"{text_of(element.getparent()).partition(text_of(element) or ' ')[0]} {element.get('class')}"
            kind = dates.MODIFIED if _UPDATED.search(before) else dates.PUBLISHED
            yield from dates.claim(kind, element.get("datetime"), "time", self.zone)

    def _htmldate_claims(self) -> Iterable[DateClaim]:
        captured_at = self.page.captured_at
        if len(self.page.html) > _LONGEST_DATED or len(self.nodes_and_blocks[0]) > MOST_ELEMENTS:
            return ()
        try:
            found = find_date(
                self.page.tree,
                url="",  # that claim is ours
                original_date=True,
                max_date=captured_at.date().isoformat() if captured_at else None,
            )
        except (RecursionError, ValueError):  # nested deeper than Python's stack; characters that its tree refuses
            return ()
        # Of a year alone it makes the first of January.
        return () if not found or found.endswith("-01-01") else dates.claim(dates.PUBLISHED, found, "htmldate", None)

    @field
    def headline(self) -> str:
        """The visible headline where it is the declared one in other words, or the only one and the declared one is not
        shown; else the declared one, without the site's name.

        The declared one, too, where the visible one has something added, and in place of a masthead.
        """
        title = without_site(text_of(self.page.tree.find(".//title")), self.publisher) or ""
        declared = _without_host(unescape(super().headline), host_of(self.page.url))
        masthead = declared in self._visible_headlines and len(_WORD.findall(declared)) <= 3
        if masthead and len(_WORD.findall(title)) > 3 and declared not in title.rpartition("|")[0]:
            shown = next((text for text in self._visible_headlines if _alike(text, title)), None)
            declared = self.noted("headline", "h1", shown) or self.noted("headline", "title", title)
        declared = _SITE_BEHIND.sub("", declared)
        alike = next((text for text in self._visible_headlines if _alike(text, declared)), None)
        if alike is None and text_key(declared) not in self._headings:
            alike = self._only_headline
        visible = _SITE_BEHIND.sub("", alike or declared)
        if visible == declared and (part := self._shown_part(declared)):
            return self.noted("headline", "title", part)
        if declared in visible and len(_WORD.findall(declared)) >= 4:
            return declared
        return self.noted("headline", "h1" if visible != declared else "", visible)

    @cached_property
    def _headings(self) -> frozenset[str]:
        """The keys of the page's headings."""
        return frozenset(block.key for block in self.nodes_and_blocks[1] if block.node.element.tag in _HEADINGS)

    @property
    def _only_headline(self) -> str | None:
        """The page's one first-level heading, unless it is short or names the site."""
        text, *others = [text for text in self._visible_headlines if text] or [""]
        if others or len(_WORD.findall(text)) < _HEADLINE_WORDS:
            return None
        key, site = text_key(text), text_key(self.publisher or "")
        host = host_of(self.page.url)
        is_site = (site and (key in site or site in key)) or any(
            len(label) >= _HOST and (label in key or key in label) for label in map(text_key, host.split(".")[:-1])
        )
        return None if is_site else text

    def _shown_part(self, title: str) -> str | None:
        """The longest part of a title, between marks, that a heading of the page consists of: the rest is the site's
        name. None where no part is, or the whole title is shown."""
        parts = [part for part in _BETWEEN_PARTS.split(title) if text_key(part) in self._headings]
        return None if text_key(title) in self._headings else max(parts, key=len, default=None)

    @field
    def authors(self) -> tuple[str, ...]:
        """The people whom the page names, else the first byline that it shows; its publisher where no one else."""
        publisher: tuple[str, ...] = ()
        shown = visible_bylines(self.page.tree, self.page.url, self.headline)
        visible = (("byline", [text]) for text in chain(shown, self._bylines_near_headline()))
        organisations = ("json-ld:author (organisation)", self._organisations())
        for source, bylines in chain(self._declared_bylines(), visible, [organisations]):
            if people := names(bylines, self.publisher):
                return self.noted("authors", source, people)
            publisher = publisher or self.noted("authors", source, names(bylines))
        return publisher

    def _bylines_near_headline(self) -> Iterator[str]:
        return (found for block in self._near_headline if (found := byline_in_line(block.text)))

    def _organisations(self) -> list[str]:
        """The organisations that the page declares as its authors."""
        nodes = (value for value in self.node_values("author") if isinstance(value, dict))
        return [name for node in nodes if isinstance(name := node.get("name"), str)]

    def _authors_of_first_node(self) -> list[str]:
        """The people of the first article that the page declares with any: others are what it leads to."""
        values = ([self.page.structured.resolve(value) for value in as_list(node.get("author"))] for node in self.nodes)
        people = ([name for value in found if (name := person_name(value))] for found in values)
        return next(filter(None, people), [])

    def _declared_bylines(self) -> Iterator[tuple[str, list[str]]]:
        structured = self.page.structured
        yield "json-ld:author", self._authors_of_first_node()
        for name in _AUTHOR_NAMES:
            yield f"meta:{name}", structured.meta.get(name, [])
        for name in _CATALOGUE_NAMES:
            yield f"meta:{name}", [_FAMILY_FIRST.sub(r"\2 \1", text) for text in structured.meta.get(name, [])]
        if _WRITTEN_BY.search(structured.meta_first("twitter:label1") or ""):
            yield "meta:twitter:data1", structured.meta.get("twitter:data1", [])
        yield "microdata:author/name", structured.microdata.get("author/name", [])
        yield "microdata:author", structured.microdata.get("author", [])

    @property
    def headlines(self) -> list[str | None]:
        return [self.headline, self.page.structured.meta_first("og:title"), *self._visible_headlines]

    @cached_property
    def _visible_headlines(self) -> list[str]:
        return [text_of(element) for element in islice(self.page.tree.iter("h1"), _MOST_HEADLINES)]


def _without_host(title: str, host: str) -> str:
    """A title without the name behind it that the page's host is called by: "Title - Le Courrier de la Baie"."""
    head, mark, tail = title.rpartition(" - ")
    head, _, tail = (head, mark, tail) if mark else title.rpartition(" – ")
    name, labels = text_key(tail), [text_key(label) for label in host.split(".")[:-1]]
    named = any(len(label) >= _HOST and len(name) >= _HOST and (label in name or name in label) for label in labels)
    return head if head and named and len(_WORD.findall(head)) >= _HEADLINE_WORDS else title


def _is_in_comments(node: Node) -> bool:
    """Whether the class or id of an element around names comments."""
    names = (f"{above.element.get('class', '')} {above.element.get('id', '')}" for above in node.ancestors)
    return any(_COMMENTS.search(name) for name in names)


def _says_published(claims: Iterable[DateClaim]) -> bool:
    return any(claim.field == dates.PUBLISHED and claim.value for claim in claims)


def _alike(visible: str, declared: str) -> bool:
    """Whether two headlines share so many words that they are of the same article."""
    one, other = (set(_WORD.findall(text.casefold())) for text in (visible, declared))
    return len(one & other) >= 0.5 * min(len(one), len(other)) and len(one) >= 3 if other else bool(one)
