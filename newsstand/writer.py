"""Generates the story of an index, a function of (seed, site, size, index, clock)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from math import gcd

from newsstand.draw import Draw
from newsstand.italian import slug
from newsstand.prose import Prose, person
from newsstand.scenario import Edit, Scenario
from newsstand.story import Kind, Mark, Picture, Piece, Span, Story, Stub
from newsstand.timeline import ROME, Numbers, Timeline
from newsstand.words import AGENCIES, ANGLES, EVENTS, PLACES, TAGS, Event

#: Minutes after publication for a small change, in addition to the scenario's edits.
EARLY_CHANGE = 600
_FACTS = len(EVENTS) * len(PLACES) * len(ANGLES)
_STRIDE = next(n for n in range(61_803, _FACTS) if gcd(n, _FACTS) == 1)


@dataclass(frozen=True)
class SiteStyle:
    """The style of a site: its name, quotation marks, tags, bylines."""

    name: str
    curly: bool
    pretty_tags: bool
    always_signed: bool


@dataclass(frozen=True)
class Facts:
    """The facts of an article, unique on the site: an event in a place, under an angle."""

    event: Event
    place: str
    angle: str

    @property
    def slug(self) -> str:
        return slug(f"{self.event.name} {self.place} {self.angle}")


def curly(text: str) -> str:
    """The text with WordPress' typographic quotes and apostrophes."""
    pieces = text.replace("'", "’").split('"')
    turned = (piece + "“”"[at % 2] for at, piece in enumerate(pieces[:-1]))
    return "".join(turned) + pieces[-1]


class Writer:
    """Generates the stories of one site."""

    def __init__(self, style: SiteStyle, seed: int, timeline: Timeline, scenario: Scenario) -> None:
        self.style, self.seed, self.timeline, self.scenario = style, seed, timeline, scenario
        self.numbers = Numbers(seed, style.name, timeline)
        self._offset = Draw(seed, style.name, "facts").below(_FACTS)
        self._by_slug = {
            "events": {slug(event.name): at for at, event in enumerate(EVENTS)},
            "places": {slug(place): at for at, place in enumerate(PLACES)},
            "angles": {slug(angle): at for at, angle in enumerate(ANGLES)},
        }
        self.story = lru_cache(maxsize=1024)(self._story)
        self.stub = lru_cache(maxsize=2048)(self._stub)
        self.headline = lru_cache(maxsize=2048)(self._headline)

    def _code(self, index: int) -> int:
        return (index * _STRIDE + self._offset) % _FACTS

    def is_in_section(self, index: int, section: str) -> bool:
        """Whether an article belongs to a section; fast enough to call for all articles."""
        own = EVENTS[self._code(index) % len(EVENTS)].section
        return section in (own, "sport") if own == "calcio" else section == own

    def facts(self, index: int) -> Facts:
        """The facts of an index; no two indexes share them."""
        code, event = divmod(self._code(index), len(EVENTS))
        angle, place = divmod(code, len(PLACES))
        return Facts(EVENTS[event], PLACES[place], ANGLES[angle])

    def index_of_slug(self, text: str) -> int | None:
        """The inverse of `facts(index).slug`; None where no article has that slug."""
        for cut in _cuts(text):
            event = self._by_slug["events"].get(text[:cut])
            if event is None:
                continue
            rest = text[cut + 1 :]
            for second in _cuts(rest):
                place = self._by_slug["places"].get(rest[:second])
                angle = self._by_slug["angles"].get(rest[second + 1 :])
                if place is not None and angle is not None:
                    return self._index(event, place, angle)
        return None

    def _index(self, event: int, place: int, angle: int) -> int:
        code = (angle * len(PLACES) + place) * len(EVENTS) + event
        return (code - self._offset) * pow(_STRIDE, -1, _FACTS) % _FACTS

    def published(self, index: int) -> datetime:
        return self.timeline.published(index)

    def modified(self, index: int, clock: int) -> datetime:
        """The last change: an edit of the scenario, or one soon after publication, or publication itself."""
        edits = self.scenario.edits(index, clock)
        draw = Draw(self.seed, self.style.name, index, "modified", len(edits))
        if edits:
            return self.timeline.now(edits[-1][0]) - timedelta(minutes=draw.between(1, 240))
        published = self.published(index)
        latest = self.timeline.now(self.scenario.appears(index)) - published
        minutes = min(draw.between(3, EARLY_CHANGE), latest // timedelta(minutes=1)) if draw.chance(40) else 0
        later = published.timestamp() + max(0, minutes) * 60
        return datetime.fromtimestamp(later, ROME)

    def _print(self, text: str) -> str:
        return curly(text) if self.style.curly else text

    def _prose(self, index: int, *keys: object) -> tuple[Draw, Prose]:
        draw = Draw(self.seed, self.style.name, index, *keys)
        facts = self.facts(index)
        return draw, Prose(draw, facts.event, facts.place, facts.angle)

    def _headline(self, index: int, clock: int) -> str:
        form = Draw(self.seed, self.style.name, index, "headline").below(5)
        form += sum(what is Edit.HEADLINE for _, what in self.scenario.edits(index, clock))
        return self._print(self._prose(index)[1].headline(form))

    def _story(self, index: int, clock: int) -> Story:
        story = self._first_state(index)
        for step, what in self.scenario.edits(index, clock):
            story = self._edited(story, step, what)
        return replace(story, headline=self.headline(index, clock), modified=self.modified(index, clock))

    def _stub(self, index: int) -> Stub:
        facts = self.facts(index)
        return Stub(
            index=index,
            number=self.numbers.number(index),
            slug=facts.slug,
            sections=(("sport",) if facts.event.section == "calcio" else ()) + (facts.event.section,),
            published=self.published(index),
        )

    def _first_state(self, index: int) -> Story:
        draw, prose = self._prose(index, "story")
        stub, facts = self.stub(index), self.facts(index)
        published = stub.published
        return Story(
            index=index,
            number=stub.number,
            slug=stub.slug,
            sections=stub.sections,
            published=published,
            headline="",
            second_title=self._print(prose.second_title()) if draw.chance(20) else None,
            lede=self._print(prose.lede()),
            pieces=tuple(self._body(draw, prose, index, published)),
            authors=self._authors(draw),
            keywords=self._keywords(draw, facts),
            place=facts.place,
            modified=published,
            revision=0,
            picture=self._picture(draw, prose, published) if draw.chance(92) else None,
            trim={"supertag": draw.chance(8), "vrez": draw.chance(6), "caption": draw.chance(75)},
        )

    def _authors(self, draw: Draw) -> tuple[str, ...]:
        count = draw.pick((1, 1, 1, 1, 1, 1, 2, 3) if self.style.always_signed else (0, 0, 0, 0, 0, 1, 1, 2))
        return tuple(dict.fromkeys(person(draw) for _ in range(count)))

    def _keywords(self, draw: Draw, facts: Facts) -> tuple[str, ...]:
        count = 0 if draw.chance(4) else draw.between(1, 15)
        tags = [*facts.event.tags, facts.place.lower(), *draw.sample(TAGS, 12)]
        chosen = tuple(dict.fromkeys(tags))[:count]
        return tuple(self._pretty(tag) for tag in chosen) if self.style.pretty_tags else chosen

    @staticmethod
    def _pretty(tag: str) -> str:
        return tag[:1].upper() + tag[1:]

    def _edited(self, story: Story, step: int, what: Edit) -> Story:
        draw, prose = self._prose(story.index, "edit", step)
        if what is Edit.LEDE:
            story = replace(story, lede=self._print(prose.lede()))
        elif what is Edit.PARAGRAPH:
            story = replace(story, pieces=self._with_new_paragraph(story.pieces, draw, prose))
        elif what is Edit.METADATA:
            picture = story.picture and replace(story.picture, photographer=person(draw))
            keywords = tuple(dict.fromkeys((*story.keywords, draw.pick(PLACES) + " oggi")))[:15]
            story = replace(story, picture=picture, keywords=keywords)
        return replace(story, revision=step)

    def _with_new_paragraph(self, pieces: tuple[Piece, ...], draw: Draw, prose: Prose) -> tuple[Piece, ...]:
        at = draw.pick([at for at, piece in enumerate(pieces) if piece.kind is Kind.PARAGRAPH])
        fresh = Piece(kind=Kind.PARAGRAPH, spans=(Span(self._print(prose.paragraph())),))
        return (*pieces[:at], fresh, *pieces[at + 1 :])

    def _body(self, draw: Draw, prose: Prose, index: int, published: datetime) -> list[Piece]:
        count = draw.pick((1, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 8, 9, 11, 14))
        rich = count > 3
        headed = rich and draw.chance(55)
        pieces: list[Piece] = []
        for at in range(count):
            if headed and at in (2, 5, 8, 11):
                level = 2 if at == 2 or draw.chance(60) else 3
                heading = self._print(prose.heading())
                pieces.append(Piece(kind=Kind.HEADING, spans=(Span(heading),), level=level))
            pieces.append(self._paragraph(draw, prose))
            if draw.chance(24):
                pieces.append(self._extra(draw, prose, index, published))
        return pieces

    def _paragraph(self, draw: Draw, prose: Prose) -> Piece:
        sentences = [self._print(sentence) for sentence in (prose.sentence() for _ in range(draw.between(1, 4)))]
        spans = [Span(" ".join(sentences))]
        if draw.chance(20):
            whole, place = spans[0].text, self._print(draw.pick(TAGS))
            mark = draw.pick((Mark.STRONG, Mark.EMPHASIS, Mark.LINK))
            href = f"tag:{place}" if mark is Mark.LINK else ""
            spans = [Span(whole + " Tutto su "), Span(place, mark, href), Span(".")]
        return Piece(kind=Kind.PARAGRAPH, spans=tuple(spans))

    def _extra(self, draw: Draw, prose: Prose, index: int, published: datetime) -> Piece:
        kind = draw.pick(
            (Kind.QUOTE, Kind.QUOTE, Kind.QUOTE, Kind.LIST, Kind.TABLE, Kind.PICTURE, Kind.PICTURE, Kind.EMBED,
             Kind.RELATED, Kind.RELATED, Kind.BANNER)
        )  # fmt: skip
        if kind is Kind.QUOTE:
            return self._quote(draw, prose)
        if kind is Kind.LIST:
            items = tuple(self._print(prose.list_item()) for _ in range(draw.between(2, 6)))
            return Piece(kind=kind, items=items, level=draw.below(2))
        if kind is Kind.TABLE:
            rows = [(prose_day, str(draw.between(10, 400))) for prose_day in ("Sabato", "Domenica", "Lunedì")]
            return Piece(kind=kind, rows=(("Giorno", "Presenze"), *rows[: draw.between(2, 3)]))
        if kind is Kind.PICTURE:
            return Piece(kind=kind, picture=self._picture(draw, prose, published))
        if kind is Kind.EMBED:
            return Piece(kind=kind, url=f"https://www.youtube.com/embed/nn{draw.bits():016x}"[:41])
        if kind is Kind.RELATED:
            return Piece(kind=kind, other=draw.below(max(1, index)) if index else None)
        return Piece(kind=kind)

    def _quote(self, draw: Draw, prose: Prose) -> Piece:
        said, who = prose.quote(), person(draw)
        if self.style.curly:
            cite = who if draw.chance(35) else None
            return Piece(kind=Kind.QUOTE, spans=(Span(curly(f'"{said}".')),), cite=cite)
        marks = draw.pick(('""', "“”", '""'))
        return Piece(kind=Kind.QUOTE, spans=(Span(f"{marks[0]}{said}{marks[1]}, ha detto {who}."),))

    def _picture(self, draw: Draw, prose: Prose, published: datetime) -> Picture:
        own = draw.chance(40)
        return Picture(
            number=self.numbers.number(0) + draw.below(5_000_000),
            taken=published - timedelta(days=draw.between(0, 400)),
            caption=self._print(prose.caption()),
            agency="Sputnik" if own and not self.style.curly else draw.pick(AGENCIES),
            photographer=person(draw) if draw.chance(60) else None,
        )


def _cuts(text: str) -> list[int]:
    return [at for at, letter in enumerate(text) if letter == "-"]
