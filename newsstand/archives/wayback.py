"""A stand-in of the Wayback Machine: its CDX server and its mementos (`id_`), with their limits and oddities.

Of the mementos that it holds some are, by chance of the seed: compressed although nothing says so; shown at another
moment; behind a redirect to the same moment under a doubled prefix; missing; led out of the archive; of another body
than the index says. The captures of an article that is held have one without any of that. Hosts of EXCLUDED are not
shown at all.
"""

import gzip
import json
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise
from typing import Any, Final
from urllib.parse import urlsplit

from newsstand.archives.holdings import Held, Holdings
from newsstand.archives.limits import Limit
from newsstand.draw import Draw
from newsstand.message import Request, Response, http_date

HOST: Final = "web.archive.org"
EXCLUDED: Final = frozenset({"gazette-du-canal.example"})
#: Requests a minute.
CDX_RATE, MEMENTO_RATE = 60, 600
FIELDS: Final = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
#: Lines of an answer at most, whatever is asked for.
CAP: Final = 150_000
ODDITIES: Final = (
    *("gzip", "gzip", "other-moment", "doubled", "missing", "outside", "wrong-digest", "excluded"),
    *(None,) * 12,
)


class Wayback:
    """The archive over the holdings."""

    name = "wayback"
    hosts: tuple[str, ...] = (HOST,)

    def __init__(self, seed: int, holdings: Holdings) -> None:
        self._seed, self._holdings = seed, holdings
        self.limit()

    def limit(self, cdx: int = CDX_RATE, mementos: int = MEMENTO_RATE, seconds: float = 60.0) -> None:
        """Begin to count anew, with limits of so many requests in so many seconds."""
        self.cdx_limit, self.memento_limit = Limit(cdx, seconds), Limit(mementos, seconds)

    def truth(self, clock: int, start: int, end: int | None) -> Iterator[dict[str, Any]]:
        """Each capture: of which article, and what is odd about it."""
        for held in self._holdings.all[start:end]:
            facts: dict[str, Any] = {
                "url": held.url,
                "timestamp": held.timestamp,
                "article": held.article,
                "site": held.paper.name,
            }
            facts |= {"status": held.answer.status, "is_revisit": held in self._revisits, "is_error": held.is_error}
            yield {**facts, "oddity": self.oddity(held)}

    def oddity(self, held: Held) -> str | None:
        """What is odd about a memento; None of the first capture of an article that is a page of it."""
        if held.article is None or held is self._good(held):
            return None
        return Draw(self._seed, "oddity", held.timestamp, held.url).pick(ODDITIES)

    def _good(self, held: Held) -> Held | None:
        same = [other for other in self._articles.get(held.article or "", ()) if other.answer.status == 200]
        return next((other for other in same if not other.is_error), None)

    @cached_property
    def _articles(self) -> dict[str, list[Held]]:
        found: dict[str, list[Held]] = {}
        for held in self._holdings.all:
            found.setdefault(held.article or "", []).append(held)
        return found

    def respond(self, request: Request, clock: int) -> Response:
        """The answer of the CDX server or the replay."""
        if request.path == "/robots.txt":
            return Response.of_text("User-agent: *\nDisallow: /\n", "text/plain")
        is_cdx = request.path == "/cdx/search/cdx"
        refused = (self.cdx_limit if is_cdx else self.memento_limit).verdict()
        if refused is not None:
            return Response(b"<h1>429 Too Many Requests</h1>", refused or 403)
        if is_cdx:
            return self._cdx(request)
        return self._memento(request)

    # --- the index --------------------------------------------------------------------------------------------

    def _cdx(self, request: Request) -> Response:
        asked = request.parameters
        host = (
            urlsplit(f"//{asked.get('url', '').partition('://')[2] or asked.get('url', '')}").hostname or ""
        ).lower()
        if host.removeprefix("www.") in EXCLUDED:
            blocked = "org.archive.wayback.exception.AdministrativeAccessControlException: Blocked Site Error\n"
            return Response.of_text(f"org.archive.util.io.RuntimeIOException: {blocked}", "text/plain", 403)
        names = [name for name in asked.get("fl", ",".join(FIELDS)).split(",") if name in FIELDS]
        rows = [row for row in self._rows(host) if _in_span(row["timestamp"], asked)]
        key = asked.get("resumeKey")
        if key:
            rows = [row for row in rows if f"{row['urlkey']} {row['timestamp']}" > key.rstrip("!")]
        limit = min(int(asked.get("limit") or CAP), CAP)
        shown, rest = rows[:limit], rows[limit:]
        table = [names, *([row[name] for name in names] for row in shown)] if shown else []
        if rest and asked.get("showResumeKey") == "true":
            # made of the first two fields of the row, whatever they are
            table += [[], [f"{shown[-1][names[0]]} {shown[-1][names[1]]}!"]]
        return Response(f"{json.dumps(table)}\n".encode(), content_type="application/json")

    @cached_property
    def _revisits(self) -> set[Held]:
        """The captures with the payload of the one before of the same URL."""
        pairs = pairwise(self._holdings.all)
        return {held for before, held in pairs if before.url == held.url and before.digest == held.digest}

    def _rows(self, host: str) -> Iterator[dict[str, str]]:
        for held in self._holdings.of_host(host):
            is_revisit = held in self._revisits
            digest = held.digest if self.oddity(held) != "wrong-digest" else held.digest[::-1]
            yield {
                "urlkey": held.surt,
                "timestamp": held.timestamp,
                "original": held.url,
                "mimetype": "warc/revisit" if is_revisit else held.mimetype,
                "statuscode": "-" if is_revisit else str(held.answer.status),
                "digest": digest,
                "length": str(len(held.answer.body) // 4 + 300),
            }

    # --- the replay -------------------------------------------------------------------------------------------

    def _memento(self, request: Request) -> Response:
        path, _, original = request.target.rpartition("id_/")
        is_doubled = "id_/" in path
        held = self._holdings.by_memento.get((path.rpartition("/")[2], original))
        if not path.startswith("/web/") or held is None:
            return _not_archived()
        match self.oddity(held):
            case "other-moment":
                other = next(one for one in self._articles[held.article or ""] if one is not held)
                return Response.redirect(_url(other), 302)
            case "doubled" if not is_doubled:
                return Response.redirect(f"https://{HOST}/web/{held.timestamp}id_/{_url(held)}", 302)
            case "missing":
                return _not_archived()
            case "outside":
                return Response.redirect(held.url, 302)
            case "excluded":
                return Response.of_text("<p>This URL has been excluded from the Wayback Machine.</p>", status=403)
        return self._shown(held)

    def _shown(self, held: Held) -> Response:
        answer = held.answer
        original = [("server", "nginx"), ("content-type", answer.content_type), *answer.headers]
        headers = [(f"x-archive-orig-{name.lower()}", value) for name, value in original]
        headers += [("Memento-Datetime", http_date(held.moment)), ("x-archive-src", "stand-in.warc.gz")]
        if self.oddity(held) == "gzip":
            body = gzip.compress(answer.body, mtime=0)
            return Response(body, answer.status, answer.content_type, [*headers, ("Content-Encoding", "")], coded=True)
        location = [("Location", value) for name, value in answer.headers if name == "Location"]
        return Response(answer.body, answer.status, answer.content_type, [*headers, *location])


def _url(held: Held) -> str:
    return f"https://{HOST}/web/{held.timestamp}id_/{held.url}"


def _in_span(timestamp: str, asked: dict[str, str]) -> bool:
    since, until = asked.get("from", ""), asked.get("to", "")
    return timestamp >= since and (not until or timestamp[: len(until)] <= until)


def _not_archived() -> Response:
    return Response.of_text("<p>The Wayback Machine has not archived that URL.</p>", status=404)
