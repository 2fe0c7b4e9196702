"""robots.txt, sitemaps, RSS and day archives of the Sputnik platform."""

import calendar
from collections.abc import Iterable, Sequence
from datetime import date
from email.utils import format_datetime
from html import escape

from newsstand.sputnik import pictures
from newsstand.sputnik.chrome import footer, header
from newsstand.sputnik.text import text
from newsstand.sputnik.urls import ROOT, url
from newsstand.story import Story

ROBOTS = f"""User-agent: *
Disallow: /search/
Disallow: /services/
Disallow: /cms/
Disallow: *-print.html$
Allow: /
Clean-param: utm_source&utm_medium&utm_campaign&utm_content

Sitemap: {ROOT}/sitemap_article_index.xml
Sitemap: {ROOT}/sitemap_list_index.xml
Sitemap: {ROOT}/sitemap_archive.xml
"""
_NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_DECLARATION = '\n<?xml version="1.0" encoding="utf-8"?>\n'


def index(locations: Iterable[str]) -> str:
    """A sitemap index. It starts with an empty line, like the site's."""
    rows = "".join(f"<sitemap><loc>{escape(location)}</loc></sitemap>\n" for location in locations)
    return f"{_DECLARATION}<sitemapindex {_NAMESPACE}>\n{rows}</sitemapindex>\n"


def month_sitemaps(first: date, last: date) -> Iterable[str]:
    """The monthly article sitemaps, newest first."""
    year, month = last.year, last.month
    while (year, month) >= (first.year, first.month):
        days = calendar.monthrange(year, month)[1]
        yield f"{ROOT}/sitemap_article.xml?date_start={year}{month:02}01&date_end={year}{month:02}{days}"
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)


def article_sitemap(stories: Iterable[tuple[str, object]]) -> str:
    """A sitemap of (URL, last change)."""
    rows = "".join(
        f"<url><loc>{escape(location)}</loc><lastmod>{modified:%Y-%m-%dT%H:%M%z}</lastmod></url>\n"
        for location, modified in stories
    )
    return f"{_DECLARATION}<urlset {_NAMESPACE}>\n{rows}</urlset>\n"


def plain_sitemap(locations: Iterable[str]) -> str:
    """A sitemap of list pages, without dates."""
    rows = "".join(f"<url><loc>{escape(location)}</loc></url>\n" for location in locations)
    return f"{_DECLARATION}<urlset {_NAMESPACE}>\n{rows}</urlset>\n"


def _item(story: Story) -> str:
    tracked = f"{url(story)}?utm_source=rss&utm_medium=feed&utm_campaign=rss"
    enclosure = (
        f'<enclosure url="{pictures.address(story.picture)}" type="image/jpeg" length="0"/>' if story.picture else ""
    )
    return (
        f"<item><title>{text(story.headline)}</title><link>{escape(tracked)}</link><guid>{url(story)}</guid>"
        f"<rian:priority>3</rian:priority><pubDate>{format_datetime(story.published)}</pubDate>"
        f"<rian:type>article</rian:type><category>Notiziario</category>{enclosure}</item>\n"
    )


def rss(stories: Sequence[Story]) -> str:
    """The newest articles, newest first, with tracking links."""
    items = "".join(_item(story) for story in stories)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" xmlns:rian="http://rian.ru/ns/">\n<channel>'
        f"<title>Sputnik Italia</title><link>{ROOT}/</link><language>it</language>\n{items}</channel>\n</rss>\n"
    )


def day_archive(day: date, shown: Sequence[tuple[Story, str]], rest: int) -> str:
    """The archive page of a day: its first items, and a link to the others, which robots.txt disallows."""
    items = "".join(
        f'<div class="list__item" data-article="{story.number}"><div class="list__content">'
        f'<a class="list__title" href="{link}">{text(story.headline)}</a></div><div class="list__info">'
        f'<div class="list__date" data-unixtime="{story.published.timestamp():.0f}">'
        f"{story.published:%H:%M %d.%m.%Y}</div>"
        "</div></div>\n"
        for story, link in shown
    )
    last = shown[-1][0] if shown else None
    more = (
        f'<div class="list-more color-btn-second-hover" data-url="/services/{day:%Y%m%d}/more.html?id={last.number}'
        f'&amp;date={last.published:%Y%m%dT%H%M%S}"><a href="/services/{day:%Y%m%d}/more.html?id={last.number}'
        f'&amp;date={last.published:%Y%m%dT%H%M%S}">Altri {rest} articoli</a></div>'
        if rest and last
        else ""
    )
    title = f"Notizie del {day:%d.%m.%Y}"
    return (
        f'<!DOCTYPE html><html lang="it"><head><meta charset="utf-8"><title>{title} - Sputnik Italia</title></head>'
        f'<body>{header()}<div class="layout"><h1 class="title">{title}</h1><div class="list list-tag">{items}</div>'
        f"{more}</div>{footer()}</body></html>\n"
    )
