"""Any other news page: trafilatura separates its text, our walker reads it, its fields are what the page declares.

The text blocks of the page are chosen by weighted evidence, first of all whether trafilatura took them (`selection`,
docs/decisions/030). Where the chosen text is far from trafilatura's, the article carries a warning.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from html import unescape
from itertools import chain, islice

from htmldate import find_date
from lxml.html import HtmlElement

from crawler.extraction.fields import dates
from crawler.extraction.fields.bylines import byline_in_line, visible_bylines
from crawler.extraction.fields.declared import person_name, without_site
from crawler.extraction.fields.language import contradicts, detected
from crawler.extraction.fields.months import day_in_line
from crawler.extraction.fields.people import names
from crawler.extraction.generic.agreement import agreement
from crawler.extraction.generic.boilerplate_lines import opens_tail
from crawler.extraction.generic.evidence import RUNNING, Evidence, Readings, block_evidence
from crawler.extraction.generic.selection import TAKEN, is_chosen, select
from crawler.extraction.generic.text_blocks import Excerpt, Node, TextBlock, page_blocks, text_key
from crawler.extraction.generic.trafilatura_reader import separated_text
from crawler.extraction.generic.trim import trimmed
from crawler.extraction.html.blocks import BodyContent, Parts, read_blocks
from crawler.extraction.html.embeds import PLAYERS
from crawler.extraction.html.rules import Role, Rules
from crawler.extraction.html.structured import as_list, types_of
from crawler.extraction.html.text import text_of
from crawler.extraction.pages.article_page import ArticlePage, field
from crawler.extraction.pages.page import Page
from crawler.extraction.refusals import PageRefused, RefusalReason
from crawler.urls import host_of
from storage.article import OUTSIDE_BODY, Block, DateClaim

#: On pages that we do not know a post of a social network is quoted in the text, its words are part of it.
_RULES = Rules(roles=dict.fromkeys(("twitter-tweet", "twitter-video"), Role.QUOTE))
#: Beyond these trafilatura's and htmldate's time is no longer in proportion to the page.
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
_COMMENTS = re.compile(r"(?:^|\s)comment(?:s|list|ary)?(?:$|[\s_-])", re.I)
_WRITTEN_BY = re.compile(r"\b(?:by|author|autore?|von|par|por|da|door|av|af)\b|Автор|作者", re.I)
_URL_DAY = re.compile(r"/(20\d\d|19\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?=[/+_-])")
#: A name of up to three words behind a title of at least three: the site's or the section's.
_SITE_BEHIND = re.compile(r"(?<=\w)(?<!^)\s\|\s\S+(?:\s\S+){0,2}$")
#: Between the headline and names of the site and its sections in a title.
_BETWEEN_PARTS = re.compile(r"\s+(?:[|»›·•–—-]|//|::?)+\s+|\s*[|»]\s*|:\s+")
#: Characters beyond which a page's days are not searched for in its text.
_LONGEST_DATED = 2_000_000
_WORD = re.compile(r"\w+")
#: Letters from which the page's `articleBody` is a witness of its text.
_WITNESS = 300
#: Letters of a host's name by which it is known in a title, and words that are left of one.
_HOST, _HEADLINE_WORDS = 6, 3
#: Share of their text that two readers have in common below which they disagree.
_AGREEING = 0.75
#: Share of trafilatura's text below which a choice by the evidence is not believed.
_KEPT = 0.5
#: Headings that may lead to other articles, and the letters of one that does.
_HEADINGS = frozenset({"h2", "h3", "h4", "h5"})
_TITLES = _HEADINGS | {"h1"}
_TEASER = 12
#: Letters from which a block is more than a name or a day.
_SENTENCE = 40
#: Blocks before and behind the headline that may show the day, and letters of each that are looked at.
_NEAR, _SHORT_LINE = 6, 200
#: Letters of a block beside the headline that holds a day, names and little else.
_DATELINE = 80
#: First-level headings that are looked at for the page's headline.
_MOST_HEADLINES = 20


@dataclass(frozen=True, slots=True)
class TextShape:
    """What stands between the first and the last block of a page's text: its paragraphs, headings that lead to other
    pages, the share of letters in links; and how far trafilatura's text is the same as the text that was read, 0 to 1:
    what the choice, the walk or the trimming lost counts.
    """

    paragraphs: int
    teasers: int
    links: float
    agreement: float


class GenericPage(ArticlePage):
    """A page that no template fits. `noise` are classes that are known not to be of the text."""

    def __init__(self, page: Page, *, noise: Iterable[str] = (), sure: bool = False) -> None:
        """`sure`: the page is known to hold an article, so that a short text is one too."""
        super().__init__(page)
        self._noise = frozenset(noise)
        self._sure = sure
        #: The blocks that were read, before their edges were trimmed.
        self.untrimmed: list[Block] = []

    @cached_property
    def _nodes_and_blocks(self) -> tuple[list[Node], list[TextBlock]]:
        body = self.page.body
        return page_blocks(body if body is not None else self.page.tree, self._noise)

    @cached_property
    def _separated(self) -> list[str]:
        """The lines of trafilatura's text; none on pages of a size for which its time grows out of bounds."""
        nodes, _ = self._nodes_and_blocks
        if len(nodes) > _MOST_ELEMENTS or max(node.depth for node in nodes) > _DEEPEST:
            return []
        lines = separated_text(self.page.tree, self.page.url, noise=self._noise, sure=self._sure)
        gave_up = len(lines) == 1 and bool(self.headline) and self.headline in lines[0][:-1]
        return [] if gave_up else lines  # it then takes the whole page's text in one piece, headline and all

    @cached_property
    def _readings(self) -> Readings:
        """What trafilatura and the page's own structured data say of each text block."""
        blocks, structured = self._nodes_and_blocks[1], self.page.structured
        taken = Excerpt(self._separated).shares(blocks)
        shown = "\n".join(text for node in structured.articles if isinstance(text := node.get("articleBody"), str))
        return Readings(
            taken=taken if any(taken) else [float(_is_running(block)) for block in blocks],
            headline=text_key(self.headline),
            in_article_body=Excerpt(shown.splitlines()).shares(blocks) if len(shown) > _WITNESS else None,
        )

    @cached_property
    def evidence(self) -> list[tuple[TextBlock, Evidence, float]]:
        """The page's text blocks, the evidence for and against each, the share of it that trafilatura took."""
        nodes, blocks = self._nodes_and_blocks
        return list(zip(blocks, block_evidence(nodes, blocks, self._readings), self._readings.taken, strict=True))

    @cached_property
    def chosen(self) -> list[TextBlock]:
        """The blocks of the text: by the evidence, and the headings above them that trafilatura took.

        Where the evidence leaves out much of what trafilatura took, that is of the text too: rather noise than a loss.
        """
        chosen = [is_chosen(evidence, taken) for _, evidence, taken in self.evidence]
        if self._separated and self._share_of_taken(chosen) < _KEPT:
            chosen = [kept or taken >= TAKEN for kept, (_, _, taken) in zip(chosen, self.evidence, strict=True)]
        for number, (block, _, taken) in enumerate(self.evidence[:-1]):
            heading = block.node.element.tag in _HEADINGS and taken >= TAKEN and not opens_tail(block.text)
            chosen[number] |= heading and chosen[number + 1] and any(chosen[:number]) and not block.linked
        found = [block for (block, *_), is_text in zip(self.evidence, chosen, strict=True) if is_text]
        return found or [block for block, _, taken in self.evidence if taken >= TAKEN]

    def _share_of_taken(self, chosen: Sequence[bool]) -> float:
        """The share of the text that trafilatura took which is chosen."""
        taken = [
            (len(block.key), kept)
            for kept, (block, _, share) in zip(chosen, self.evidence, strict=True)
            if share >= TAKEN
        ]
        whole = sum(size for size, _ in taken)
        return sum(size for size, kept in taken if kept) / whole if whole else 1.0

    @cached_property
    def content(self) -> BodyContent:
        nodes, blocks = self._nodes_and_blocks
        found = self._read(*select(nodes, self.chosen, blocks)) if self.chosen else BodyContent()
        if self._sure and not self._says_more(found):  # a gallery: its pictures stand anywhere on the page
            outside = [node.element for node in nodes if node.kind or (node.out and node.element.tag not in PLAYERS)]
            found = self._read(nodes[0].element, Parts(without=frozenset(outside)))
        if not found.blocks:
            raise PageRefused(RefusalReason.NO_TEXT)
        return found

    def _read(self, container: HtmlElement, parts: Parts) -> BodyContent:
        content = read_blocks(container, _RULES, self.page.base_url, parts)
        self.untrimmed = content.blocks
        blocks = trimmed(content.blocks, self.headlines)
        is_read = any(block.type not in OUTSIDE_BODY for block in blocks)
        return replace(content, unknown=[], blocks=blocks if is_read else content.blocks)

    def _says_more(self, found: BodyContent) -> bool:
        """Whether there is a sentence, a picture's caption or a player beside headline and lede."""
        shown = "\n".join(text for text in (*self.headlines, self.description) if text)
        more = [block for block in found.blocks if block.text not in shown]
        return any(block.type in OUTSIDE_BODY or len(block.text) >= _SENTENCE for block in more)

    @cached_property
    def shape(self) -> TextShape:
        """The shape of the text that was chosen."""
        chosen, blocks = self.chosen, self._nodes_and_blocks[1]
        amid = blocks[blocks.index(chosen[0]) : blocks.index(chosen[-1]) + 1] if chosen else []
        letters = sum(len(block.key) for block in amid)
        read = (block.text for block in self.content.blocks if block.type not in OUTSIDE_BODY)
        return TextShape(
            paragraphs=sum(len(block.key) >= RUNNING and block.links < 0.5 for block in chosen),
            teasers=sum(
                block.node.element.tag in _HEADINGS and block.links > 0.8 and len(block.key) >= _TEASER
                for block in amid
            ),
            links=sum(min(len(block.key), block.linked) for block in amid) / max(1, letters),
            agreement=agreement(" ".join(read), " ".join(self._separated)),
        )

    @property
    def disagreement(self) -> tuple[str, ...]:
        """The warning `readers-disagree: 0.62` where the text is far from trafilatura's."""
        found = self.shape.agreement
        return (f"readers-disagree: {found}",) if found < _AGREEING else ()

    @field
    def warnings(self) -> tuple[str, ...]:
        return (*super().warnings, *self.disagreement)

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
                    for raw in as_list(node.get(key)):
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
        blocks, key = self._nodes_and_blocks[1], text_key(self.headline)
        headline = next((number for number, block in enumerate(blocks) if key and block.key == key), 0)
        return blocks[headline + 1 : headline + _NEAR] + blocks[max(0, headline - _NEAR) : headline]

    def _publishers_claims(self) -> Iterator[DateClaim]:
        for name in _DATE_NAMES:
            for raw in self.page.structured.meta.get(name, []):
                yield from dates.claim(dates.PUBLISHED, raw, f"meta:{name}", self.zone)

    def _shown_claims(self) -> Iterator[DateClaim]:
        """The `time` nearest to the headline, before or behind it; without a headline the first of all. Those of
        comments count only where there are no others."""
        nodes = self._nodes_and_blocks[0]
        times = [node for node in nodes if node.element.tag == "time" and node.element.get("datetime") is not None]
        times = [node for node in times if not _is_in_comments(node)] or times[:1]
        headline = next((node.number for node in nodes if node.element.tag == "h1"), 0)
        nearest = min(times, key=lambda node: (abs(node.number - headline), node.number < headline), default=None)
        if nearest is not None:
            element = nearest.element
            before = f"{text_of(element.getparent()).partition(text_of(element) or ' ')[0]} {element.get('class')}"
            kind = dates.MODIFIED if _UPDATED.search(before) else dates.PUBLISHED
            yield from dates.claim(kind, element.get("datetime"), "time", self.zone)

    def _htmldate_claims(self) -> Iterable[DateClaim]:
        captured_at = self.page.captured_at
        if len(self.page.html) > _LONGEST_DATED or len(self._nodes_and_blocks[0]) > _MOST_ELEMENTS:
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
        return frozenset(block.key for block in self._nodes_and_blocks[1] if block.node.element.tag in _TITLES)

    @property
    def _only_headline(self) -> str | None:
        """The page's one first-level heading, unless it is short or names the site."""
        texts = [text for text in self._visible_headlines if text]
        if len(texts) != 1 or len(_WORD.findall(texts[0])) < _HEADLINE_WORDS:
            return None
        key, site = text_key(texts[0]), text_key(self.publisher or "")
        host = host_of(self.page.url)
        is_site = (site and (key in site or site in key)) or any(
            len(label) >= _HOST and (label in key or key in label) for label in map(text_key, host.split(".")[:-1])
        )
        return None if is_site else texts[0]

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

    @field
    def language(self) -> str | None:
        """The declared language unless the text contradicts it; where none is declared, the text's."""
        declared = super().language
        text = " ".join(block.text for block in self.content.blocks)
        found = contradicts(text, declared) if declared else detected(text)
        return self.noted("language", "text", found) or declared

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


def _is_running(block: TextBlock) -> bool:
    """Whether a block is running text by its length, links and names alone, for pages that trafilatura cannot read."""
    return len(block.key) >= RUNNING and block.links < 0.5 and not block.node.in_boilerplate
