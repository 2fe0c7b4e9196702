"""The hidden block `.article__meta` of a g2 page: every value is the text of a div."""

from datetime import datetime
from html import escape

from newsstand.sputnik import pictures
from newsstand.sputnik.urls import url
from newsstand.story import Kind, Story

_OG = ("/html/head/meta[@name='og:title']/@content", "/html/head/meta[@name='og:description']/@content")


def compact(moment: datetime) -> str:
    """`2022-02-14T14:21+0100`."""
    return f"{moment:%Y-%m-%dT%H:%M%z}"


def description(story: Story) -> str:
    """The lede cut at a word boundary to at most 160 characters, with the date and the brand."""
    lede = story.lede
    if len(lede) > 160:
        lede = lede[: lede.rindex(" ", 0, 158)] + "..."
    return f"{lede} {story.published:%d.%m.%Y}, Sputnik Italia"


def article_body(story: Story) -> str:
    """Paragraphs and subheadings joined without a separator, without quotes."""
    return "".join(piece.text for piece in story.pieces if piece.kind in (Kind.PARAGRAPH, Kind.HEADING))


def _div(name: str, value: str) -> str:
    return f'<div itemprop="{name}">{escape(value, quote=False)}</div>'


def _organisation(role: str) -> str:
    return (
        f'<div itemprop="{role}" itemscope="" itemtype="https://schema.org/Organization">'
        + _div("name", "Sputnik Italia")
        + _div("email", "feedback.it@sputniknews.com")
        + _div("telephone", "+74956456601")
        + _div("legalName", "MIA „Rosiya Segodnya“")
        + '<div itemprop="logo" itemscope="" itemtype="https://schema.org/ImageObject">'
        + '<a itemprop="url" href="https://cdnnit1.img.sputniknews.com/i/logo/logo.png"></a>'
        + _div("width", "252")
        + _div("height", "60")
        + "</div></div>"
    )


def _image(story: Story, crop: str, role: str = "associatedMedia") -> str:
    if story.picture is None:
        return ""
    return (
        f'<div itemprop="{role}" itemscope="" itemtype="https://schema.org/ImageObject">'
        + _div("url", pictures.address(story.picture, crop))
        + _div("width", "1920")
        + _div("height", str(pictures.CROPS[crop][1]))
        + _div("representativeOfPage", "true")
        + "</div>"
    )


def _places(story: Story) -> str:
    return "".join(
        f'<div itemprop="contentLocation" itemscope="" itemtype="https://schema.org/Place">{_div("name", tag)}</div>'
        for tag in story.keywords
        if tag in (story.place.lower(), "italia")
    )


def _creators(story: Story) -> str:
    return "".join(
        f'<div itemprop="creator" itemscope="" itemtype="https://schema.org/Person">{_div("name", name)}</div>'
        for name in story.authors
    )


def block(story: Story, links: dict[int, str]) -> str:
    """The whole block. `links` are the URLs of the related articles shown in the body."""
    first = story.picture
    parts = [
        '<div class="article__meta" itemscope="" itemtype="https://schema.org/Article">',
        _div("mainEntityOfPage", url(story)),
        _div("headline", story.headline),
        _div("name", story.headline),
        _div("alternateName", story.second_title) if story.second_title else "",
        _div("description", description(story)),
        _div("dateCreated", compact(story.published)),
        _div("datePublished", compact(story.published)),
        _div("dateModified", compact(story.modified)),
        *(_div("articleSection", tag) for tag in story.keywords[:10]),
        '<div itemprop="speakable" itemscope="" itemtype="https://schema.org/SpeakableSpecification">',
        *(_div("xpath", xpath) for xpath in _OG),
        "</div>",
        _div("image", pictures.address(first)) if first else "",
        _div("articleBody", article_body(story)),
        *(_div("citation", link) for link in links.values()),
        _places(story),
        _organisation("sourceOrganization"),
        _div("copyrightYear", f"{story.published:%Y}"),
        _organisation("copyrightHolder"),
        _div("genre", "Notiziario"),
        _div("inLanguage", "it_IT"),
        _organisation("publisher"),
        *(_image(story, crop) for crop in pictures.CROPS),
        _creators(story),
        _organisation("author"),
        _organisation("provider"),
        _div("keywords", ", ".join(story.keywords)) if story.keywords else "",
        "</div>",
    ]
    return "".join(parts)
