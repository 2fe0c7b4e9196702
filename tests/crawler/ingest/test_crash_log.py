"""Pages that the process dies of that reads them: segmentation faults, and loops without an end."""

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.extraction.extract import Extraction
from crawler.extraction.refusals import PageRefused
from crawler.ingest.classify import Extractor, classify
from crawler.ingest.crash_log import CrashLog
from newsstand.stand import Newsstand
from storage.corpus.write.capture_result import Outcome
from storage.warc.http.capture import Capture, CaptureRef

ROOT = Path(__file__).parents[3]
Emeroteca = Callable[..., subprocess.CompletedProcess[str]]

#: Loaded by every Python process that has its folder on the path: one page is bad for whoever reads it.
FAULT = """
import os, signal
import crawler.ingest.classify

sound = crawler.ingest.classify.Extractor.__call__

def extract(extractor, capture):
    if capture.url == {url!r}:
        {deed}
    return sound(extractor, capture)

crawler.ingest.classify.Extractor.__call__ = extract

import crawler.ingest.crash_log

crawler.ingest.crash_log.SECONDS = 5
"""

DIES = "os.kill(os.getpid(), signal.SIGSEGV)"
HANGS = "while True: pass"


@pytest.fixture
def bad(tmp_path: Path) -> Callable[[str, str], dict[str, str]]:
    """bad(url, deed): the environment of programs for which the page at a URL is bad."""

    def make(url: str, deed: str) -> dict[str, str]:
        folder = tmp_path / "fault"
        folder.mkdir(exist_ok=True)
        (folder / "sitecustomize.py").write_text(FAULT.format(url=url, deed=deed))
        return {"PYTHONPATH": os.pathsep.join((str(folder), str(ROOT)))}

    return make


@pytest.mark.slow
@pytest.mark.parametrize(("deed", "ended"), [(DIES, "SIGSEGV"), (HANGS, "SIGXCPU")])
def test_the_crawl_after_one_whose_reader_died_of_a_page_refuses_that_page(
    stand: Newsstand, emeroteca: Emeroteca, bad: Callable[..., dict[str, str]], deed: str, ended: str
) -> None:
    stand.clock(0)
    truth = stand.truth("alanews")
    url = truth[7]["url"]
    env = stand.environment | bad(url, deed)
    first = emeroteca("crawl", "alanews", "--delay", "0", env=env)
    assert first.returncode == 3, first.stderr
    assert "the process that reads captures ended" in first.stderr
    for _ in range(2):
        following = emeroteca("crawl", "alanews", "--delay", "0", env=env)
        assert following.returncode in (0, 1), following.stderr
        assert "ended (" not in following.stderr
    rows = [json.loads(line)["native_id"] for line in emeroteca("export").stdout.splitlines()]
    assert sorted(rows) == sorted(row["native_id"] for row in truth if row["url"] != url)
    assert f"refused as extractor-failed (the process that read it ended ({ended}))" in emeroteca("show", url).stderr
    # a rebuild knows it too; a sound extractor finds the page as it is
    again = emeroteca("rebuild", "--again", "--jobs", "1", env=env)
    assert again.returncode == 1, again.stderr
    assert "1 extractor-failed" in again.stderr
    sound = emeroteca("rebuild", "--again", "--jobs", "2")
    assert sound.returncode == 0, sound.stderr
    assert len(emeroteca("export").stdout.splitlines()) == len(truth)


@pytest.mark.slow
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_rebuild_that_died_of_a_page_goes_on_without_it(
    stand: Newsstand, emeroteca: Emeroteca, bad: Callable[..., dict[str, str]], tmp_path: Path, jobs: str
) -> None:
    stand.clock(0)
    assert emeroteca("crawl", "alanews", "--delay", "0", env=stand.environment).returncode == 0
    truth = stand.truth("alanews")
    url = truth[7]["url"]
    words = ("rebuild", str(tmp_path / "archive" / "warc"), "--jobs", jobs)
    elsewhere = tmp_path / "elsewhere"
    first = emeroteca(*words, home=elsewhere, env=bad(url, DIES))
    assert first.returncode == (-signal.SIGSEGV if jobs == "1" else 1), first.stderr
    second = emeroteca(*words, home=elsewhere, env=bad(url, DIES))
    assert second.returncode == 1, second.stderr
    assert "1 extractor-failed" in second.stderr
    assert len(emeroteca("export", home=elsewhere).stdout.splitlines()) == len(truth) - 1


URL = "https://alanews.it/cronaca/il-mercato/"

KILLED = """
import json, os, signal, sys
from pathlib import Path
from types import SimpleNamespace
from crawler.ingest.crash_log import CrashLog

crash_log = CrashLog(Path(sys.argv[1]), lambda capture: os.kill(os.getpid(), signal.SIGKILL))
crash_log.extract(SimpleNamespace(url=json.loads(sys.argv[2])))
"""


def kill_at(folder: Path, url: str) -> None:
    words = [sys.executable, "-c", KILLED, str(folder), json.dumps(url)]
    assert subprocess.run(words, check=False).returncode == -signal.SIGKILL


@pytest.fixture
def capture() -> Capture:
    page = (Path(__file__).parents[2] / "fixtures" / "alanews" / "breadcrumb-first" / "page.html").read_bytes()
    return Capture(
        ref=CaptureRef("prova.warc.gz", 0, 10, "<urn:uuid:1>"),
        url=URL,
        captured_at=datetime(2022, 2, 14, 12, tzinfo=UTC),
        status=200,
        reason="OK",
        headers=(("Content-Type", "text/html"),),
        content_type="text/html",
        payload=page,
        payload_digest="sha1:",
    )


def test_a_page_that_a_killed_process_was_at_is_read_apart_once(
    tmp_path: Path, capture: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    kill_at(tmp_path, URL)
    here: list[str] = []
    extractor = Extractor(witness_all=True)
    expected = {url: extractor(replace(capture, url=url)) for url in (URL, URL + "2/")}
    sound = Extractor.__call__

    def read(extractor: Extractor, capture: Capture) -> Extraction:
        here.append(capture.url)
        return sound(extractor, capture)

    monkeypatch.setattr(Extractor, "__call__", read)
    for url in (URL, URL + "2/"):
        with closing(CrashLog(tmp_path, extractor)) as crash_log:
            assert crash_log.extract(replace(capture, url=url)) == expected[url]
            assert crash_log.extract(replace(capture, url=url)) == expected[url]
    assert here == [URL, URL + "2/", URL + "2/"]
    assert not list(tmp_path.iterdir())


def test_what_is_read_apart_is_refused_as_it_would_be_here(tmp_path: Path, capture: Capture) -> None:
    kill_at(tmp_path, URL)
    gone = replace(capture, status=410)
    with closing(CrashLog(tmp_path, Extractor())) as crash_log, pytest.raises(PageRefused) as apart:
        crash_log.extract(gone)
    with pytest.raises(PageRefused) as here:
        Extractor()(gone)
    assert (apart.value.reason, apart.value.detail) == (here.value.reason, here.value.detail)


def no_memory(capture: Capture) -> Extraction:
    raise MemoryError


def test_a_sandbox_without_memory_gives_no_verdict(tmp_path: Path, capture: Capture) -> None:
    kill_at(tmp_path, URL)
    with closing(CrashLog(tmp_path, no_memory)) as crash_log, pytest.raises(ChildProcessError, match="MemoryError"):
        crash_log.extract(capture)
    with closing(CrashLog(tmp_path, Extractor())) as crash_log:  # the page is in the crash log as before
        assert crash_log.extract(capture) == Extractor()(capture)
    assert not list(tmp_path.iterdir())


def dies(capture: Capture) -> Extraction:
    os.kill(os.getpid(), signal.SIGSEGV)
    raise AssertionError


@pytest.mark.parametrize(("limit", "raised"), [(None, PageRefused), (2**40, ChildProcessError)])
def test_a_crash_is_a_verdict_where_memory_is_not_limited(
    tmp_path: Path, capture: Capture, limit: int | None, raised: type[Exception]
) -> None:
    kill_at(tmp_path, URL)
    before = resource.getrlimit(resource.RLIMIT_AS)
    with closing(CrashLog(tmp_path, dies)) as crash_log, pytest.raises(raised, match="SIGSEGV"):
        if limit:
            resource.setrlimit(resource.RLIMIT_AS, (limit, before[1]))
        try:
            crash_log.extract(capture)
        finally:
            resource.setrlimit(resource.RLIMIT_AS, before)


@pytest.mark.parametrize("error", [MemoryError(), OSError(24, "Too many open files"), ImportError("no memory")])
def test_an_error_of_the_machine_is_no_verdict(capture: Capture, error: Exception) -> None:
    def raises(capture: Capture) -> Extraction:
        raise error

    with pytest.raises(type(error)):
        classify(capture, extract=raises)


def test_a_page_that_a_living_process_is_at_is_no_suspect(tmp_path: Path, capture: Capture) -> None:
    def read(capture: Capture) -> Extraction:
        with closing(CrashLog(tmp_path, lambda _: wanted)) as other:
            assert other.extract(capture) is wanted
        return wanted

    wanted = Extractor()(capture)
    with closing(CrashLog(tmp_path, read)) as crash_log:
        assert crash_log.extract(capture) is wanted


@pytest.mark.parametrize("url", [URL + "\n" + URL, URL + "à" * 9000, "\ud800", ""])
def test_any_url_can_be_a_suspect(tmp_path: Path, capture: Capture, url: str) -> None:
    with closing(CrashLog(tmp_path, fault)) as crash_log, pytest.raises(ZeroDivisionError):
        crash_log.extract(replace(capture, url=url))
    # nobody died
    with closing(CrashLog(tmp_path, fault)) as crash_log, pytest.raises(ZeroDivisionError):
        crash_log.extract(replace(capture, url=url))
    kill_at(tmp_path, url)
    with closing(CrashLog(tmp_path, fault)) as crash_log, suppress(PageRefused):
        crash_log.extract(replace(capture, url=url))  # apart, where it is no fault
    assert not list(tmp_path.iterdir())


def test_pages_are_read_where_no_account_can_be_kept(
    tmp_path: Path, capture: Capture, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "suspects"
    folder.write_text("no folder")
    with closing(CrashLog(folder, Extractor())) as crash_log:
        assert crash_log.extract(capture) == Extractor()(capture)
    assert str(folder) in caplog.text


def fault(capture: Capture) -> Extraction:
    raise ZeroDivisionError


def test_an_error_of_the_extractor_is_a_refusal_that_says_where(capture: Capture) -> None:
    saved = classify(capture, extract=fault)
    assert (saved.outcome, saved.reason, saved.asked_url) == (Outcome.REFUSED, "extractor-failed", URL)
    assert "ZeroDivisionError" in (saved.detail or "")
    assert Path(__file__).name in (saved.detail or "")


def test_a_file_that_cannot_be_removed_stays_and_names_no_page(tmp_path: Path) -> None:
    log = CrashLog(tmp_path, Extractor())
    [path] = tmp_path.iterdir()
    path.unlink()
    path.mkdir()
    log.close()
    assert path.is_dir()
