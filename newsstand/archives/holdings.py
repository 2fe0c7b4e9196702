"""What web archives hold of the papers: for each article some captures, drawn from the seed, the same in every run.

A capture is of the page as the paper served it at a step of the clock. One article in twenty is held by no archive.
"""

import hashlib
from base64 import b32encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from newsstand.delivery import DENIED
from newsstand.draw import Draw
from newsstand.message import Request, Response

#: Articles in a hundred that an archive holds.
SHARES: Final = {"wayback": 75, "commoncrawl": 45, "cc-news": 35}
#: Articles in a hundred that none holds.
LOST: Final = 5
#: Days after publication of the first capture, at most, and between two captures.
FIRST, BETWEEN = 20, 200


class Paper(Protocol):
    """A site of the newsstand."""

    name: str
    hosts: tuple[str, ...]

    def respond(self, request: Request, clock: int) -> Response: ...

    def truth(self, clock: int, start: int, end: int | None) -> Iterator[dict[str, Any]]: ...


@dataclass(frozen=True)
class Held:
    """A capture in an archive. article: canonical URL of the article, None for another page. url: as it was asked for.
    step: of the paper's clock. is_error: the paper was under attack and served an error page with status 200."""

    paper: Paper
    article: str | None
    url: str
    moment: datetime
    step: int
    is_error: bool = False

    @property
    def timestamp(self) -> str:
        return f"{self.moment:%Y%m%d%H%M%S}"

    @cached_property
    def answer(self) -> Response:
        """The paper's answer then."""
        if self.is_error:
            return Response(f"{DENIED}<!-- {self.timestamp} -->".encode())
        parts = urlsplit(self.url)
        request = Request("GET", parts.scheme, parts.hostname or "", parts.path or "/", parts.query, {})
        return self.paper.respond(request, self.step)

    @cached_property
    def digest(self) -> str:
        """SHA-1 of the answer's body, base32."""
        return b32encode(hashlib.sha1(self.answer.body).digest()).decode()

    @property
    def mimetype(self) -> str:
        return self.answer.content_type.partition(";")[0]

    @property
    def surt(self) -> str:
        """The key of the index: host reversed, without www."""
        parts = urlsplit(self.url)
        host = ",".join(reversed((parts.hostname or "").removeprefix("www.").split(".")))
        return f"{host}){parts.path.lower()}" + (f"?{parts.query.lower()}" if parts.query else "")


class Holdings:
    """The captures of one archive of papers. name: of SHARES."""

    def __init__(self, name: str, seed: int, papers: Sequence[Paper], steps: Sequence[int] = (0, 25)) -> None:
        self.name, self._seed, self._papers, self._steps = name, seed, papers, steps

    def of_host(self, host: str) -> list[Held]:
        """The captures of a host and its www, in the order of the index."""
        bare = host.removeprefix("www.")
        return [held for held in self.all if (urlsplit(held.url).hostname or "").removeprefix("www.") == bare]

    @cached_property
    def all(self) -> list[Held]:
        """All captures, by key and time."""
        found = [held for paper in self._papers for held in self._of_paper(paper)]
        return sorted(found, key=lambda held: (held.surt, held.timestamp))

    @cached_property
    def by_memento(self) -> dict[tuple[str, str], Held]:
        """Captures by time and URL."""
        return {(held.timestamp, held.url): held for held in self.all}

    def _of_paper(self, paper: Paper) -> Iterator[Held]:
        for truth in paper.truth(0, 0, None):
            urls = [str(url) for url in truth.get("urls") or [truth["canonical_url"]]]
            yield from self._of_article(paper, urls, str(truth["published_at"] or truth["published_date"]))
        home = f"https://{paper.hosts[0]}/"
        yield Held(paper, None, home, datetime(2021, 6, 1, 12, tzinfo=UTC), 0)

    def _of_article(self, paper: Paper, urls: list[str], published: str) -> Iterator[Held]:
        if is_lost(self._seed, urls[0]):
            return
        draw = Draw(self._seed, self.name, urls[0])
        if not draw.chance(SHARES[self.name]) and not (
            self.name == "wayback" and _is_held_by_none(self._seed, urls[0])
        ):
            return
        moment = datetime.fromisoformat(published)
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        moment += timedelta(days=draw.between(0, FIRST), seconds=draw.below(80_000) + 90_000)
        good = draw.below(3)
        for number in range(3):
            url = urls[draw.below(len(urls))] if number != good else urls[0]
            is_error = number != good and draw.chance(20)
            step = self._steps[0] if number <= good else draw.pick(self._steps)
            yield Held(paper, urls[0], url, moment.replace(microsecond=0), step, is_error)
            moment += timedelta(days=draw.between(1, BETWEEN), seconds=draw.below(80_000))


def is_lost(seed: int, url: str) -> bool:
    """Whether no archive holds an article."""
    return Draw(seed, "lost", url).chance(LOST)


def _is_held_by_none(seed: int, url: str) -> bool:
    """Whether chance would leave an article to no archive: the first one holds it then."""
    return not any(Draw(seed, name, url).chance(share) for name, share in SHARES.items())
