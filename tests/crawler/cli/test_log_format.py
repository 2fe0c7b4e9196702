"""`--log-format json`: every line on standard error is one event, whatever writes it; standard output is data."""

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from newsstand.faults import Fault, FaultKind
from newsstand.stand import Newsstand

Emeroteca = Callable[..., subprocess.CompletedProcess[str]]


def events(ended: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in ended.stderr.splitlines()]
    assert all({"time", "level", "event", "message"} <= event.keys() for event in found)
    assert (found[-1]["event"], found[-1]["exit_status"]) == ("end", ended.returncode)
    return found


def test_a_crawl_and_its_commands_log_events(stand: Newsstand, emeroteca: Emeroteca) -> None:
    stand.faults(Fault(FaultKind.STATUS, pattern="wp-json", status=404))
    try:
        ended = emeroteca(
            "crawl", "alanews", "--delay", "0", "--limit", "3", "--log-format", "json", env=stand.environment
        )
    finally:
        stand.faults()
    crawl = {event["event"]: event for event in events(ended)}
    assert crawl["crawl-ended"]["site"] == "alanews"
    assert crawl["crawl-ended"]["captures"]["article"] == 3
    assert crawl["progress"]["completed"] <= crawl["progress"]["total"]
    assert crawl["end"]["duration_seconds"] > 0

    health = emeroteca("--log-format", "json", "health")
    figures = {event["event"]: event for event in events(health)}["health"]
    metrics = emeroteca("health", "--prometheus", "-").stdout
    assert {"site", "last_capture_timestamp_seconds", "articles_seen", "recent_captures"} <= figures.keys()
    assert all(
        f"emeroteca_{name}{{" in metrics for name in figures.keys() - {"time", "level", "event", "message", "site"}
    )

    exported = emeroteca("export", env={"EMEROTECA_LOG_FORMAT": "json"})
    assert len(exported.stdout.splitlines()) == 3
    assert {event["event"]: event for event in events(exported)}["export-ended"]["articles"] == 3
    for command in ("rebuild", "verify"):
        found = {event["event"]: event for event in events(emeroteca("--log-format", "json", command))}
        assert found[f"{command}-ended"]["captures"] >= (3 if command == "verify" else 0)
    for words in (["status"], ["search", "parolamaivista"], ["coverage"]):
        events(emeroteca("--log-format", "json", *words))


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["crawl", "gazzetta"], 2, "alanews, sputniknews"),
        (["crawl", "alanews", "--limti", "3"], 2, "--limti"),
        (["status"], 3, "there is no collection"),
        (["schedule", "add", "alanews"], 2, "--every or --cron"),
        (["frullare"], 2, "frullare"),
    ],
)
@pytest.mark.parametrize("first", [True, False], ids=["before", "after"])
def test_an_error_is_one_event(emeroteca: Emeroteca, words: list[str], status: int, said: str, first: bool) -> None:
    ended = emeroteca(*(["--log-format=json", *words] if first else [*words, "--log-format", "json"]))
    assert ended.returncode == status
    error, end = events(ended)
    assert (error["event"], error["level"], end["exit_status"]) == ("error", "error", status)
    assert said in error["message"]


def test_scheduled_crawls_log_events_too(stand: Newsstand, emeroteca: Emeroteca) -> None:
    emeroteca("schedule", "add", "alanews", "--every", "1d", "--delay", "0", "--limit", "2")
    found = events(emeroteca("schedule", "run", "--once", "--log-format", "json", env=stand.environment))
    kinds = [event["event"] for event in found]
    assert kinds[0] == "crawl-began"
    assert kinds.count("crawl-ended") == 2  # the crawl's own, with its counts, and the scheduler's
    assert {event.get("site") for event in found if event["event"] == "crawl-ended"} == {"alanews"}


def test_an_uncaught_error_is_one_event() -> None:
    script = (
        "import sys; sys.argv = ['emeroteca', '--log-format', 'json', 'sites']\n"
        "import crawler.cli.sites; crawler.cli.sites.all_sites = None\n"
        "from crawler.cli.main import main; main()"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    (event,) = map(json.loads, ended.stderr.splitlines())
    assert (event["event"], event["level"]) == ("error", "critical")
    assert "Traceback" in event["exception"]
