"""The grammar of a Sputnik page in a flattened dump: hidden microdata block, visible article, or only one of them."""

import re
from collections.abc import Iterator, Sequence
from datetime import tzinfo

from crawler.extraction.fields import dates
from crawler.extraction.flattened.draft import Draft
from crawler.extraction.flattened.lines import URL, Line, is_footnote, squeeze
from crawler.extraction.flattened.paragraph_splitter import split_glued
from crawler.extraction.html.images import credit_of
from crawler.extraction.templates.sputnik.bylines import names
from crawler.extraction.templates.sputnik.flattened_alignment import read_aligned
from crawler.extraction.templates.sputnik.flattened_block import (
    MicrodataBlock,
    article_url_in,
    begins_block,
    block_start,
    is_description,
    read_block,
)
from crawler.extraction.templates.sputnik.flattened_media import is_credit
from crawler.extraction.templates.sputnik.flattened_visible import VisibleArticle, is_boilerplate, read_by_shape
from crawler.extraction.templates.sputnik.visible_date import clock_claims, is_clock
from storage.article import BlockType, DateClaim, Image

_BYLINE = re.compile(r"(?:di|by|a cura di) (?P<names>[A-ZÀ-Þ][\w'’.-]+(?:,? [\w'’.-]+){1,8})$")
_IMAGE_ID = re.compile(r"/(\d+)_[^/]*$")


def recognises(lines: Sequence[Line], url: str | None) -> bool:
    """Whether the dump bears the platform's marks."""
    if any(article_url_in(line.text) for line in lines[:3]):
        return True
    return any(is_description(line.text) or is_clock(line.text) for line in lines) or (
        url is not None and article_url_in(url) is not None
    )


def site_names(lines: Sequence[Line]) -> list[str]:
    """The text behind the last comma of each description: the edition's name."""
    return [line.text.rsplit(", ", 1)[-1] for line in lines if is_description(line.text)]


def read(lines: list[Line], zone: tzinfo | None, url: str | None = None) -> Draft:
    """The first article of the dump; `zone` is the site's, None where the site is not known."""
    start = block_start(lines)
    if start is None:
        return _read_visible_only(lines, zone)
    block = read_block(lines, start)
    draft = Draft(
        headline=block.titles[0] if block.titles else "",
        url=block.url,
        description=block.lede,
        language=block.language,
        authors=block.authors,
        keywords=block.keywords,
        claims=list(_block_claims(block, zone)),
    )
    draft.alternative_headline = next((title for title in block.titles if title != draft.headline), None)
    visible = VisibleArticle()
    _read_body(_first_article(lines[block.end :]), lines[: block.end], block, draft, visible, zone)
    draft.images = _images(block.images, visible.credits)
    draft.warn(
        {
            "lede-cut": block.lede_cut and visible.lede is None,
            "lede-unknown": draft.description is None,
            "comments-cut": bool(block.comments or visible.comments),
            "footnote-left-out": bool(visible.footnotes),
            "lines-uncertain": visible.uncertain,
            "lines-left-out": visible.left_out,
            "image-urls-unknown": not draft.images,
        }
    )
    return draft


def _read_body(
    shown: list[Line],
    above: list[Line],
    block: MicrodataBlock,
    draft: Draft,
    visible: VisibleArticle,
    zone: tzinfo | None,
) -> None:
    title = squeeze(draft.headline)
    rest = [line for line in shown if squeeze(line.text) != title and not is_clock(line.text)]
    for line in shown[:6]:
        draft.claims.extend(clock_claims(line.text, zone))
        byline = _BYLINE.match(line.text)
        if byline and not draft.authors:
            draft.authors = list(names([byline["names"]]))
    if rest:  # only behind the articleBody
        read_aligned(rest, block.glued, block.lede, block.keywords, above, visible)
        draft.warnings += ["paragraphs-glued"] * visible.restored
    else:
        _read_glued(block, draft, visible)
    draft.description = visible.lede or draft.description
    draft.authors = draft.authors or visible.authors
    draft.blocks += visible.blocks


def _read_glued(block: MicrodataBlock, draft: Draft, visible: VisibleArticle) -> None:
    evidence = " ".join([draft.headline, block.lede or "", *block.keywords])
    pieces = split_glued(block.glued, evidence)
    for piece in pieces:
        if is_footnote(piece.text):
            visible.footnotes += 1
        else:
            visible.add_as(BlockType.HEADING if piece.heading else BlockType.PARAGRAPH, piece.text)
    draft.warnings += ["paragraphs-glued", "quotes-missing"] if block.glued else []


def _block_claims(block: MicrodataBlock, zone: tzinfo | None) -> Iterator[DateClaim]:
    """Created, published, modified; a flattener that drops repeats leaves published and modified, or one for all."""
    raws = block.instants[:3]
    if raws:
        created, published, modified = raws if len(raws) == 3 else (raws[0], raws[0], raws[-1])
        yield from dates.claim(dates.PUBLISHED, published, "microdata:datePublished", zone)
        yield from dates.claim(dates.PUBLISHED, created, "microdata:dateCreated", zone)
        yield from dates.claim(dates.MODIFIED, modified, "microdata:dateModified", zone)
    yield from dates.claim(dates.PUBLISHED, block.day, "microdata:description", zone, visible=True)


def _first_article(lines: list[Line]) -> list[Line]:
    """The lines before the next article's block: pages load one behind the other."""
    return next((lines[:at] for at in range(len(lines)) if begins_block(lines, at)), lines)


def _images(urls: list[str], credit_lines: list[str]) -> list[Image]:
    """One image of several crops; the only credit belongs to the only image."""
    by_id: dict[str, str] = {}
    for url in urls:
        found = _IMAGE_ID.search(url)
        by_id.setdefault(found[1] if found else url, url)
    first = credit_of(credit_lines[0]) if credit_lines else None
    return [Image(url=url, credit=first if not number else None) for number, url in enumerate(by_id.values())]


def _read_visible_only(lines: list[Line], zone: tzinfo | None) -> Draft:
    clock = next((at for at, line in enumerate(lines) if is_clock(line.text)), None)
    if clock is None:
        return Draft()
    draft = Draft(claims=list(clock_claims(lines[clock].text, zone)))
    start = clock + 1
    if _headline_below(lines[start : start + 2]):
        draft.headline = lines[start].text
        if clock == 0:  # a flattener that lost the headline leaves a picture's words in its place
            draft.warnings.append("headline-guessed")
        start += 1
    else:
        _read_above(lines[:clock], draft)
    urls = (line.text for line in lines[:clock] if article_url_in(line.text))
    draft.url = next(urls, None)
    byline = next((found for line in lines[start : start + 4] if (found := _BYLINE.match(line.text))), None)
    draft.authors = list(names([byline["names"]])) if byline else []
    visible = VisibleArticle()
    shown = [line for line in lines[start:] if not byline or line.text != byline.string]
    read_by_shape(shown, lines[:clock], visible)
    draft.authors = draft.authors or visible.authors
    draft.description, draft.blocks, draft.keywords = visible.lede, visible.blocks, visible.keywords
    draft.warn({"footnote-left-out": visible.footnotes, "comments-cut": visible.comments})
    draft.warn({"lines-uncertain": visible.uncertain, "image-urls-unknown": True, "lede-unknown": visible.lede is None})
    return draft


def _headline_below(lines: list[Line]) -> bool:
    """Whether the line under the date is the headline; a picture's alt text has its credit behind it."""
    if not lines or lines[0].bullet or is_boilerplate(lines[0].text) or is_credit(lines[0].text):
        return False
    alt = len(lines) > 1 and is_credit(lines[1].text)
    text = lines[0].text
    return len(text.split()) > 2 and not alt and not _BYLINE.match(text) and not text.endswith(".")


def _read_above(lines: list[Line], draft: Draft) -> None:
    """The headline above the date: the line before a credit, else the nearest of some length. Below it, the section."""
    near = lines[-5:]
    while any(line.bullet or URL.match(line.text) for line in near):
        near.pop(0)
    texts = [line.text for line in near]
    credit = next((at for at, text in enumerate(texts) if at and is_credit(text)), None)
    long = [at for at, text in enumerate(texts) if len(text.split()) > 3 and not is_credit(text)]
    some = [at for at, text in enumerate(texts) if not is_credit(text)]
    at = credit - 1 if credit is not None else max(long or some, default=None)
    if at is None:
        return
    draft.headline = texts[at]
    if credit is None:
        draft.warnings.append("headline-guessed")
    below = [text for text in texts[at + 1 :] if not is_credit(text) and len(text.split()) < 5]
    draft.section = below[-1] if below else None
