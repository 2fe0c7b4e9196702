"""A g1 page (2015 to spring 2021). Its `...Z` times are wrong: they are the site's local time."""

from datetime import datetime
from html import escape

from newsstand.sputnik import chrome, pictures
from newsstand.sputnik.text import inline, text
from newsstand.sputnik.urls import ROOT, g1_path, section, url
from newsstand.story import Kind, Piece, Story


def _false_zulu(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}Z"


def _head(story: Story) -> str:
    author = f"{', '.join(story.authors)}. Sputnik Italia" if story.authors else "Sputnik Italia"
    epoch = f"{story.published.timestamp():.0f}"
    lede, title = escape(story.lede), escape(story.headline)
    snippet = f"{ROOT}/sharing_snippet/{story.number}.png?{epoch}"
    return f"""<meta charset="utf-8"><title>{title} - Sputnik Italia</title>
<meta name="description" content="{lede}"><meta name="robots" content="all">
<meta name="keywords" content="{escape(", ".join(story.keywords))}">
<meta name="analytics:site_domain" content="it.sputniknews.com">\
<meta name="analytics:article_id" content="{story.number}"><meta name="analytics:p_ts" content="{epoch}">\
<meta name="analytics:author" content="{escape(author)}"><meta name="analytics:rubric" content="{section(story)[0]}">
<meta name="author" content="{escape(author)}">
{chrome.style()}<link rel="alternate" href="{url(story)}" hreflang="it">\
<link rel="amphtml" href="{ROOT}/amp{g1_path(story)}"><link rel="canonical" href="{url(story)}">
<meta property="og:title" content="{title}"><meta property="og:url" content="{url(story)}">\
<meta property="og:type" content="website"><meta property="og:description" content="{lede}">\
<meta property="og:image" content="{snippet}"><meta name="twitter:title" content="{title}">
<link rel="alternate" href="/export/rss2/archive/index.xml" title="RSS" type="application/rss+xml">
<meta content="{_false_zulu(story.modified)}" http-equiv="last-modified">\
<meta content="{_false_zulu(story.modified)}" itemprop="dateModified" name="lastmod">\
<meta content="{_false_zulu(story.published)}" itemprop="datePublished" name="pubdate">\
<meta content="{_false_zulu(story.published)}" itemprop="dateCreated"><meta name="url_type" content="usual">"""


def _piece(piece: Piece, cards: dict[int, tuple[str, str]]) -> str:
    match piece.kind:
        case Kind.PARAGRAPH:
            return f"<p>{inline(piece.spans)}</p>"
        case Kind.QUOTE:
            return f'<blockquote class="marker-quote1">{text(piece.text)}</blockquote>'
        case Kind.HEADING:
            return f"<h3>{text(piece.text)}</h3>"
        case Kind.LIST:
            tag = ("ul", "ol")[piece.level % 2]
            return f"<{tag}>" + "".join(f"<li>{text(item)}</li>" for item in piece.items) + f"</{tag}>"
        case Kind.TABLE:
            rows = ("".join(f"<td>{text(cell)}</td>" for cell in row) for row in piece.rows)
            return "<table><tbody>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</tbody></table>"
        case Kind.RELATED if piece.other in cards:
            href, title = cards[piece.other]
            return (
                '<div class="b-inject m-inject-min"><div class="b-inject__article"><span class="b-inject__label">'
                f'Leggi anche</span><a class="b-inject__article-title" href="{href}">{text(title)}</a></div></div>'
            )
    return ""


def _picture(story: Story, year: int) -> str:
    picture, title = (
        story.picture,
        f'<div class="b-article__header-title"><h1 itemprop="name">{text(story.headline)}</h1></div>',
    )
    if picture is None:
        return f'<div class="b-article__header">{title}</div>'
    caption = escape(picture.caption)
    return (
        f'<div class="b-article__header"><img src="{pictures.address(picture)}" width="1000" height="541" '
        f'alt="{caption}" title="{caption}" itemprop="associatedMedia">{title}<div class="b-article__header-copy">'
        f"<span><span>{text(pictures.printed_credit(picture, year))}</span></span></div></div>"
    )


def _refs(story: Story) -> str:
    path, name = section(story)
    authors = ", ".join(f'<a rel="author" href="/authors/x/">{text(author)}</a>' for author in story.authors)
    by = f'<div class="b-article__refs-author">di {authors}</div>' if authors else ""
    return (
        f'<div class="b-article__refs-text"><a class="b-article__refs-rubric" href="/{path}/" '
        f'itemprop="articleSection">{text(name)}</a><div class="b-article__refs-credits">'
        f'<time class="b-article__refs-date" itemprop="dateCreated" datetime="{story.published:%Y-%m-%dT%H:%M}">'
        f'{story.published:%H:%M %d.%m.%Y}</time><!--noindex--><span data-article="{story.number}" '
        f'id="getShortUrl" data-shorturl="" class="b-article__refs-getshorturl">URL abbreviato</span><!--/noindex-->'
        f'</div>{by}<div class="b-counters"><a href="#comments" class="b-counters-icon b-counters-icon_comments">'
        f'<i></i>0</a><span class="b-counters-icon b-counters-icon_like"><i></i>{story.number % 1000}</span>'
        '<span class="b-counters-icon b-counters-icon_dislike"><i></i>1</span></div></div>'
    )


def page(story: Story, year: int, cards: dict[int, tuple[str, str]], latest: list[tuple[str, str, str]]) -> str:
    """The whole page."""
    pieces = "\n".join(_piece(piece, cards) for piece in story.pieces)
    news = "".join(
        f'<li class="b-news__item"><span class="b-news__time">{when}</span><a href="{href}">{text(title)}</a></li>'
        for href, when, title in latest
    )
    disclaimer = (
        '<p class="b-disclaimer">\n I punti di vista e le opinioni espressi nell\'articolo non coincidono '
        "necessariamente con la posizione di Sputnik.\n</p>"
        if story.authors
        else ""
    )
    return f"""<html lang="it" class="responsive" itemscope="" itemtype="http://schema.org/Article"><head>
{_head(story)}
</head><body class="site_ita lang_ita">
<div class="cookie" id="cookieContainer"><p>Il nostro sito utilizza i cookie per migliorare le prestazioni.</p>
<button class="cookie__accept">Accetta &amp; Chiudi</button></div>
<div class="page_container m-relative">
<div class="b-sitenav"><ul class="b-sitenav__list"><li><a href="/">Sputnik Italia</a></li></ul>
<div class="b-sitenav__time">14:53 GMT +1</div></div>
<div class="b-mainnav"><ul><li><a href="/italia/">Italia</a></li><li><a href="/mondo/">Mondo</a></li></ul></div>
<div class="l-wrap"><div class="b-header"><a class="b-header__logo" href="/"></a>{_picture(story, year)}</div></div>
<div class="l-main m-oh"><div class="l-wrap m-clear"><div class="l-maincolumn m-static"><div class="b-article">
{_refs(story)}
<div class="article__google-news"><span class="google-news-title">Seguici su</span>\
<a class="article__google-link" href="https://news.google.com/publications/x" title="Google News"></a></div>
<div itemprop="description" class="b-article__lead"><p>{text(story.lede)}</p></div>
<div itemprop="articleBody" class="b-article__text">{pieces}{disclaimer}</div>
<div class="b-banner m-banner-33"></div>
<div class="social-likes-pane m-clear" id="share">\
<div class="facebook" data-title="{escape(story.headline)}"></div></div>
<div class="b-article__likes js-likes"><a class="b-article__likes-up">{story.number % 1000}</a></div>
<div id="taboola-below-article-thumbnails"></div>
<div class="b-article__refs"><div class="b-article__refs-list"></div></div>
<section class="comments"><a name="comments"></a>\
<div class="title"><a class="comment_rules">Regole</a>Discussione</div>
<div class="comments-list main" style="display: none;"><h3>Tutti i commenti</h3></div></section>
<input type="hidden" id="articleId" data-id="{story.number}" data-project="sputnik_ita"></div></div>
<div class="l-sidebar"><div class="b-block b-tabs b-news">\
<h6 class="b-block__title">Notizie</h6><ul>{news}</ul></div></div>
</div></div></div>
<footer class="l-footer">{chrome.pictures()}<p>© 2021 Sputnik. Tutti i diritti riservati.</p></footer>
<div class="modal-window window-comments-rules"><div class="rules scrollpane"><p>La registrazione comporta \
l'accettazione delle regole di condotta.</p></div></div>
<script>$.extend(Sputnik, {{ lang_code: 'ita', www: '{ROOT}/', comet: {{ project: "sputnik_ita" }} }});</script>
</body></html>
"""
