"""A g2 page (since 2021): head, hidden microdata block, visible article."""

from html import escape

from newsstand.sputnik import blocks, chrome, microdata, pictures
from newsstand.sputnik.text import text
from newsstand.sputnik.urls import section, url
from newsstand.story import Kind, Story

Card = tuple[str, str]


def _meta(name: str, value: str, *, attribute: str = "property") -> str:
    return f'<meta {attribute}="{name}" content="{escape(value)}">'


def _head(story: Story) -> str:
    keywords = ", ".join(story.keywords)
    title = f"{story.headline} - {story.published:%d.%m.%Y}, Sputnik Italia"
    stamps = (f"{story.published:%Y%m%dT%H%M%z}", f"{story.modified:%Y%m%dT%H%M%z}")
    return "\n".join(
        [
            '<meta charset="utf-8">',
            f"<title>{text(title)}</title>",
            _meta("description", microdata.description(story), attribute="name"),
            _meta("keywords", keywords, attribute="name"),
            f'<link rel="canonical" href="{url(story)}">',
            f'<link rel="alternate" hreflang="it" href="{url(story)}">',
            '<link rel="alternate" type="application/rss+xml" href="/export/rss2/archive/index.xml">',
            chrome.style(),
            _meta("og:type", "article"),
            _meta("og:title", story.headline),
            _meta("og:description", microdata.description(story)),
            _meta("og:url", url(story)),
            _meta("og:site_name", "Sputnik Italia"),
            _meta("og:image", pictures.address(story.picture)) if story.picture else "",
            _meta("article:published_time", stamps[0]),
            _meta("article:modified_time", stamps[1]),
            _meta("article:section", section(story)[1]),
            *(_meta("article:tag", tag) for tag in story.keywords),
            *(_meta("article:author", name) for name in story.authors),
            _meta("analytics:keyw", keywords, attribute="name"),
            _meta("analytics:tags", keywords, attribute="name"),
            _meta("analytics:author", ", ".join(story.authors), attribute="name"),
            _meta("analytics:rubric", section(story)[0], attribute="name"),
            _meta("analytics:article_id", str(story.number), attribute="name"),
        ]
    )


def _info(story: Story) -> str:
    published, modified = story.published, story.modified
    updated = (
        f'<span class="article__info-date-modified">(aggiornato: {modified:%H:%M %d.%m.%Y})</span>'
        if modified != published
        else ""
    )
    return (
        f'<div class="article__info"><div class="article__info-date"><a href="/{published:%Y%m%d}/" '
        f'title="Archivio delle notizie" data-unixtime="{published.timestamp():.0f}">{published:%H:%M %d.%m.%Y}</a>'
        f' {updated}</div><div class="article__views"></div></div>'
    )


def _header(story: Story, year: int) -> str:
    lead = story.picture
    announced = blocks.media(lead, year, lazy=False, titled=story.trim["caption"]) if lead else ""
    supertag = (
        '<div class="article__supertag-header"><div class="article__supertag-header-title">Speciale borghi</div>'
        '<div class="article__supertag-header-announce">Tutte le storie dei piccoli paesi</div></div>'
        if story.trim["supertag"]
        else ""
    )
    second = f'<h2 class="article__second-title">{text(story.second_title)}</h2>' if story.second_title else ""
    authors = "".join(f'<div class="article__author-name">{text(name)}</div>' for name in story.authors)
    return (
        f'{supertag}<div class="article__header">{_info(story)}'
        f'<h1 class="article__title">{text(story.headline)}</h1>{second}'
        f'<div class="article__announce">{announced}</div>'
        '<div class="article__google-news"><span class="article__google-news-title">Seguici su</span>'
        '<a class="article__google-news-link" href="https://news.google.com/publications/x" title="Google News"></a>'
        f'</div><div class="article__announce-text">{text(story.lede)}</div>'
        + (f'<div class="article__author">{authors}</div>' if authors else "")
        + "</div>"
    )


def _tags(story: Story) -> str:
    tags = "".join(
        f'<li class="tag"><a class="tag__text" href="/keyword_{at}/" title="{escape(tag)}">{text(tag)}</a></li>'
        for at, tag in enumerate(story.keywords)
    )
    return f'<div class="article__footer"><ul class="tags">{tags}</ul></div>' if tags else ""


def body(story: Story, year: int, cards: dict[int, Card]) -> str:
    """The blocks in order. In some stories the last paragraph is in an inset box."""
    last = max(at for at, piece in enumerate(story.pieces) if piece.kind is Kind.PARAGRAPH)
    boxed = last if story.trim["vrez"] else -1
    return "\n".join(
        blocks.body_block(piece, year, cards, vrez=at == boxed, at=at) for at, piece in enumerate(story.pieces)
    )


def page(story: Story, year: int, cards: dict[int, Card], latest: list[tuple[str, str, str]]) -> str:
    """The whole page. `year` is that of rendering; `latest` fills the sidebar."""
    links = {index: card[0] for index, card in cards.items()}
    return f"""<!DOCTYPE html>
<html lang="it" prefix="og: http://ogp.me/ns#">
<head>
{_head(story)}
</head>
<body class="m-article">
<div class="schema_org" itemscope="" itemtype="https://schema.org/WebSite"><a itemprop="url" \
href="https://it.sputniknews.com/"></a><meta itemprop="name" content="Sputnik Italia"></div>
{chrome.header()}
<div class="layout"><div class="endless"><div class="endless__item" data-published="{story.published:%Y-%m-%d}">
<div class="article" data-article-id="{story.number}" data-title="{escape(story.headline)}">
{microdata.block(story, links)}
{_header(story, year)}
<div class="article__body js-mediator-article mia-analytics">
{body(story, year, cards)}
</div>
{_tags(story)}
{chrome.userbar()}
</div></div></div>
{chrome.sidebar(latest)}
</div>
{chrome.footer()}
<script>window.GLOBAL = {{"article": {{"id": {story.number}}}}};</script>
</body></html>
"""
