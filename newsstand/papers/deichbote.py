"""Der Deichbote (www.deichbote.example): German, a publishing system with nodes, fields and blocks, sitemap index and
news sitemap, JSON-LD on its articles."""

import json
import re
from collections.abc import Iterator
from html import escape
from typing import Any

from newsstand.message import XML, Request, Response
from newsstand.papers.language import GERMAN
from newsstand.papers.paper import Paper, PaperStory

HOST = "www.deichbote.example"
ROOT = f"https://{HOST}"
_PAGE, _SITEMAP, _NEWS = 12, 200, 8
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_PAGES = {
    "/impressum": (
        "Impressum",
        "Der Deichbote erscheint in Neuhafen. Verantwortlich für den Inhalt ist die Redaktion.",
    ),
    "/kontakt": (
        "Kontakt",
        "Die Redaktion ist werktags von neun bis siebzehn Uhr unter der bekannten Nummer erreichbar.",
    ),
    "/abo": ("Abonnement", "Der Deichbote kommt auf Wunsch jeden Morgen ins Haus. Das Probeabo endet von selbst."),
}


class Deichbote:
    """The site of one (seed, size)."""

    name = "deichbote"
    hosts: tuple[str, ...] = (HOST, "deichbote.example")

    def __init__(self, seed: int, size: int) -> None:
        self.paper = Paper(self.name, GERMAN, "Europe/Berlin", seed, size)

    def truth(self, clock: int, start: int, end: int | None) -> Iterator[dict[str, Any]]:
        """The ground truth of the existing articles, oldest first, a slice."""
        for index in self.paper.indexes(clock)[start:end]:
            story = self.paper.story(index, clock)
            yield self.paper.truth(story, url(story))

    def respond(self, request: Request, clock: int) -> Response:
        """The response at that step of the clock."""
        if request.host != HOST:
            return Response.redirect(ROOT + request.target)
        path = request.path
        if path == "/robots.txt":
            text = f"User-agent: *\nDisallow: /admin/\nDisallow: /search/\nSitemap: {ROOT}/sitemap.xml\n"
            return Response.of_text(f"{text}Sitemap: {ROOT}/news-sitemap.xml\n", "text/plain; charset=utf-8")
        if path in ("/sitemap.xml", "/news-sitemap.xml"):
            return Response.of_text(self._sitemap(path, request.parameters, clock), XML)
        if found := re.fullmatch(r"/(?:node/|[\w-]+/[\w-]+-)(\d+)", path):
            return self._article(int(found[1]), path, clock)
        if path == "/" or path.strip("/") in dict(GERMAN.sections) or path.startswith("/thema/"):
            return self._list(path, int(request.parameters.get("page", "0") or 0), clock)
        if path in _PAGES:
            return Response.of_text(_layout(_PAGES[path][0], f"<h1>{_PAGES[path][0]}</h1><p>{_PAGES[path][1]}</p>"))
        return Response.of_text(_layout("Seite nicht gefunden", "<h1>Seite nicht gefunden</h1>"), status=404)

    def _article(self, number: int, path: str, clock: int) -> Response:
        index, rest = divmod(number - 20_000, 7)
        if rest or not self.paper.lives(index, clock):
            return Response.of_text(_layout("Seite nicht gefunden", "<h1>Seite nicht gefunden</h1>"), status=404)
        story = self.paper.story(index, clock)
        if ROOT + path != url(story):
            return Response.redirect(url(story))
        others = [
            self.paper.story(one, clock) for one in range(max(0, index - 4), index) if self.paper.lives(one, clock)
        ]
        return Response.of_text(_layout(story.headline, _article(story, others), _head(story)))

    def _list(self, path: str, page: int, clock: int) -> Response:
        wanted = path.strip("/")
        stories = [
            story
            for story in self.paper.stories(clock)
            if not wanted or story.section[0] == wanted or any(f"thema/{slug(tag)}" == wanted for tag in story.tags)
        ]
        shown = stories[page * _PAGE : (page + 1) * _PAGE]
        rows = "".join(f'<div class="views-row">{_teaser(story)}</div>' for story in shown)
        pager = ""
        if (page + 1) * _PAGE < len(stories):
            pager = f'<li class="pager__item pager__item--next"><a href="?page={page + 1}" rel="next">Nächste Seite ›</a></li>'
        heading = dict(GERMAN.sections).get(wanted, "Nachrichten vom Deich")
        body = f'<h1 class="page-title">{heading}</h1><div class="view-content">{rows}</div><nav class="pager">{pager}</nav>'
        return Response.of_text(_layout(heading, body))

    def _sitemap(self, path: str, parameters: dict[str, str], clock: int) -> str:
        indexes = self.paper.indexes(clock)
        if path == "/news-sitemap.xml":
            entries = "".join(
                f"<url><loc>{url(story)}</loc><news:news><news:publication_date>{story.published.isoformat()}"
                f"</news:publication_date><news:title>{escape(story.headline)}</news:title></news:news></url>"
                for story in (self.paper.story(index, clock) for index in indexes[-_NEWS:])
            )
            return _urlset(entries)
        if "page" not in parameters:
            count = -(-(len(indexes) + len(_PAGES)) // _SITEMAP)
            maps = "".join(f"<sitemap><loc>{ROOT}/sitemap.xml?page={n}</loc></sitemap>" for n in range(1, count + 1))
            return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{maps}</sitemapindex>'
        urls = [f"{ROOT}{page}" for page in ("", *_PAGES, *(f"/{name}" for name, _ in GERMAN.sections))]
        urls += [url(self.paper.story(index, clock)) for index in indexes]
        start = (int(parameters["page"] or 1) - 1) * _SITEMAP
        return _urlset("".join(f"<url><loc>{one}</loc></url>" for one in urls[start : start + _SITEMAP]))


def url(story: PaperStory) -> str:
    """The address of an article."""
    return f"{ROOT}/{story.section[0]}/{slug(story.headline)}-{story.number}"


def slug(text: str) -> str:
    """A headline as it stands in an address."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower().translate(_UMLAUTS)).strip("-")


def _urlset(entries: str) -> str:
    names = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    return f"<urlset {names}>{entries}</urlset>"


def _head(story: PaperStory) -> str:
    data = {
        "@context": "https://schema.org",
        "@graph": [
            {
                "@type": "NewsArticle",
                "headline": story.headline,
                "datePublished": story.published.isoformat(),
                "author": {"@type": "Person", "name": story.author},
                "publisher": {"@type": "Organization", "name": "Der Deichbote"},
                "articleSection": story.section[1],
                "keywords": ", ".join(story.tags),
            }
        ],
    }
    return (
        f'<link rel="canonical" href="{url(story)}"><meta name="description" content="{escape(story.lede)}">'
        f'<meta property="og:type" content="article"><meta property="og:title" content="{escape(story.headline)}">'
        f'<link rel="amphtml" href="{url(story)}?amp"><script type="application/ld+json">{json.dumps(data)}</script>'
    )


def _teaser(story: PaperStory) -> str:
    return (
        f'<article class="node node--type-article node--view-mode-teaser"><h2><a href="{url(story)}">{escape(story.headline)}'
        f'</a></h2><div class="field field--name-field-teaser">{escape(story.lede)}</div></article>'
    )


def _article(story: PaperStory, others: list[PaperStory]) -> str:
    body = "".join(
        f"<h3>{escape(text)}</h3>" if text == story.subhead else f"<p>{escape(text)}</p>" for text in story.body
    )
    related = "".join(_teaser(one) for one in others)
    tags = "".join(f'<a href="/thema/{slug(tag)}">{escape(tag)}</a> ' for tag in story.tags)
    return (
        f'<article role="article" class="node node--type-article node--view-mode-full"><h1 class="node__title">'
        f'{escape(story.headline)}</h1><div class="node__meta">Von <span class="field--name-field-author">{story.author}</span>'
        f' | <time datetime="{story.published.isoformat()}">{story.published:%d.%m.%Y, %H:%M} Uhr</time></div>'
        f'<div class="field field--name-field-teaser"><strong>{escape(story.lede)}</strong></div>'
        f'<div class="clearfix text-formatted field field--name-body">{body}</div>'
        f'<div class="field field--name-field-tags">Themen: {tags}</div></article>'
        f'<section class="block block-views-related"><h2>Mehr zum Thema</h2>{related}</section>'
    )


def _layout(title: str, content: str, head: str = "") -> str:
    menu = "".join(f'<li><a href="/{name}">{text}</a></li>' for name, text in GERMAN.sections)
    foot = "".join(f'<a href="{path}">{page[0]}</a> ' for path, page in _PAGES.items())
    return (
        f'<!DOCTYPE html><html lang="de"><head><meta charset="utf-8"><title>{escape(title)} | Der Deichbote</title>{head}'
        f'<meta property="og:site_name" content="Der Deichbote"></head><body class="path-node">'
        f'<header><a href="/">Der Deichbote</a><nav class="menu--main"><ul>{menu}</ul></nav></header><main>'
        f'<div class="region region-content">{content}</div><aside class="region region-sidebar"><h2>Newsletter</h2>'
        '<p>Jeden Morgen die Nachrichten vom Deich in Ihrem Postfach.</p><form action="/newsletter"><input name="mail">'
        f"</form></aside></main><footer>{foot}</footer></body></html>\n"
    )
