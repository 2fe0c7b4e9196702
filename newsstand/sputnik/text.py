"""Runs of text as Sputnik's HTML."""

from html import escape

from newsstand.italian import slug
from newsstand.sputnik.urls import ROOT
from newsstand.story import Mark, Span

_ENTITIES = {"è": "&egrave;", "à": "&agrave;", "–": "&ndash;", "«": "&laquo;", "»": "&raquo;"}


def text(plain: str, *, entities: bool = False) -> str:
    """Escaped text; with `entities` accents are written as named ones."""
    escaped = escape(plain, quote=False)
    if entities:
        for letter, entity in _ENTITIES.items():
            escaped = escaped.replace(letter, entity)
    return escaped


def link(span: Span) -> str:
    """The absolute target URL of a link span."""
    return f"{ROOT}/keyword_{slug(span.href.removeprefix('tag:')).replace('-', '_')}/"


def inline(spans: tuple[Span, ...], *, entities: bool = False) -> str:
    """Spans as HTML."""
    return "".join(_span(span, entities) for span in spans)


def _span(span: Span, entities: bool) -> str:
    shown = text(span.text, entities=entities)
    match span.mark:
        case Mark.PLAIN:
            return shown
        case Mark.LINK:
            return f'<a href="{link(span).removeprefix(ROOT)}">{shown}</a>'
    return f"<{span.mark}>{shown}</{span.mark}>"
