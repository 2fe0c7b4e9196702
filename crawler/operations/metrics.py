"""Health over HTTP, for Prometheus to scrape: GET /metrics, worked out anew each time."""

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from storage.corpus.db.exceptions import DatabaseProblem

#: Of Prometheus' text format.
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def server(host: str, port: int, text: Callable[[], str]) -> ThreadingHTTPServer:
    """A server that is not running yet. text: what it answers. port 0: any that is free. Raises OSError."""

    class Metrics(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.partition("?")[0] != "/metrics":
                self._answer(404, "the figures are at /metrics\n")
                return
            try:
                found = text()
            except DatabaseProblem as problem:
                self._answer(503, f"{problem}\n")
                return
            self._answer(200, found)

        def _answer(self, status: int, words: str) -> None:
            body = words.encode()
            self.send_response(status)
            self.send_header("Content-Type", CONTENT_TYPE)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing: somebody asks every few seconds."""

    return ThreadingHTTPServer((host, port), Metrics)
