"""La Gazette du canal (gazette-du-canal.example): French, made by hand in the style of the 2000s.

ISO-8859-15 that only a meta tag names, tables, no sitemap and no feed; sections with a link to older pages; the day only
in words.
"""

import re
import unicodedata
from collections.abc import Iterator
from html import escape
from typing import Any

from newsstand.message import Request, Response
from newsstand.papers.language import FRENCH
from newsstand.papers.paper import Paper, PaperStory

HOST = "gazette-du-canal.example"
ROOT = f"http://{HOST}"
CHARSET = "iso-8859-15"
_PAGE = 10
_PAGES = {
    "contact.html": (
        "Nous écrire",
        "La gazette reçoit les lettres de ses lecteurs à la mairie de Port-Ravel, rue du Lavoir.",
    ),
    "apropos.html": (
        "Qui sommes-nous ?",
        "La gazette est faite par trois bénévoles, le soir, autour d'une table de cuisine.",
    ),
}


class Gazette:
    """The site of one (seed, size)."""

    name = "gazette"
    hosts: tuple[str, ...] = (HOST, f"www.{HOST}")

    def __init__(self, seed: int, size: int) -> None:
        self.paper = Paper(self.name, FRENCH, "Europe/Paris", seed, size, per_day=2)

    def truth(self, clock: int, start: int, end: int | None) -> Iterator[dict[str, Any]]:
        """The ground truth of the existing articles, oldest first, a slice; days without hours."""
        for index in self.paper.indexes(clock)[start:end]:
            story = self.paper.story(index, clock)
            body = "\n\n".join((story.lede, *story.body))  # the lede is a paragraph like the others
            yield self.paper.truth(story, url(story), published_at=None, description=None, body=body)

    def respond(self, request: Request, clock: int) -> Response:
        """The response at that step of the clock."""
        if request.host != HOST:
            return Response.redirect(f"{ROOT}{request.target}")
        path = request.path
        if found := re.fullmatch(r"/articles/\d{4}/[a-z0-9-]+-(\d+)\.html?", path):
            index, rest = divmod(int(found[1]) - 20_000, 7)
            if not rest and self.paper.lives(index, clock) and url(self.paper.story(index, clock)) == ROOT + path:
                return _encoded(*_article(self.paper.story(index, clock)))
        if path in ("/", "/index.html"):
            newest = [story for _, story in zip(range(6), self.paper.stories(clock), strict=False)]
            return _encoded("La Gazette du canal", _headlines(newest))
        if found := re.fullmatch(r"/([a-z-]+?)(\d*)\.html", path):
            if found[1] in dict(FRENCH.sections):
                return self._section(found[1], int(found[2] or 1), clock)
            if path[1:] in _PAGES:
                title, text = _PAGES[path[1:]]
                return _encoded(title, f"<font size=5>{escape(title)}</font><p>{escape(text)}</p>")
        return _encoded("Page introuvable", "<h1>Page introuvable</h1>", 404)

    def _section(self, name: str, page: int, clock: int) -> Response:
        stories = [story for story in self.paper.stories(clock) if story.section[0] == name]
        shown = stories[(page - 1) * _PAGE : page * _PAGE]
        older = (
            f'<p align=center><a href="{name}{page + 1}.html">Articles plus anciens</a></p>'
            if page * _PAGE < len(stories)
            else ""
        )
        title = dict(FRENCH.sections)[name]
        return _encoded(title, f"<font size=5>{title}</font>{_headlines(shown)}{older}")


def url(story: PaperStory) -> str:
    """The address of an article."""
    plain = unicodedata.normalize("NFD", story.headline).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:48].strip("-")
    return f"{ROOT}/articles/{story.published.year}/{name}-{story.number}.html"


def day_in_words(story: PaperStory) -> str:
    """The day as the page shows it: "lundi 8 janvier 2024"."""
    moment = story.published
    day = "1er" if moment.day == 1 else str(moment.day)
    return f"{FRENCH.days[moment.weekday()]} {day} {FRENCH.months[moment.month - 1]} {moment.year}"


def _headlines(stories: list[PaperStory]) -> str:
    rows = "".join(
        f'<tr><td><b><a href="{url(story).removeprefix(ROOT)}">{escape(story.headline)}</a></b><br>'
        f"<font size=2>{escape(story.lede)}</font></td></tr>"
        for story in stories
    )
    return f"<table width=100% cellpadding=4>{rows}</table>"


def _article(story: PaperStory) -> tuple[str, str]:
    body = "".join(
        f"<p><b>{escape(text)}</b></p>" if text == story.subhead else f"<p>{escape(text)}</p>" for text in story.body
    )
    return story.headline, (
        f"<h1>{escape(story.headline)}</h1><font size=2 color=gray>{day_in_words(story)}, par {story.author}</font>"
        f"<p><i>{escape(story.lede)}</i></p>{body}<p align=right><a href='/{story.section[0]}.html'>"
        f"Retour à la rubrique {story.section[1]}</a></p>"
    )


def _encoded(title: str, content: str, status: int = 200) -> Response:
    links = (("index.html", "Accueil"), *((f"{name}.html", text) for name, text in FRENCH.sections))
    menu = "<br>".join(
        f'<a href="/{path}">{text}</a>' for path, text in (*links, *((p, t[0]) for p, t in _PAGES.items()))
    )
    html = (
        f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={CHARSET}"><title>{escape(title)}</title>'
        f"</head><body bgcolor=white><table width=800 align=center><tr><td colspan=2><img src=/logo.gif alt='La Gazette du "
        f"canal'></td></tr><tr valign=top><td width=150 class=menu>{menu}</td><td>{content}</td></tr><tr><td colspan=2 "
        "align=center><font size=1>La Gazette du canal, tous droits réservés. Site réalisé à la main.</font></td></tr>"
        "</table></body></html>\n"
    )
    return Response(html.encode(CHARSET, "xmlcharrefreplace"), status, "text/html")
