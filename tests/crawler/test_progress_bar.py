"""A bar on a terminal, plain lines in a log."""

import logging
import re
import sys

import pytest
from rich.console import Console

from crawler import progress_bar
from crawler.ingest.report import IngestReport
from crawler.progress_bar import ProgressBar, track
from crawler.rebuild.progress import RebuildProgress


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(progress_bar, "monotonic", clock)
    return clock


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        progress_bar, "Console", lambda **options: Console(**options, force_terminal=True, width=80, color_system=None)
    )


def test_a_log_gets_a_line_when_the_last_one_is_old(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in track(range(40), "files"):
        clock.now += 1
    assert capsys.readouterr().err == "files: 10 of 40\nfiles: 20 of 40\nfiles: 30 of 40\n"


def test_a_stream_has_no_total(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in track(iter(range(15)), "captures"):
        clock.now += 1
    assert capsys.readouterr().err == "captures: 10\n"


def test_every_item_comes_through_once_and_in_order(clock: Clock) -> None:
    assert list(track(range(5), "files")) == [0, 1, 2, 3, 4]


def test_short_work_is_silent_in_a_log(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    assert list(track([1, 2, 3], "files")) == [1, 2, 3]
    assert capsys.readouterr() == ("", "")


def test_an_update_for_now_does_not_wait(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    with ProgressBar("alanews") as bar:
        bar.start()
        bar.update("1 captured", 1)
        bar.update("2 captured", 2, now=True)
        bar.update("3 captured", 3)
        clock.now += progress_bar.LOG_INTERVAL
        bar.update("4 captured", 4)
    assert capsys.readouterr().err == "alanews: 2 captured\nalanews: 4 captured\n"


def test_a_terminal_gets_a_bar(terminal: None, capsys: pytest.CaptureFixture[str]) -> None:
    with ProgressBar("alanews", transient=False) as bar:
        bar.start()
        bar.update("3 of 4 captured", 3, 4)
        bar.print("a line [not markup]")
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "a line [not markup]" in shown.err
    assert re.search(r"alanews \S+ +3 of 4 captured", shown.err)


def test_warnings_go_above_the_bar(terminal: None, capsys: pytest.CaptureFixture[str]) -> None:
    handler = logging.StreamHandler(sys.stderr)
    logging.getLogger().addHandler(handler)
    try:
        with ProgressBar("alanews") as bar:
            bar.start()
            assert handler.stream is sys.stderr
            logging.getLogger("altro").warning("route [feed]: broken")
        assert handler.stream is sys.stderr
    finally:
        logging.getLogger().removeHandler(handler)
    shown = capsys.readouterr().err
    assert re.search(r"(\r|\x1b\[2K)route \[feed\]: broken\n", shown)


def test_a_loop_on_a_terminal_counts(terminal: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert list(track(["a", "b"], "files")) == ["a", "b"]
    assert "1 of 2" in capsys.readouterr().err


def test_a_rebuild_shows_its_rate_and_the_time_left(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    report = IngestReport()
    with RebuildProgress() as progress:
        progress.begin(4000)
        clock.now += 30
        report.bytes = 1000
        report.taken.update(article=60, refused=30)
        progress.show(report)
        progress.print("a.warc.gz: cut off")
    assert capsys.readouterr().err == (
        "rebuild: 90 captures, 60 articles, 3/s, 25%, 0:01:30 left\na.warc.gz: cut off\n"
    )


def test_a_rebuild_of_unknown_size_shows_no_time_left(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    with RebuildProgress() as progress:
        progress.begin(0)
        clock.now += 10
        progress.show(IngestReport(bytes=5))
    assert capsys.readouterr().err == "rebuild: 0 captures, 0 articles, 0/s\n"
