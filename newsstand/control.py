"""The control interface on the newsstand's own port: JSON in, JSON out."""

import json
from collections import deque
from typing import Any

from newsstand.faults import Fault, Faults
from newsstand.message import JSON, Request, Response
from newsstand.newsroom import Newsroom
from newsstand.tls import Authority

GUIDE = """The newsstand. Use this address as http_proxy and https_proxy.

GET  /control/state               articles, seed, clock, hosts, faults
POST /control/clock               {"clock": 1}
POST /control/faults              [{"kind": "status", "pattern": "/feed/", "status": 429, "retry_after": 1, "count": 1}]
GET  /control/truth/<site>.jsonl  the truth of every article at this step, one JSON object a line;
                                  ?start=0&end=1000 for a slice (sputniknews, alanews)
POST /control/archives            {"cdx": 60, "mementos": 600, "seconds": 60}: requests that the archives answer
GET  /control/log[?since=N]       requests so far: {"next": N, "requests": [...]}
GET  /ca.pem                      the certificate authority to trust
"""


class Control:
    """Answers the control requests."""

    def __init__(self, newsroom: Newsroom, faults: Faults, authority: Authority, log: deque[dict[str, Any]]) -> None:
        self._newsroom, self._faults, self._authority, self._log = newsroom, faults, authority, log

    def respond(self, request: Request) -> Response:
        """The answer to a control request; 400 with the reason where its body is wrong, 404 where unknown."""
        try:
            return self._respond(request)
        except (ValueError, TypeError) as error:
            return _json({"error": str(error)}, 400)
        except KeyError as error:
            return _json({"error": f"unknown: {error}"}, 404)

    def _respond(self, request: Request) -> Response:
        match request.method, request.path.strip("/").split("/"):
            case "GET", [""]:
                return Response.of_text(GUIDE, "text/plain; charset=utf-8")
            case "GET", ["ca.pem"]:
                return Response(self._authority.certificate, content_type="application/x-pem-file")
            case "GET", ["control", "state"]:
                return _json(self._state())
            case "POST", ["control", "clock"]:
                self._newsroom.clock = int(json.loads(request.body)["clock"])
                return _json(self._state())
            case "POST", ["control", "faults"]:
                self._faults.switch([Fault.from_json(fault) for fault in json.loads(request.body)])
                return _json(self._state())
            case "POST", ["control", "archives"]:
                for archive in (self._newsroom.wayback, self._newsroom.common_crawl):
                    archive.limit(**json.loads(request.body))
                return _json(self._state())
            case "GET", ["control", "log"]:
                return self._requests(int(request.parameters.get("since", "0")))
            case "GET", ["control", "truth", name] if name.endswith(".jsonl"):
                return self._truth(name.removesuffix(".jsonl"), request.parameters)
        raise KeyError(f"{request.method} {request.path}")

    def _state(self) -> dict[str, Any]:
        return {
            "articles": self._newsroom.articles,
            "seed": self._newsroom.seed,
            "clock": self._newsroom.clock,
            "hosts": sorted(self._newsroom.by_host),
            "sites": [site.name for site in self._newsroom.sites],
            "faults": [fault.as_json() for fault, _ in self._faults.active],
        }

    def _truth(self, name: str, parameters: dict[str, str]) -> Response:
        end = int(parameters["end"]) if "end" in parameters else None
        rows = self._newsroom.truth(name, int(parameters.get("start", "0")), end)
        lines = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
        return Response.of_text(lines, "application/x-ndjson; charset=utf-8")

    def _requests(self, since: int) -> Response:
        rows = [row for row in self._log if row["number"] >= since]
        return _json({"next": rows[-1]["number"] + 1 if rows else since, "requests": rows})


def _json(data: object, status: int = 200) -> Response:
    return Response.of_text(json.dumps(data, ensure_ascii=False), JSON, status)
