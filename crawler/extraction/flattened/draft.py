"""The fields that a platform's grammar read from a dump, and their conversion to an article."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from crawler.extraction.fields import dates
from crawler.extraction.flattened.lines import squeeze
from crawler.extraction.html.text import unique, unique_fold_case
from crawler.extraction.refusals import PageRefused, RefusalReason
from crawler.site import ArticleUrl, Site
from storage.article import OUTSIDE_BODY, Article, Block, BlockType, DateClaim, Fidelity, Image


@dataclass(kw_only=True)
class Draft:
    """The fields as `Article` names them. `claims`: the most trustworthy first, for each field."""

    headline: str = ""
    url: str | None = None
    alternative_headline: str | None = None
    description: str | None = None
    section: str | None = None
    language: str | None = None
    authors: list[str] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)
    claims: list[DateClaim] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def warn(self, warnings: Mapping[str, object]) -> None:
        """Adds the warnings that hold."""
        self.warnings += [name for name, holds in warnings.items() if holds]

    def article(
        self,
        site: Site | None,
        url: str | None,
        captured_at: datetime | None,
        parse_url: Callable[[str], ArticleUrl | None],
    ) -> Article:
        """The article; `url` as the caller knows it, `parse_url` the grammar of URLs on its host.

        Raises PageRefused where there is no headline or no body.
        """
        blocks = _without_repeats(self.blocks, self.headline, self.description)
        if not self.headline:
            raise PageRefused(RefusalReason.NOT_AN_ARTICLE, "no headline in the text")
        if not any(block.type not in OUTSIDE_BODY for block in blocks):
            raise PageRefused(RefusalReason.NO_TEXT)
        address = url or self.url
        known = next((found for each in (address, self.url) if each and (found := parse_url(each))), None)
        day = known.day.isoformat() if known and known.day else None
        in_url = dates.claim(dates.PUBLISHED, day, "url", None)
        claims, faults = dates.checked([*self.claims, *in_url], captured_at, site.since if site else None)
        published = dates.chosen(claims, dates.PUBLISHED)
        published_date = dates.chosen_day(claims, site.timezone if site else None)
        self.warnings += faults
        self.warn(
            {
                "url-unknown": address is None,
                "site-unknown": site is None,
                "date-unknown": published_date is None,
                "time-unknown": published is None and published_date is not None,
                "keywords-unknown": not self.keywords,
            }
        )
        return Article(
            url=address,
            canonical_url=known.canonical_url if known else None,
            site=site.name if site else None,
            native_id=known.native_id if known else None,
            language=site.language if site else self.language,
            headline=self.headline,
            alternative_headline=self.alternative_headline,
            description=self.description,
            section=self.section or (known.section if known else None),
            authors=unique(self.authors),
            keywords=unique_fold_case(self.keywords),
            published_at=published,
            modified_at=dates.chosen(claims, dates.MODIFIED),
            published_date=published_date,
            dates=tuple(claims),
            blocks=blocks,
            images=tuple(self.images),
            fidelity=Fidelity.TEXT,
            warnings=unique(self.warnings),
        )


def _without_repeats(blocks: list[Block], headline: str, description: str | None) -> tuple[Block, ...]:
    """The blocks without repeated texts, and without subheads at the end."""
    seen = {squeeze(headline)} | ({squeeze(description)} if description else set())
    kept: list[Block] = []
    for block in blocks:
        key = squeeze(block.text)
        if key and key not in seen:
            seen.add(key)
            kept.append(block)
    while kept and kept[-1].type is BlockType.HEADING:
        kept.pop()
    if not any(block.type not in OUTSIDE_BODY for block in kept) and description:
        kept.extend(block for block in blocks if squeeze(block.text) == squeeze(description))
    return tuple(kept)
