"""Health as Prometheus metrics: as text for the node exporter's textfile collector, and over HTTP at /metrics.

Called by the command `health`.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from prometheus_client import generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

from crawler.operations.health import Health
from storage.exceptions import CorpusError

#: Of each metric its help text, and the labels beside `site`.
_METRICS = {
    "last_capture_timestamp_seconds": ("When the site was last captured.", ()),
    "last_crawl_finished": ("1 where the last crawl that ended did its work, 0 where it was ended before.", ()),
    "articles_seen": ("Articles of the day judged.", ()),
    "articles_expected": ("Articles that such a day has had lately.", ()),
    "recent_captures": ("Article URLs captured by the newest crawl.", ()),
    "recent_refused_ratio": ("Share of them that gave no article, by reason.", ("reason",)),
    "recent_agreement": ("Mean agreement of page object and trafilatura on the newest crawl's articles.", ()),
    "recent_missing_ratio": ("Share of the newest crawl's articles without a field.", ("field",)),
    "recent_warning_ratio": ("Share of the newest crawl's articles with a warning.", ("warning",)),
    "alarms": ("Alarms by kind.", ("kind",)),
}


class HealthCollector(Collector):
    """A collector of prometheus_client for the health of sites."""

    def __init__(self, sites: Iterable[Health]) -> None:
        self.sites = sites

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The metrics that have samples."""
        families = {
            name: GaugeMetricFamily(f"emeroteca_{name}", words, labels=("site", *labels))
            for name, (words, labels) in _METRICS.items()
        }
        for health in self.sites:
            for name, labels, value in _samples(health):
                families[name].add_metric((health.site, *labels), value)
        return (family for family in families.values() if family.samples)


def metrics_of(health: Health) -> dict[str, Any]:
    """The metrics of a site without their prefix; of those with a label beside `site` a value for each."""
    metrics: dict[str, Any] = {"site": health.site}
    for name, labels, value in _samples(health):
        if labels:
            metrics.setdefault(name, {})[labels[0]] = value
        else:
            metrics[name] = value
    return metrics


def metrics_text(sites: Iterable[Health]) -> bytes:
    """The metrics in Prometheus' text format, version 0.0.4."""
    return generate_latest(HealthCollector(sites))


def metrics_server(host: str, port: int, read: Callable[[], Iterable[Health]]) -> ThreadingHTTPServer:
    """A server that is not running yet. port 0: any free one. read: called for each scrape. Raises OSError."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.partition("?")[0] != "/metrics":
                self._answer(404, b"the figures are at /metrics\n")
                return
            try:
                text = metrics_text(read())
            except CorpusError as problem:
                self._answer(503, f"{problem}\n".encode())
                return
            self._answer(200, text)

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", CONTENT_TYPE_PLAIN_0_0_4)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Logs nothing: Prometheus scrapes every few seconds."""

    return ThreadingHTTPServer((host, port), Handler)


def _samples(health: Health) -> Iterator[tuple[str, tuple[str, ...], float]]:
    """Metric, values of its labels beside `site`, value."""
    stats, recent = health.stats, health.stats.recent
    if stats.last_capture is not None:
        yield "last_capture_timestamp_seconds", (), stats.last_capture.timestamp()
    ended = next((run for run in stats.crawls if run.finished_at is not None), None)
    if ended is not None:
        yield "last_crawl_finished", (), ended.outcome == "finished"
    yield "articles_seen", (), health.seen
    if health.expected is not None:
        yield "articles_expected", (), health.expected
    yield "recent_captures", (), recent.captures
    if recent.agreement is not None:
        yield "recent_agreement", (), recent.agreement
    for name, counts, of in (
        ("recent_refused_ratio", recent.refused, recent.captures),
        ("recent_missing_ratio", recent.without, recent.texts),
        ("recent_warning_ratio", recent.warned, recent.texts),
    ):
        for label, count in sorted(counts.items()) if of else ():
            yield name, (label,), count / of
    for kind, count in sorted(Counter(alarm.kind for alarm in health.alarms).items()):
        yield "alarms", (kind,), count
    if not health.alarms:
        yield "alarms", ("any",), 0
