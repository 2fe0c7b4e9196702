"""Health as Prometheus metrics: names, labels and values are an interface."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from threading import Thread
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener

import pytest
from prometheus_client.parser import text_string_to_metric_families

from crawler.operations.health import Alarm, Health
from crawler.operations.metrics import metrics_server, metrics_text
from storage.corpus.read.health_stats import CaptureSample, CrawlRun, HealthStats
from storage.exceptions import CorpusError

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


def health(site: str = "alanews", *, captures: int = 4, texts: int = 2, alarms: tuple[Alarm, ...] = ()) -> Health:
    recent = CaptureSample(captures=captures, refused=Counter(gone=1), texts=texts, without=Counter(authors=1))
    crawls = (CrawlRun(NOW, None, None, 0), CrawlRun(NOW, NOW, "blocked", 0))
    stats = HealthStats(NOW, crawls, recent, before=CaptureSample(), published=Counter())
    return Health(site, stats, date(2026, 3, 9), None, 7, alarms)


def samples(*found: Health) -> dict[tuple[str, ...], float]:
    return {
        (sample.name, *(f"{label}={value}" for label, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(metrics_text(found).decode())
        for sample in family.samples
    }


def test_each_figure_has_its_name_and_labels() -> None:
    assert samples(health(alarms=(Alarm("stale", ""), Alarm("field", "a"), Alarm("field", "b")))) == {
        ("emeroteca_last_capture_timestamp_seconds", "site=alanews"): NOW.timestamp(),
        ("emeroteca_last_crawl_finished", "site=alanews"): 0,
        ("emeroteca_articles_seen", "site=alanews"): 7,
        ("emeroteca_recent_captures", "site=alanews"): 4,
        ("emeroteca_recent_refused_ratio", "reason=gone", "site=alanews"): 0.25,
        ("emeroteca_recent_missing_ratio", "field=authors", "site=alanews"): 0.5,
        ("emeroteca_alarms", "kind=field", "site=alanews"): 2,
        ("emeroteca_alarms", "kind=stale", "site=alanews"): 1,
    }


def test_nothing_captured_has_no_ratio_and_no_alarm_is_a_zero() -> None:
    found = samples(health(captures=0, texts=0))
    assert not any("ratio" in name for name, *_ in found)
    assert found["emeroteca_alarms", "kind=any", "site=alanews"] == 0


def test_label_values_are_escaped() -> None:
    site = 'a"b\\c\nd'
    assert ("emeroteca_articles_seen", f"site={site}") in samples(health(site))


@contextmanager
def served(found: list[Health] | CorpusError) -> Iterator[str]:
    def read() -> list[Health]:
        if isinstance(found, CorpusError):
            raise found
        return found

    with metrics_server("127.0.0.1", 0, read) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def test_metrics_are_served_and_a_database_problem_is_a_503() -> None:
    opener = build_opener(ProxyHandler({}))
    with served([health()]) as url, opener.open(f"{url}/metrics", timeout=10) as answer:
        assert answer.read() == metrics_text([health()])
    with served(CorpusError("the database is away")) as url, pytest.raises(HTTPError) as failure:
        opener.open(f"{url}/metrics", timeout=10)
    with failure.value as answer:
        assert (answer.status, answer.read()) == (503, b"the database is away\n")
