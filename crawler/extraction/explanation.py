"""Why the extractor reads a page as it does: for the commands `explain` and `site check`.

`explain` calls the functions that `extract` calls, on the same page object, and looks at what they found: the
candidates for each field and what it was read from, the text blocks with the evidence for and against them and the
rules that dropped them, the parts of the confidence.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from lxml.html import HtmlElement

from crawler.extraction.checks.confidence import ConfidencePart, confidence_parts
from crawler.extraction.extract import extract, page_object
from crawler.extraction.fields.bylines import visible_bylines
from crawler.extraction.fields.declared import person_name
from crawler.extraction.generic.page import GenericPage
from crawler.extraction.generic.selection import TAKEN, weighted
from crawler.extraction.generic.text_blocks import Excerpt, page_blocks
from crawler.extraction.generic.trim import trim_rules
from crawler.extraction.generic.witness import agreement_with_trafilatura
from crawler.extraction.html.blocks import EXCLUDED
from crawler.extraction.html.rules import Role
from crawler.extraction.html.text import fold, text_of
from crawler.extraction.pages.article_page import ArticlePage, TemplatePage
from crawler.extraction.pages.page import Page
from crawler.extraction.pages.selector_page import SelectedFields
from crawler.extraction.platforms import all_platforms
from crawler.extraction.refusals import PageRefused
from crawler.extraction.version import Reader
from crawler.registry import definition_of, site_of
from storage.article import Article, Block

#: Kinds of evidence that are named for a block, those that weigh most.
_MOST_REASONS = 3
#: Why a piece of a known template's page is not of its body, where nothing in the body was dropped around it.
_OUTSIDE = "outside the template's body"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value that the page has for a field, and where: `json-ld:headline`, `meta:og:title`, `h1` ..."""

    source: str
    value: str


@dataclass(frozen=True, slots=True)
class FieldExplanation:
    """A field: its value, what it was read from (None: there is no value, or it is of the whole body), and what the
    page has for it."""

    name: str
    value: Any
    source: str | None
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class BlockExplanation:
    """A piece of the page's text: whether it is of the body, the reasons, and its element."""

    text: str
    is_kept: bool
    reasons: tuple[str, ...]
    element: HtmlElement = field(repr=False)


@dataclass(frozen=True, slots=True)
class Explanation:
    """reader: the page object, and what reads the body; fits: each page object that was tried and whether it fits.
    container: path of the element that holds the body. agreement: with trafilatura, 0 to 1. refusal: reason and proof
    where the page is no article; the rest is then what was found before."""

    url: str
    reader: str
    fits: tuple[tuple[str, bool], ...]
    container: str | None
    fields: tuple[FieldExplanation, ...]
    blocks: tuple[BlockExplanation, ...]
    agreement: float | None
    confidence: tuple[ConfidencePart, ...]
    warnings: tuple[str, ...]
    refusal: tuple[str, str] | None

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "url": self.url,
            "reader": self.reader,
            "fits": dict(self.fits),
            "container": self.container,
            "fields": {
                one.name: {
                    "value": one.value,
                    "source": one.source,
                    "candidates": [{"source": each.source, "value": each.value} for each in one.candidates],
                }
                for one in self.fields
            },
            "blocks": [{"text": one.text, "kept": one.is_kept, "reasons": list(one.reasons)} for one in self.blocks],
            "agreement": self.agreement,
            "confidence": [{"part": one.name, "value": one.value} for one in self.confidence],
            "warnings": list(self.warnings),
            "refusal": {"reason": self.refusal[0], "detail": self.refusal[1]} if self.refusal else None,
        }


def explain(page: Page, reader: Reader = Reader.PAGE_OBJECT) -> Explanation:
    """Why the article of a page is what it is, or why the page is refused."""
    article, refusal = None, None
    try:
        article = extract(page, reader)
    except PageRefused as refused:
        refusal = (refused.reason.value, refused.detail)
    try:
        read: ArticlePage = page_object(page, reader)
    except PageRefused:  # a list of a known site: the general rules say what is on it
        read = GenericPage(page)
    unchecked = _unchecked(read)  # notes the sources of the fields
    shown = article if article is not None else unchecked
    is_generic = isinstance(read, GenericPage)
    return Explanation(
        url=page.url,
        reader=f"{type(read).__name__}, {'trafilatura' if reader is Reader.TRAFILATURA else 'its own reader'}",
        fits=tuple((platform.name, platform.page_class.fits(page)) for platform in all_platforms()),
        container=_container(read),
        fields=tuple(_fields(read, shown)) if shown is not None else (),
        blocks=(*_blocks(read), *_removed(page)),
        agreement=_agreement(read, shown),
        confidence=tuple(confidence_parts(page, read.shape, shown)) if isinstance(read, GenericPage) and shown else (),
        warnings=shown.warnings if shown is not None and (article is not None or is_generic) else (),
        refusal=refusal,
    )


def _unchecked(read: ArticlePage) -> Article | None:
    try:
        return read.to_article()
    except PageRefused:
        return None


def _agreement(read: ArticlePage, article: Article | None) -> float | None:
    if isinstance(read, GenericPage):
        return read.shape.agreement if article is not None else None
    if isinstance(read, TemplatePage) and article is not None:
        return agreement_with_trafilatura(read, article)
    return None


def _container(read: ArticlePage) -> str | None:
    kept = [one.element for one in _blocks(read) if one.is_kept]
    if not kept:
        return None
    common = [kept[0], *kept[0].iterancestors()]
    for element in kept[1:]:
        around = {element, *element.iterancestors()}
        common = [one for one in common if one in around]
    return named_path(common[0])


def named_path(element: HtmlElement) -> str:
    """The element and its three nearest ancestors by tag, id and classes."""
    around = [element, *element.iterancestors()][:4]
    return " > ".join(_named(one) for one in reversed(around) if isinstance(one.tag, str))


def _named(element: HtmlElement) -> str:
    name = f"#{element.get('id')}" if element.get("id") else ""
    return f"{element.tag}{name}" + "".join(f".{one}" for one in element.classes)


def _blocks(read: ArticlePage) -> Iterator[BlockExplanation]:
    if isinstance(read, GenericPage):
        yield from _weighed_blocks(read)
        return
    try:
        texts = {fold(block.text) for block in read.content.blocks}
    except PageRefused:
        return
    body = read.page.body if read.page.body is not None else read.page.tree
    dropped = {element: _rule(element, why) for element, why in read.content.dropped}
    explained = set()
    for block in page_blocks(body, frozenset())[1]:
        around = _dropped_around(block.node.element, dropped)
        explained.add(around)
        is_read = fold(block.text) in texts or any(block.text in text for text in texts if len(block.text) > 20)
        is_kept = around is None and is_read
        reason = "the template's body has it" if is_kept else _OUTSIDE if around is None else dropped[around]
        yield BlockExplanation(block.text, is_kept, (reason,), block.node.element)
    for element, rule in dropped.items():
        if element not in explained and (text := text_of(element)):
            yield BlockExplanation(text, False, (rule,), element)


def _dropped_around(element: HtmlElement, dropped: Collection[HtmlElement]) -> HtmlElement | None:
    """The element or the nearest one around it that the reading dropped."""
    return next((one for one in (element, *element.iterancestors()) if one in dropped), None)


def _rule(element: HtmlElement, why: Role | str) -> str:
    """The rule by which the reading dropped an element."""
    if isinstance(why, str):
        return f"dropped: {_named(element)} is {why}"
    return f"dropped: {_named(element)} has the role {why.name.lower()} by its class"


def _removed(page: Page) -> Iterator[BlockExplanation]:
    """What selectors of the site dropped from the page before it was read."""
    site = site_of(page.url)
    described = definition_of(site.name).described if site is not None else None
    selectors = described.selectors.drop if described is not None else site.selectors.drop if site is not None else ()
    for number, element in page.dropped:
        reason = f"dropped: {_named(element)} is selected by selectors.drop {selectors[number]!r}"
        yield BlockExplanation(text_of(element), False, (reason,), element)


def _weighed_blocks(read: GenericPage) -> Iterator[BlockExplanation]:
    """The blocks of an unknown page: chosen by their evidence, and not trimmed from the edges afterwards."""
    chosen = set(map(id, read.chosen))
    try:
        lines = [block.text for block in read.content.blocks]
        dropped = {element: _rule(element, why) for element, why in read.content.dropped if why is not EXCLUDED}
    except PageRefused:
        lines, dropped = [], {}
    rules = list(trim_rules(read.untrimmed, read.headlines))
    shares = Excerpt(lines).shares([block for block, *_ in read.evidence])
    for (block, evidence, taken), share in zip(read.evidence, shares, strict=True):
        is_chosen = id(block) in chosen
        weights = sorted(weighted(evidence, taken).items(), key=lambda one: one[1], reverse=is_chosen)
        speaks = [f"{name} ({weight:+.1f})" for name, weight in weights if (weight > 0) is is_chosen]
        reasons = ["trafilatura took it" if taken >= TAKEN else "trafilatura left it", *speaks[:_MOST_REASONS]]
        is_kept = is_chosen and share >= TAKEN
        if is_chosen and not is_kept:
            around = _dropped_around(block.node.element, dropped)
            reasons.insert(0, _trimmed(block.text, rules) if around is None else dropped[around])
        if not is_chosen and (named := next((one for one in block.node.ancestors if one.kind), None)):
            reasons.append(f"within {_named(named.element)}, named like boilerplate")
        yield BlockExplanation(block.text, is_kept, tuple(reasons), block.node.element)


def _trimmed(text: str, rules: Sequence[tuple[Block, str]]) -> str:
    """The rule that trimmed a chosen piece of text from the edges."""
    found = (rule for block, rule in rules if text in block.text or (block.text and block.text in text))
    return f"chosen, then trimmed: {next(found, 'its element is read with another one')}"


def _fields(read: ArticlePage, article: Article) -> Iterator[FieldExplanation]:
    data = article.as_json()
    meta: Callable[..., Iterator[Candidate]] = partial(_of_meta, read)
    tree = read.page.tree
    authors = [name for value in read.node_values("author") if (name := person_name(value))]
    found: dict[str, list[Candidate]] = {
        "headline": [
            *_selected(read, "headline"),
            *(Candidate("json-ld:headline", text) for text in read.node_texts("headline")),
            *meta("og:title", "twitter:title"),
            *(Candidate("h1", text_of(one)) for one in list(tree.iter("h1"))[:3]),
            *(Candidate("title", text_of(one)) for one in list(tree.iter("title"))[:1]),
        ],
        "description": [
            *_selected(read, "lede"),
            *(Candidate("json-ld:description", text) for text in read.node_texts("description")),
            *meta("og:description", "description", "twitter:description"),
        ],
        "authors": [
            *_selected(read, "authors"),
            *(Candidate("json-ld:author", name) for name in authors),
            *meta("author", "article:author"),
            *(Candidate("byline", text) for text in list(visible_bylines(tree, read.page.url))[:5]),
        ],
        "section": [
            *_selected(read, "section"),
            *meta("article:section"),
            *(Candidate("json-ld:articleSection", text) for text in read.node_texts("articleSection")),
        ],
        "keywords": [
            *_selected(read, "keywords"),
            *(Candidate("json-ld:keywords", text) for text in read.node_texts("keywords")),
            *meta("article:tag", "keywords", "news_keywords"),
        ],
        "language": [
            *([Candidate("html lang", tree.get("lang"))] if tree.get("lang") else []),
            *(Candidate("json-ld:inLanguage", text) for text in read.node_texts("inLanguage")),
        ],
        "canonical_url": [Candidate("link rel=canonical", url) for url in read.page.canonical_links],
    }  # fmt: skip
    for name, candidates in found.items():
        yield FieldExplanation(name, data[name], read.sources.get(name), tuple(candidates))
    for name in ("published_at", "modified_at"):
        claims = [claim for claim in article.dates if claim.field == name]
        candidates = [Candidate(claim.source, claim.value or f"unreadable: {claim.raw}") for claim in claims]
        yield FieldExplanation(name, data[name], read.sources.get(name), tuple(candidates))
    days = [Candidate(one.source, (one.value or "")[:10]) for one in article.dates if one.field == "published_at"]
    yield FieldExplanation("published_date", data["published_date"], read.sources.get("published_date"), tuple(days))
    yield FieldExplanation("images", [image["url"] for image in data["images"]], None, ())
    yield FieldExplanation("word_count", data["word_count"], None, ())


def _selected(read: ArticlePage, name: str) -> list[Candidate]:
    if not isinstance(read, SelectedFields):
        return []
    return [Candidate("selector", text) for text in read.selected(name)]


def _of_meta(read: ArticlePage, *names: str) -> Iterator[Candidate]:
    for name in names:
        for text in read.page.structured.meta.get(name, []):
            yield Candidate(f"meta:{name}", fold(text))
