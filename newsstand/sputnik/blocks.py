"""The visible body of a g2 page: `.article__block[data-type]` in order."""

from html import escape

from newsstand.sputnik import pictures
from newsstand.sputnik.text import inline, text
from newsstand.story import Kind, Picture, Piece

PLACEHOLDER = "data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4="


def _block(kind: str, inner: str, *, extra: str = "") -> str:
    return f'<div class="article__block" data-type="{kind}"{extra}>{inner}</div>'


def media(picture: Picture, year: int, *, lazy: bool, titled: bool = True) -> str:
    """A photograph with its copyright line and caption; `year` is the year of rendering."""
    source = pictures.address(picture)
    shown = f'src="{PLACEHOLDER}" data-src="{source}"' if lazy else f'src="{source}"'
    caption = escape(picture.caption)
    title = f'<div class="media__title">{text(picture.caption)}</div>' if titled else ""
    return (
        '<div class="media" data-media-tipe="ar16x9"><div class="media__size">'
        f'<div class="photoview__open" data-photoview-group="{picture.number}" data-photoview-image-id='
        f'"{picture.number}" data-photoview-sharelink="" data-photoview-src="{pictures.address(picture, "full")}">'
        f'<img media-type="ar16x9" data-source-sid="sputnik" alt="{caption} - Sputnik Italia" title="{caption}" '
        f'{shown}></div></div><div class="media__copyright"><div class="media__copyright-item m-copyright">'
        f'<a href="/docs/copyright.html">{text(pictures.printed_credit(picture, year))}</a></div>'
        '<div class="media__copyright-item m-buy"><a href="http://visualrian.ru/">Vai alla fototeca</a></div>'
        f"</div>{title}</div>"
    )


def _quote(piece: Piece) -> str:
    said = text(piece.text)
    return _block(
        "quote",
        '<div class="article__quote"><div class="article__quote-bg"><svg><use xlink:href="#icon-quote"></use></svg>'
        f'</div><div class="article__quote-text{" m-small" if len(piece.text) > 120 else ""}">{said}</div>'
        f'<div class="article__quote-share"><div class="share" data-title="{escape(piece.text)}"></div></div></div>',
    )


def _list(piece: Piece) -> str:
    tag = ("ul", "ol")[piece.level % 2]
    items = "".join(f"<li>{text(item)}</li>" for item in piece.items)
    return _block("list", f'<{tag} class="article__list">{items}</{tag}>')


def _table(piece: Piece) -> str:
    head, *rows = piece.rows
    cells = "".join(f"<th>{text(cell)}</th>" for cell in head)
    body = "".join("<tr>" + "".join(f"<td>{text(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return _block("table", f'<table class="article__table"><tr>{cells}</tr>{body}</table>')


def _related(href: str, title: str) -> str:
    return _block(
        "article",
        f'<div class="article__article"><a class="article__article-link" href="{href}"></a>'
        f'<div class="article__article-title">{text(title)}</div>'
        '<div class="article__article-desc">Leggi anche su Sputnik Italia</div></div>',
        extra=' data-article="main-related"',
    )


def body_block(piece: Piece, year: int, cards: dict[int, tuple[str, str]], *, vrez: bool, at: int) -> str:
    """A piece as HTML. `cards` maps a related article's index to its URL and headline."""
    match piece.kind:
        case Kind.PARAGRAPH if vrez:
            return _block("vrez", f'<div class="article__vrez"><p>{inline(piece.spans)}</p></div>')
        case Kind.PARAGRAPH:
            return _block("text", f'<div class="article__text">{inline(piece.spans, entities=at % 4 == 3)}</div>')
        case Kind.HEADING:
            tag = f"h{piece.level}"
            return _block(tag, f'<{tag} class="article__h2" id="b{at}">{text(piece.text)}</{tag}>')
        case Kind.QUOTE:
            return _quote(piece)
        case Kind.LIST:
            return _list(piece)
        case Kind.TABLE:
            return _table(piece)
        case Kind.PICTURE if piece.picture:
            return _block("media", media(piece.picture, year, lazy=True))
        case Kind.EMBED:
            frame = f'<iframe src="{piece.url}" width="560" height="315" allowfullscreen></iframe>'
            return _block("embed", f'<div class="media"><div class="media__embed">{frame}</div></div>')
        case Kind.RELATED if piece.other in cards:
            return _related(*cards[piece.other])
        case Kind.BANNER:
            return _block("banner", '<div class="banner m-article-body">Pubblicità</div>', extra=' data-position="1"')
    return ""
