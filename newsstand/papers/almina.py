"""صحيفة الميناء (almina.example): Arabic, written from right to left, on a subdomain a section, with feeds and no sitemap.

A cookie banner and newsletter boxes stand around the text, cards of other articles inside it.
"""

from collections.abc import Iterator
from email.utils import format_datetime
from html import escape
from typing import Any
from urllib.parse import quote, unquote

from newsstand.message import Request, Response
from newsstand.papers.language import ARABIC
from newsstand.papers.paper import Paper, PaperStory

DOMAIN = "almina.example"
_FEED, _PAGE = 10, 12
_TITLE = "صحيفة الميناء"
_COOKIES = "نستخدم ملفات تعريف الارتباط لتحسين تجربتكم على موقعنا. بمواصلة التصفح فإنكم توافقون على ذلك."
_LETTER = "اشتركوا في نشرتنا البريدية لتصلكم أخبار الميناء كل صباح."


class Almina:
    """The site of one (seed, size)."""

    name = "almina"
    hosts: tuple[str, ...] = (f"www.{DOMAIN}", DOMAIN, *(f"{name}.{DOMAIN}" for name, _ in ARABIC.sections))

    def __init__(self, seed: int, size: int) -> None:
        self.paper = Paper(self.name, ARABIC, "Asia/Beirut", seed, size)

    def truth(self, clock: int, start: int, end: int | None) -> Iterator[dict[str, Any]]:
        """The ground truth of the existing articles, oldest first, a slice."""
        for index in self.paper.indexes(clock)[start:end]:
            story = self.paper.story(index, clock)
            yield self.paper.truth(story, url(story))

    def respond(self, request: Request, clock: int) -> Response:
        """The response at that step of the clock."""
        if request.host == DOMAIN:
            return Response.redirect(f"https://www.{DOMAIN}{request.target}")
        section = request.host.removesuffix(f".{DOMAIN}")
        if request.path == "/robots.txt":
            return Response.of_text("User-agent: *\nDisallow: /search\n", "text/plain; charset=utf-8")
        if section == "www":
            return self._home(clock) if request.path == "/" else _missing()
        stories = [story for story in self.paper.stories(clock) if story.section[0] == section]
        if request.path == "/feed.xml":
            return Response.of_text(_rss(stories[:_FEED], section), "application/rss+xml; charset=utf-8")
        if request.path == "/atom.xml":
            return Response.of_text(_atom(stories[:_FEED], section), "application/atom+xml; charset=utf-8")
        if request.path == "/":
            return self._section(section, stories, int(request.parameters.get("page", "1") or 1))
        number = unquote(request.path).rpartition("-")[2]
        index, rest = divmod(int(number) - 20_000, 7) if number.isdigit() else (-1, 0)
        if rest or not self.paper.lives(index, clock):
            return _missing()
        story = self.paper.story(index, clock)
        if url(story) != f"https://{request.host}{request.path}":
            return Response.redirect(url(story))
        return Response.of_text(_layout(story.headline, _article(story, stories), section, _head(story)))

    def _home(self, clock: int) -> Response:
        newest = [story for _, story in zip(range(9), self.paper.stories(clock), strict=False)]
        return Response.of_text(_layout(_TITLE, f"<h1>{_TITLE}</h1>{_cards(newest)}", ""))

    def _section(self, section: str, stories: list[PaperStory], page: int) -> Response:
        shown = stories[(page - 1) * _PAGE : page * _PAGE]
        older = f'<a class="more-next" href="/?page={page + 1}">المزيد</a>' if page * _PAGE < len(stories) else ""
        title = dict(ARABIC.sections)[section]
        return Response.of_text(_layout(title, f"<h1>{title}</h1>{_cards(shown)}{older}", section))


def url(story: PaperStory) -> str:
    """The address of an article, its headline percent-encoded."""
    words = story.headline.replace(" ", "-").replace("،", "")
    return f"https://{story.section[0]}.{DOMAIN}/{quote(words)}-{story.number}"


def _missing() -> Response:
    return Response.of_text(_layout("الصفحة غير موجودة", "<h1>الصفحة غير موجودة</h1>", ""), status=404)


def _cards(stories: list[PaperStory]) -> str:
    return "".join(
        f'<div class="card"><h3><a href="{url(story)}">{escape(story.headline)}</a></h3><p>{escape(story.lede)}</p></div>'
        for story in stories
    )


def _head(story: PaperStory) -> str:
    return (
        f'<link rel="canonical" href="{url(story)}"><meta property="og:title" content="{escape(story.headline)}">'
        f'<meta property="og:description" content="{escape(story.lede)}"><meta property="article:published_time" '
        f'content="{story.published.isoformat()}"><meta name="author" content="{story.author}">'
        f'<meta property="article:section" content="{story.section[1]}">'
        + "".join(f'<meta property="article:tag" content="{tag}">' for tag in story.tags)
    )


def _article(story: PaperStory, stories: list[PaperStory]) -> str:
    other = next((one for one in stories if one.index != story.index), None)
    card = f'<div class="read-also"><span>اقرأ أيضا</span>{_cards([other])}</div>' if other else ""
    pieces = [f"<h2>{escape(text)}</h2>" if text == story.subhead else f"<p>{escape(text)}</p>" for text in story.body]
    pieces.insert(2, card)
    pieces.insert(4, f'<div class="newsletter-box"><p>{_LETTER}</p><form><input type="email"></form></div>')
    return (
        f'<article><h1>{escape(story.headline)}</h1><p class="standfirst">{escape(story.lede)}</p>'
        f'<div class="meta"><span class="author">{story.author}</span> <time datetime="{story.published.isoformat()}">'
        f"{story.published.day} {ARABIC.months[story.published.month - 1]} {story.published.year}</time></div>"
        f'<div class="story">{"".join(pieces)}</div></article>'
    )


def _layout(title: str, content: str, section: str, head: str = "") -> str:
    menu = "".join(f'<a href="https://{name}.{DOMAIN}/">{text}</a> ' for name, text in ARABIC.sections)
    feeds = (
        f'<link rel="alternate" type="application/rss+xml" href="https://{section}.{DOMAIN}/feed.xml">'
        f'<link rel="alternate" type="application/atom+xml" href="https://{section}.{DOMAIN}/atom.xml">'
        if section
        else ""
    )
    return (
        f'<!DOCTYPE html><html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>{escape(title)} | {_TITLE}</title>'
        f'{feeds}{head}</head><body><div id="cookie-consent" class="cookie-banner"><p>{_COOKIES}</p><button>موافق</button>'
        f'</div><header><a href="https://www.{DOMAIN}/">{_TITLE}</a><nav>{menu}</nav></header><main>{content}</main>'
        f'<div class="newsletter"><p>{_LETTER}</p></div><footer><p>جميع الحقوق محفوظة لصحيفة الميناء</p></footer></body></html>\n'
    )


def _rss(stories: list[PaperStory], section: str) -> str:
    items = "".join(
        f"<item><title>{escape(story.headline)}</title><link>{url(story)}</link><guid>{url(story)}</guid>"
        f"<pubDate>{format_datetime(story.published)}</pubDate></item>"
        for story in stories
    )
    title = dict(ARABIC.sections)[section]
    return f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>{title}</title>{items}</channel></rss>\n'


def _atom(stories: list[PaperStory], section: str) -> str:
    entries = "".join(
        f'<entry><title>{escape(story.headline)}</title><link href="{url(story)}"/><id>{url(story)}</id>'
        f"<published>{story.published.isoformat()}</published></entry>"
        for story in stories
    )
    title = dict(ARABIC.sections)[section]
    return f'<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>{title}</title>{entries}</feed>\n'
