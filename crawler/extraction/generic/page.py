"""Any other news page: trafilatura separates its text, our walker reads it, its fields are what the page declares.

The text blocks of the page are chosen by weighted evidence, first of all whether trafilatura took them (`selection`,
docs/decisions/030). Where the chosen text is far from trafilatura's, the article carries a warning.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from lxml.html import HtmlElement

from crawler.extraction.fields.language import contradicts, detected
from crawler.extraction.generic.agreement import agreement
from crawler.extraction.generic.boilerplate_lines import opens_tail
from crawler.extraction.generic.evidence import RUNNING, Evidence, Readings, block_evidence
from crawler.extraction.generic.fields import MOST_ELEMENTS, ShownFields
from crawler.extraction.generic.selection import TAKEN, is_chosen, select, with_whole_tables
from crawler.extraction.generic.text_blocks import Excerpt, TextBlock, text_key
from crawler.extraction.generic.trafilatura_reader import separated_text, trafilatura_reading
from crawler.extraction.generic.trim import trimmed
from crawler.extraction.html.blocks import BodyContent, Parts, read_blocks
from crawler.extraction.html.embeds import PLAYERS
from crawler.extraction.html.rules import Role, Rules
from crawler.extraction.pages.article_page import field
from crawler.extraction.pages.page import Page
from crawler.extraction.refusals import PageRefused, RefusalReason
from storage.article import OUTSIDE_BODY, Block

#: On pages that we do not know a post of a social network is quoted in the text, its words are part of it.
_RULES = Rules(roles=dict.fromkeys(("twitter-tweet", "twitter-video"), Role.QUOTE))
#: Levels beyond which trafilatura's time is no longer in proportion to the page.
_DEEPEST = 150
#: Letters from which the page's `articleBody` is a witness of its text.
_WITNESS = 300
#: Share of their text that two readers have in common below which they disagree.
_AGREEING = 0.75
#: Share of trafilatura's text below which a choice by the evidence is not believed.
_KEPT = 0.5
#: Share of trafilatura's text that the page's blocks show below which it is believed instead, and its fewest letters.
_SHOWN, _MUCH = 0.3, 500
#: Headings that may lead to other articles, and the letters of one that does.
_HEADINGS = frozenset({"h2", "h3", "h4", "h5"})
_TEASER = 12
#: Letters from which a block is more than a name or a day.
_SENTENCE = 40


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


class GenericPage(ShownFields):
    """A page that no template fits. `noise` are classes that are known not to be of the text."""

    def __init__(self, page: Page, *, noise: Iterable[str] = (), sure: bool = False) -> None:
        """`sure`: the page is known to hold an article, so that a short text is one too."""
        super().__init__(page, noise=noise)
        self._sure = sure
        #: The blocks that were read, before their edges were trimmed.
        self.untrimmed: list[Block] = []

    @cached_property
    def _separated(self) -> list[str]:
        """The lines of trafilatura's text; none on pages of a size for which its time grows out of bounds."""
        nodes, _ = self.nodes_and_blocks
        if len(nodes) > MOST_ELEMENTS or max(node.depth for node in nodes) > _DEEPEST:
            return []
        lines = separated_text(self.page.tree, self.page.url, noise=self._noise, sure=self._sure)
        gave_up = len(lines) == 1 and bool(self.headline) and self.headline in lines[0][:-1]
        return [] if gave_up else lines  # it then takes the whole page's text in one piece, headline and all

    @cached_property
    def _readings(self) -> Readings:
        """What trafilatura and the page's own structured data say of each text block."""
        blocks, structured = self.nodes_and_blocks[1], self.page.structured
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
        nodes, blocks = self.nodes_and_blocks
        return list(zip(blocks, block_evidence(nodes, blocks, self._readings), self._readings.taken, strict=True))

    @cached_property
    def chosen(self) -> list[TextBlock]:
        """The blocks of the text: by the evidence, and the headings above them that trafilatura took; tables whole.

        Where the evidence leaves out much of what trafilatura took, that is of the text too: rather noise than a loss.
        """
        chosen = [is_chosen(evidence, taken) for _, evidence, taken in self.evidence]
        if self._separated and self._share_of_taken(chosen) < _KEPT:
            chosen = [kept or taken >= TAKEN for kept, (_, _, taken) in zip(chosen, self.evidence, strict=True)]
        for number, (block, _, taken) in enumerate(self.evidence[:-1]):
            heading = block.node.element.tag in _HEADINGS and taken >= TAKEN and not opens_tail(block.text)
            chosen[number] |= heading and chosen[number + 1] and any(chosen[:number]) and not block.linked
        nodes, blocks = self.nodes_and_blocks
        chosen = with_whole_tables(nodes, blocks, chosen)
        found = [block for block, is_text in zip(blocks, chosen, strict=True) if is_text]
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
        nodes, blocks = self.nodes_and_blocks
        found = self._read(*select(nodes, self.chosen, blocks)) if self.chosen else BodyContent()
        if self._sure and not self._says_more(found):  # a gallery: its pictures stand anywhere on the page
            outside = [node.element for node in nodes if node.kind or (node.out and node.element.tag not in PLAYERS)]
            found = self._read(nodes[0].element, Parts(without=frozenset(outside)))
        if self._is_elsewhere:
            page = self.page
            found = trafilatura_reading(page.tree, page.url, page.base_url, noise=self._noise, sure=self._sure) or found
        if not found.blocks:
            raise PageRefused(RefusalReason.NO_TEXT)
        return found

    @property
    def _is_elsewhere(self) -> bool:
        """Whether the sentences that trafilatura found stand in hardly any text block: in a `noscript`, say."""
        running = sum(size for line in self._separated if (size := len(text_key(line))) >= RUNNING)
        shown = sum(share * len(block.key) for block, _, share in self.evidence)
        return running >= _MUCH and shown < _SHOWN * running

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
        chosen, blocks = self.chosen, self.nodes_and_blocks[1]
        amid = blocks[blocks.index(chosen[0]) : blocks.index(chosen[-1]) + 1] if chosen else []
        letters = sum(len(block.key) for block in amid)
        return TextShape(
            paragraphs=sum(len(block.key) >= RUNNING and block.links < 0.5 for block in chosen),
            teasers=sum(
                block.node.element.tag in _HEADINGS and block.links > 0.8 and len(block.key) >= _TEASER
                for block in amid
            ),
            links=sum(min(len(block.key), block.linked) for block in amid) / max(1, letters),
            agreement=agreement(" ".join(_texts(self.content)), " ".join(self._separated)),
        )

    @property
    def disagreement(self) -> tuple[str, ...]:
        """The warning `readers-disagree: 0.62` where the text is far from trafilatura's."""
        found = self.shape.agreement
        return (f"readers-disagree: {found}",) if found < _AGREEING else ()

    @field
    def warnings(self) -> tuple[str, ...]:
        return (*super().warnings, *self.disagreement)

    @field
    def language(self) -> str | None:
        """The declared language unless the text contradicts it; where none is declared, the text's."""
        declared = super().language
        text = " ".join(block.text for block in self.content.blocks)
        found = contradicts(text, declared) if declared else detected(text)
        return self.noted("language", "text", found) or declared


def _texts(content: BodyContent) -> list[str]:
    return [block.text for block in content.blocks if block.type not in OUTSIDE_BODY]


def _is_running(block: TextBlock) -> bool:
    """Whether a block is running text by its length, links and names alone, for pages that trafilatura cannot read."""
    return len(block.key) >= RUNNING and block.links < 0.5 and not block.node.in_boilerplate
