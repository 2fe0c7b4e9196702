"""Sentences about an event in a place, each from a template with random values in its slots."""

from collections.abc import Callable
from math import gcd

from newsstand.draw import Draw
from newsstand.italian import MONTHS, WEEKDAYS, capital, contracted
from newsstand.sentences import CAPTIONS, HEADINGS, LEDES, LIST_ITEMS, QUOTES, SECOND_TITLES, SENTENCES
from newsstand.words import FIRST_NAMES, GROUPS, LAST_NAMES, ROLES, STREETS, THINGS, Event

_STRIDES = (3, 5, 7, 11, 13, 17, 19, 23)


def person(draw: Draw) -> str:
    """An invented name."""
    return f"{draw.pick(FIRST_NAMES)} {draw.pick(LAST_NAMES)}"


def _group(draw: Draw) -> str:
    return draw.pick(GROUPS)


_SLOTS: dict[str, Callable[[Draw], str]] = {
    "person": person,
    "other": person,
    "role": lambda draw: draw.pick(ROLES),
    "street": lambda draw: draw.pick(STREETS),
    "group": _group,
    "Group": lambda draw: capital(_group(draw)),
    "of_group": lambda draw: contracted("di", _group(draw)),
    "to_group": lambda draw: contracted("a", _group(draw)),
    "things": lambda draw: draw.pick(THINGS),
    "others": lambda draw: draw.pick(THINGS),
    "count": lambda draw: str(draw.between(12, 980)),
    "few": lambda draw: draw.pick(("due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove")),
    "percent": lambda draw: f"{draw.between(4, 89)},{draw.below(10)}",
    "euro": lambda draw: f"{draw.between(2, 190)}.{draw.between(0, 9)}00",
    "time": lambda draw: f"{draw.between(8, 22)}.{draw.pick(('00', '15', '30', '45'))}",
    "date": lambda draw: f"{draw.between(2, 28)} {draw.pick(MONTHS)}",
    "weekday": lambda draw: draw.pick(WEEKDAYS),
    "year": lambda draw: str(draw.between(1890, 2012)),
}


class _Slots(dict[str, str]):
    """The facts of the story, and the other slots, filled at their first use in a template."""

    def __init__(self, draw: Draw, facts: dict[str, str]) -> None:
        super().__init__(facts)
        self._draw = draw

    def __missing__(self, slot: str) -> str:
        self[slot] = value = _SLOTS[slot](self._draw)
        return value


class Prose:
    """Generates the pieces of one story; within a story a template repeats only after all others of its kind."""

    def __init__(self, draw: Draw, event: Event, place: str, angle: str) -> None:
        self._draw = draw
        self._facts = {
            "event": event.name,
            "Event": capital(event.name),
            "of_event": contracted("di", event.name),
            "to_event": contracted("a", event.name),
            "on_event": contracted("su", event.name),
            "place": place,
            "angle": angle,
            "Angle": capital(angle),
        }
        self._walks: dict[tuple[str, ...], tuple[int, int]] = {}

    def _next(self, templates: tuple[str, ...]) -> str:
        position, stride = self._walks.get(templates) or (
            self._draw.below(len(templates)),
            self._draw.pick([step for step in _STRIDES if gcd(step, len(templates)) == 1]),
        )
        self._walks[templates] = ((position + stride) % len(templates), stride)
        return templates[position].format_map(_Slots(self._draw, self._facts))

    def headline(self, form: int) -> str:
        """The headline in one of its forms, made of the facts alone: an edited headline has the same meaning."""
        return HEADLINES[form % len(HEADLINES)].format_map(self._facts)

    def second_title(self) -> str:
        return self._next(SECOND_TITLES)

    def lede(self) -> str:
        """One sentence, or two: shorter or longer than the 160 characters of a meta description."""
        first = self._next(LEDES)
        return f"{first} {self._next(SENTENCES)}" if self._draw.chance(55) else first

    def sentence(self) -> str:
        return self._next(SENTENCES)

    def paragraph(self) -> str:
        return " ".join(self.sentence() for _ in range(self._draw.between(1, 4)))

    def quote(self) -> str:
        """A quotation, without quotation marks."""
        return self._next(QUOTES)

    def heading(self) -> str:
        return self._next(HEADINGS)

    def list_item(self) -> str:
        return self._next(LIST_ITEMS)

    def caption(self) -> str:
        return self._next(CAPTIONS)


HEADLINES = (
    "{Event} a {place}: {angle}",
    "{place}, {event}: {angle}",
    "A {place} {event}, “{angle}”",
    '{Event}, {place} dice: "{angle}"',
    "{Angle} - {event} a {place}",
)
