"""The content of `.content-inner`: the text of a post as WordPress and JNews print it."""

from newsstand.alanews.text import attribute, inline, picture_url, text
from newsstand.story import Kind, Piece, Story

Card = tuple[str, str, str]


def _quote(piece: Piece) -> str:
    cite = f"<cite>{text(piece.cite)}</cite>" if piece.cite else ""
    return f'<blockquote class="wp-block-quote"><p>{text(piece.text)}</p>{cite}</blockquote>'


def _table(piece: Piece) -> str:
    head, *rows = ("".join(f"<td>{text(cell)}</td>" for cell in row) for row in piece.rows)
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return f'<figure class="wp-block-table"><table><tbody><tr>{head}</tr>{body}</tbody></table></figure>'


def _figure(piece: Piece) -> str:
    assert piece.picture is not None
    caption = piece.picture.caption
    return (
        f'<figure class="wp-block-image size-large"><img decoding="async" width="1024" height="683" '
        f'src="{picture_url(piece.picture)}" alt="{attribute(caption)}" class="wp-image-{piece.picture.number}" />'
        f"<figcaption>{text(caption)}</figcaption></figure>"
    )


def _related(card: Card) -> str:
    link, title, day = card
    return (
        '<div class="jnews_inline_related_post_wrapper left"><div class="jnews_inline_related_post">'
        '<div class="jeg_postblock_21 jeg_postblock"><div class="jeg_block_heading"><h3 class="jeg_block_title">'
        '<span>Leggi anche</span></h3></div><div class="jeg_posts"><article class="jeg_post jeg_pl_sm">'
        f'<div class="jeg_postblock_content"><h3 class="jeg_post_title"><a href="{link}">{text(title)}</a></h3>'
        f'<div class="jeg_post_meta"><div class="jeg_meta_date"><a href="{link}">{day}</a></div></div></div>'
        "</article></div></div></div></div>"
    )


def piece(shown: Piece, cards: dict[int, Card]) -> str:
    """A piece as HTML. `cards` maps a related post's index to its URL, headline and day."""
    match shown.kind:
        case Kind.PARAGRAPH:
            return f"<p>{inline(shown.spans)}</p>"
        case Kind.HEADING:
            return f'<h{shown.level} class="wp-block-heading">{text(shown.text)}</h{shown.level}>'
        case Kind.QUOTE:
            return _quote(shown)
        case Kind.LIST:
            tag = ("ul", "ol")[shown.level % 2]
            return f"<{tag}>" + "".join(f"<li>{text(item)}</li>" for item in shown.items) + f"</{tag}>"
        case Kind.TABLE:
            return _table(shown)
        case Kind.PICTURE:
            return _figure(shown)
        case Kind.EMBED:
            return (
                '<figure class="wp-block-embed is-type-video is-provider-youtube"><div '
                f'class="wp-block-embed__wrapper"><iframe src="{shown.url}" width="500" height="281"></iframe>'
                "</div></figure>"
            )
        case Kind.RELATED if shown.other in cards:
            return _related(cards[shown.other])
        case Kind.BANNER:
            return '<div class="jeg_ad jeg_ad_article jnews_content_inline_ads">Pubblicità</div>'
    return ""


def content(story: Story, cards: dict[int, Card]) -> str:
    """The whole text."""
    return "\n".join(piece(shown, cards) for shown in story.pieces)
