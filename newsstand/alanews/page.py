"""A post's page in its two templates, before and after the middle of 2025.

Before: picture and caption, then h1, no breadcrumb. After: breadcrumb, h1, subtitle, meta, picture.
"""

from datetime import date, datetime

from newsstand.alanews import chrome
from newsstand.alanews.content import Card, content
from newsstand.alanews.head import TITLE, head
from newsstand.alanews.text import attribute, credit, picture_url, text
from newsstand.alanews.urls import ROOT, author_url, category_name, category_url, tag_url, url
from newsstand.italian import long_date
from newsstand.story import Story

REDESIGN = date(2025, 7, 1)


def _featured(story: Story) -> str:
    if story.picture is None:
        return ""
    picture, address = story.picture, picture_url(story.picture)
    return (
        f'<div class="jeg_featured featured_image"><a href="{address}"><div class="thumbnail-container animate-lazy" '
        'style="padding-bottom:50%"><img width="750" height="375" '
        f'src="{ROOT}/wp-content/themes/jnews/assets/img/jeg-empty.png" class="attachment-jnews-750x375 lazyload '
        f'wp-post-image" alt="{attribute(picture.caption)}" data-src="{address}" data-srcset="{address} 1200w, '
        f'{picture_url(picture, "360x180")} 360w" data-sizes="auto" /></div></a>'
        f'<p class="wp-caption-text">{text(picture.caption)} | {text(credit(picture))}</p></div>'
    )


def _breadcrumb(story: Story) -> str:
    steps = "".join(
        '<i class="fa fa-angle-right"></i><span class="">'
        f'<a href="{category_url(name)}">{category_name(name)}</a></span>'
        for name in story.sections
    )
    return (
        '<div class="jeg_breadcrumbs jeg_breadcrumb_container"><div id="breadcrumbs"><span class=""><a '
        f'href="{ROOT}">Home</a></span>{steps}</div></div>'
    )


def _meta(story: Story) -> str:
    authors = ", ".join(f'<a href="{author_url(name)}">{text(name)}</a>' for name in story.authors)
    coauthors = " coauthor" if len(story.authors) > 1 else ""
    categories = ", ".join(
        f'<a href="{category_url(name)}" rel="category tag">{category_name(name)}</a>' for name in story.sections
    )
    return (
        '<div class="jeg_meta_container"><div class="jeg_post_meta jeg_post_meta_1"><div class="meta_left">'
        f'<div class="jeg_meta_author{coauthors}"><span class="meta_text">by</span> {authors}</div>'
        f'<div class="jeg_meta_date"><a href="{url(story)}">{long_date(story.published)}</a></div>'
        f'<div class="jeg_meta_category"><span><span class="meta_text">in</span> {categories}</span></div></div>'
        '<div class="meta_right"></div></div></div>'
    )


def _entry_header(story: Story) -> str:
    titles = (
        f'<h1 class="jeg_post_title">{text(story.headline)}</h1>'
        f'<h2 class="jeg_post_subtitle">{text(story.lede)}</h2>{_meta(story)}'
    )
    if story.published.date() < REDESIGN:
        return f'{_featured(story)}<div class="entry-header">{titles}</div>'
    return f'{_breadcrumb(story)}<div class="entry-header">{titles}</div>{_featured(story)}'


def _tags(story: Story) -> str:
    tags = "".join(f'<a href="{tag_url(tag)}" rel="tag">{text(tag)}</a>' for tag in story.keywords)
    return f'<div class="jeg_post_tags"><span>Tags:</span> {tags}</div>' if tags else ""


def _author_box(story: Story) -> str:
    name = story.authors[0]
    return (
        '<div class="jnews_author_box_container"><div class="jeg_authorbox"><div class="jeg_author_content">'
        f'<h3 class="jeg_author_name"><a href="{author_url(name)}">{text(name)}</a></h3><p class="jeg_author_desc">'
        f"{text(name)} scrive per {TITLE} di paesi, feste e stagioni.</p></div></div></div>"
    )


def post_wrap(story: Story, cards: dict[int, Card], related: list[tuple[Card, str]], latest: list[Card]) -> str:
    """One post with its surrounding elements; the autoload plug-in may append a second one."""
    posts = "\n".join(chrome.post_card(card, section) for card, section in related)
    return f"""<div class="post-wrap post-autoload" data-url="{url(story)}" data-title="{attribute(story.headline)}" \
data-id="{story.number}" data-prev="">
<div class="jeg_main"><div class="jeg_container"><div class="jeg_content jeg_singlepage"><div class="container">
<div class="jeg_ad jeg_article_top jnews_article_top_ads"></div>
<div class="row"><div class="jeg_main_content col-md-8"><div class="jeg_inner_content">
{_entry_header(story)}
<div class="jeg_share_top_container"><div class="jeg_share_button"><span>Share on Facebook</span>\
<span>Share on Twitter</span></div></div>
<div class="jeg_ad jeg_article jnews_content_top_ads"></div>
<div class="entry-content with-share"><div class="jeg_share_button share-float"><span>Share on Facebook</span></div>
<div class="content-inner">
{content(story, cards)}
{_tags(story)}
</div></div>
<div class="jeg_share_bottom_container"></div><div class="jeg_push_notification single_post"></div>
<div class="jnews_prev_next_container"></div>
{_author_box(story)}
<div class="jnews_related_post_container"><div class="jeg_block_heading"><h3 class="jeg_block_title"><span>Related \
<strong>Posts</strong></span></h3></div>{posts}</div>
<div class="jnews_popup_post_container"></div><div class="jnews_comment_container"></div>
</div></div>
{chrome.sidebar(latest)}
</div></div></div></div></div></div>
"""


def page(story: Story, now: datetime, wraps: str) -> str:
    """The whole page around its posts; `now` is the moment of rendering."""
    template = 1 if story.published.date() >= REDESIGN else 2
    classes = (
        f"post-template-default single single-post postid-{story.number} single-format-standard "
        f"jeg_single_tpl_{template} jnews jsc_normal"
    )
    return f"""<!doctype html>
<!--[if gt IE 8]><!--> <html class="no-js" lang="it-IT"> <!--<![endif]-->
<head>
{head(story)}
</head>
<body class="{classes}">
<div class="jeg_ad jeg_ad_top jnews_header_top_ads"></div>
<div class="jeg_viewport">
{chrome.header(now.date())}
<div class="post-wrapper">
{wraps}
<div class="post-ajax-overlay"></div></div>
{chrome.footer()}
</div>
</body></html>
"""


def splitter(story: Story) -> str:
    """The separator of the autoload plug-in before an appended post."""
    return (
        f'<div class="jnews-autoload-splitter" data-url="{url(story)}" data-title="{attribute(story.headline)}"></div>'
    )


def amp(story: Story) -> str:
    """The AMP variant: headline, text, and a canonical link."""
    return (
        f'<!doctype html><html amp lang="it-IT"><head><meta charset="utf-8"><title>{text(story.headline)}</title>'
        f'<link rel="canonical" href="{url(story)}"></head><body><h1 class="amp-wp-title">{text(story.headline)}</h1>'
        f'<div class="amp-wp-article-content">{content(story, {})}</div>'
        "<p>Se non sei abbonato e vuoi acquistare questo video clicca qui</p></body></html>\n"
    )


def listing(title: str, cards: list[tuple[Card, str]], page_number: int, pages: int, base: str, today: date) -> str:
    """A page of a category."""
    posts = "\n".join(chrome.post_card(card, section) for card, section in cards)
    following = f'<a class="page_nav next" href="{base}page/{page_number + 1}/">Next</a>' if page_number < pages else ""
    return (
        f'<!doctype html><html lang="it-IT"><head><meta charset="UTF-8" /><title>{title} Archivi - {TITLE}</title>'
        f'</head><body class="archive category jnews"><div class="jeg_viewport">{chrome.header(today)}'
        f'<div class="jeg_main"><h1 class="jeg_cat_title">{title}</h1><div class="jeg_posts">{posts}</div>'
        f'<div class="jeg_navigation jeg_pagination"><span class="page_info">Page {page_number} of {pages}</span>'
        f"{following}</div></div>{chrome.footer()}</div></body></html>\n"
    )
