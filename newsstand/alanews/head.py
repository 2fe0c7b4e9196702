"""A post's head: Yoast's tags and graph, and JNews's own tags with another offset."""

import json
from datetime import UTC, datetime
from html import escape
from typing import Any

from newsstand.alanews.text import picture_url
from newsstand.alanews.urls import ROOT, author_url, category_name, category_url, tag_url, url
from newsstand.assets.respond import THEME
from newsstand.italian import slug
from newsstand.story import Kind, Story

TITLE = "Alanews"


def description(story: Story) -> str:
    """Yoast's description: the start of the subtitle, cut at a word."""
    return story.lede if len(story.lede) <= 155 else story.lede[: story.lede.rindex(" ", 0, 152)] + "..."


def gmt(moment: datetime) -> str:
    """How Yoast prints an instant: in UTC."""
    return moment.astimezone(UTC).isoformat()


def words(story: Story) -> int:
    return sum(len(piece.text.split()) for piece in story.pieces if piece.kind is not Kind.RELATED)


def graph(story: Story) -> dict[str, Any]:
    """Yoast's @graph."""
    page = url(story)
    sections = [category_name(name) for name in story.sections]
    article: dict[str, Any] = {
        "@type": "NewsArticle",
        "@id": f"{page}#article",
        "isPartOf": {"@id": page},
        "author": {"name": story.authors[0], "@id": f"{ROOT}/#/schema/person/{slug(story.authors[0])}"},
        "headline": story.headline,
        "datePublished": gmt(story.published),
        "dateModified": gmt(story.modified),
        "mainEntityOfPage": {"@id": page},
        "wordCount": words(story),
        "publisher": {"@id": f"{ROOT}/#organization"},
        "articleSection": sections,
        "inLanguage": "it-IT",
    }
    if story.keywords:
        article["keywords"] = list(story.keywords)
    web: dict[str, Any] = {
        "@type": "WebPage",
        "@id": page,
        "url": page,
        "name": f"{story.headline} - {TITLE}",
        "isPartOf": {"@id": f"{ROOT}/#website"},
        "datePublished": gmt(story.published),
        "dateModified": gmt(story.modified),
        "description": description(story),
        "breadcrumb": {"@id": f"{page}#breadcrumb"},
        "inLanguage": "it-IT",
    }
    nodes = [article, web]
    if story.picture:
        picture = picture_url(story.picture)
        article["image"] = web["primaryImageOfPage"] = {"@id": f"{page}#primaryimage"}
        article["thumbnailUrl"] = picture
        nodes.append(
            {
                "@type": "ImageObject",
                "inLanguage": "it-IT",
                "@id": f"{page}#primaryimage",
                "url": picture,
                "contentUrl": picture,
                "width": 1200,
                "height": 800,
                "caption": story.picture.caption,
            }
        )
    nodes += [
        _breadcrumb(story, page),
        {"@type": "WebSite", "@id": f"{ROOT}/#website", "url": f"{ROOT}/", "name": TITLE, "inLanguage": "it-IT"},
        {"@type": "Organization", "@id": f"{ROOT}/#organization", "name": TITLE, "url": f"{ROOT}/"},
        *(
            {
                "@type": "Person",
                "@id": f"{ROOT}/#/schema/person/{slug(name)}",
                "name": name,
                "url": author_url(name),
            }
            for name in story.authors
        ),
    ]
    return {"@context": "https://schema.org", "@graph": nodes}


def _breadcrumb(story: Story, page: str) -> dict[str, Any]:
    steps = [("Home", f"{ROOT}/")] + [(category_name(name), category_url(name)) for name in story.sections]
    rows: list[dict[str, Any]] = [
        {"@type": "ListItem", "position": at, "name": name, "item": link} for at, (name, link) in enumerate(steps, 1)
    ]
    rows.append({"@type": "ListItem", "position": len(rows) + 1, "name": story.headline})
    return {"@type": "BreadcrumbList", "@id": f"{page}#breadcrumb", "itemListElement": rows}


def _meta(name: str, value: str, attribute: str = "property") -> str:
    return f'<meta {attribute}="{name}" content="{escape(value)}" />'


def _yoast(story: Story) -> list[str]:
    modified = [_meta("article:modified_time", gmt(story.modified))] if story.modified != story.published else []
    return [
        "<!-- This site is optimized with the Yoast SEO plugin v22.9 - https://yoast.com/wordpress/plugins/seo/ -->",
        f"<title>{escape(story.headline, quote=False)} - {TITLE}</title>",
        _meta("description", description(story), "name"),
        f'<link rel="canonical" href="{url(story)}" />',
        _meta("og:locale", "it_IT"),
        _meta("og:type", "article"),
        _meta("og:title", story.headline),
        _meta("og:description", description(story)),
        _meta("og:url", url(story)),
        _meta("og:site_name", TITLE),
        _meta("article:published_time", gmt(story.published)),
        *modified,
        *([_meta("og:image", picture_url(story.picture))] if story.picture else []),
        _meta("author", story.authors[0], "name"),
        _meta("twitter:card", "summary_large_image", "name"),
        _meta("twitter:label1", "Scritto da", "name"),
        _meta("twitter:data1", story.authors[0], "name"),
        '<script type="application/ld+json" class="yoast-schema-graph">'
        + json.dumps(graph(story), ensure_ascii=False).replace("</", "<\\/")
        + "</script>",
        "<!-- / Yoast SEO plugin. -->",
    ]


def _jnews(story: Story) -> list[str]:
    return [
        _meta("og:type", "article"),
        _meta("og:title", story.headline),
        _meta("og:site_name", TITLE),
        _meta("og:description", story.pieces[0].text[:140]),
        _meta("og:url", url(story)),
        _meta("article:published_time", story.published.isoformat()),
        _meta("article:modified_time", story.modified.isoformat()),
        _meta("article:section", category_name(story.sections[0])),
        *(_meta("article:tag", tag) for tag in story.keywords),
        "<script type=\"text/javascript\">var jnews_ajax_url = '/?ajax-request=jnews'</script>",
    ]


def head(story: Story) -> str:
    """The head's inside."""
    return "\n".join(
        [
            '<meta charset="UTF-8" />',
            '<meta name="viewport" content="width=device-width, initial-scale=1" />',
            *_yoast(story),
            *_jnews(story),
            f'<link rel="stylesheet" href="{ROOT}{THEME}/style.css?ver=6.5" media="all" />',
            '<link rel="icon" href="/favicon.png" sizes="32x32" />',
            f'<link rel="alternate" type="application/rss+xml" title="{TITLE} &raquo; Feed" href="{ROOT}/feed/" />',
            f'<link rel="https://api.w.org/" href="{ROOT}/wp-json/" />',
            f'<link rel="alternate" type="application/json" href="{ROOT}/wp-json/wp/v2/posts/{story.number}" />',
            f'<link rel="shortlink" href="{ROOT}/?p={story.number}" />',
            *(f'<link rel="tag" href="{tag_url(tag)}" />' for tag in story.keywords[:1]),
        ]
    )
