"""Health in Prometheus' text format, for its node exporter's textfile collector or any HTTP server."""

from collections.abc import Iterable, Iterator

from crawler.operations.health import Health

#: Metric, type, help.
_METRICS = {
    "last_capture_timestamp_seconds": "When the site was last captured.",
    "last_crawl_finished": "1 where the last crawl that ended did its work, 0 where it was ended before.",
    "articles_seen": "Articles of the day judged.",
    "articles_expected": "Articles that such a day has had lately.",
    "recent_captures": "Article URLs captured by the newest crawl.",
    "recent_refused_ratio": "Share of them that gave no article, by reason.",
    "recent_missing_ratio": "Share of the newest crawl's articles without a field.",
    "recent_warning_ratio": "Share of the newest crawl's articles with a warning.",
    "alarms": "Alarms by kind.",
}


def prometheus(found: Iterable[Health]) -> str:
    """The text, version 0.0.4 of the format."""
    samples: dict[str, list[str]] = {name: [] for name in _METRICS}
    for health in found:
        for name, labels, value in _samples(health):
            text = ",".join(f'{label}="{_escaped(of)}"' for label, of in {"site": health.site, **labels}.items())
            samples[name].append(f"emeroteca_{name}{{{text}}} {value:.10g}\n")
    return "".join(
        f"# HELP emeroteca_{name} {words}\n# TYPE emeroteca_{name} gauge\n{''.join(samples[name])}"
        for name, words in _METRICS.items()
        if samples[name]
    )


def _samples(health: Health) -> Iterator[tuple[str, dict[str, str], float]]:
    vitals, recent = health.vitals, health.vitals.recent
    if vitals.last_capture is not None:
        yield "last_capture_timestamp_seconds", {}, vitals.last_capture.timestamp()
    ended = next((run for run in vitals.crawls if run.finished_at is not None), None)
    if ended is not None:
        yield "last_crawl_finished", {}, float(ended.outcome == "finished")
    yield "articles_seen", {}, float(health.seen)
    if health.expected is not None:
        yield "articles_expected", {}, health.expected
    yield "recent_captures", {}, float(recent.captures)
    for reason, count in sorted(recent.refused.items()):
        yield "recent_refused_ratio", {"reason": reason}, count / recent.captures
    for name, count in sorted(recent.without.items()) if recent.texts else ():
        yield "recent_missing_ratio", {"field": name}, count / recent.texts
    for name, count in sorted(recent.warned.items()) if recent.texts else ():
        yield "recent_warning_ratio", {"warning": name}, count / recent.texts
    kinds = [alarm.kind for alarm in health.alarms]
    for kind in sorted(set(kinds)):
        yield "alarms", {"kind": kind}, float(kinds.count(kind))
    if not kinds:
        yield "alarms", {"kind": "any"}, 0.0


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
