"""A rebuild gives the same corpus however it is run, and says what it did not take."""

import gzip
import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

import spiders
from crawler.cli.main import emeroteca
from crawler.extraction.version import Reader, forget
from crawler.ingest.classify import Extractor
from crawler.ingest.extraction_worker import ExtractionWorker
from crawler.ingest.file_registration import unregistered_files
from crawler.ingest.messages import Problem, Task, TaskResult
from crawler.ingest.report import IngestReport
from storage.collection import Collection
from storage.corpus.db.database import open_database
from storage.corpus.db.tables import CaptureRow
from storage.corpus.export.export import export_jsonl
from storage.corpus.read.fingerprint import fingerprint
from storage.corpus.read.queries import status
from storage.corpus.write.store import Store
from storage.exceptions import SourceNotFound

Rebuilt = Callable[..., tuple[IngestReport, bytes, list[Problem]]]

SHARED = Path(__file__).resolve().parents[4] / "shared" / "warcs"


def export(url: str) -> bytes:
    out = io.BytesIO()
    with open_database(url) as database:
        export_jsonl(database, out)
    return out.getvalue()


def files_in(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.warc.gz"))


def test_rows_are_the_same_for_any_jobs_order_and_database(crawled: Path, rebuilt: Rebuilt, postgres_url: str) -> None:
    report, first, _ = rebuilt(crawled, home="one")
    assert report.taken == {"article": 30, "refused": 1, "discovery": 1, "other": 1}
    assert len(first.splitlines()) == 24
    backwards = files_in(crawled)[::-1]
    assert rebuilt(*backwards, home="two", jobs=2)[1] == first
    assert rebuilt(*backwards, home="postgres", database=postgres_url)[1] == first
    shuttled = [rebuilt(file, home="by-file")[1] for file in backwards]
    assert shuttled[-1] == first


def test_four_rebuilds_at_once_give_what_one_gives(
    crawled: Path, tmp_path: Path, rebuilt: Rebuilt, postgres_url: str
) -> None:
    """Real processes into one Postgres: each file is read by three of them, in either order."""
    _, expected, _ = rebuilt(crawled, home="one")
    first, second = files_in(crawled)
    open_database(postgres_url).close()
    command = [sys.executable, "-m", "crawler.cli", "--database", postgres_url]
    running = [
        subprocess.Popen(
            [*command, "--home", str(tmp_path / str(number)), "rebuild", "--again", "--jobs", "1", *map(str, files)],
            cwd=Path(__file__).parents[3],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for number, files in enumerate(([first], [second], [first, second], [second, first]))
    ]
    assert {one.wait(timeout=240) for one in running} <= {0, 1}  # 1: a refused page, which the crawl has
    assert export(postgres_url) == expected
    with (
        open_database(postgres_url) as many,
        open_database(Collection(tmp_path / "one", None).database_url) as alone,
    ):
        assert fingerprint(many) == fingerprint(alone)


def test_small_ranges_give_the_same(crawled: Path, rebuilt: Rebuilt, monkeypatch: pytest.MonkeyPatch) -> None:
    first = rebuilt(crawled, home="one")[1]
    monkeypatch.setattr("crawler.ingest.local_executor.LocalExecutor.most", 10_000)
    assert rebuilt(crawled, home="two")[1] == first
    assert lastmods(rebuilt, crawled, "two") == lastmods(rebuilt, crawled, "one")


def lastmods(rebuilt: Rebuilt, crawled: Path, home: str) -> list[Any]:
    database = Path(rebuilt.__closure__[0].cell_contents) / home / "corpus.db"  # type: ignore[index]
    with open_database(f"sqlite:///{database}") as opened, opened.reading() as connection:
        found = select(CaptureRow.url, CaptureRow.record_type, CaptureRow.lastmod).order_by(CaptureRow.captured_at)
        return [tuple(row) for row in connection.execute(found)]


def test_the_lists_claim_is_read_from_the_metadata_records(crawled: Path, rebuilt: Rebuilt) -> None:
    rebuilt(crawled)
    found = lastmods(rebuilt, crawled, "home")
    claims = [claim for _, kind, claim in found if kind == "response"]
    assert claims == [f"2027-05-{number + 1:02}" for number in range(24)] + [None] * 3
    assert {claim for _, kind, claim in found if kind == "revisit"} == {"2027-06-01"}


def test_what_is_done_is_passed_over_until_it_is_asked_for_again(crawled: Path, rebuilt: Rebuilt) -> None:
    _, first, _ = rebuilt(crawled)
    report, second, _ = rebuilt(crawled)
    assert (report.captures, report.passed["done"], second) == (0, 33, first)
    report, third, _ = rebuilt(crawled, again=True)
    assert (report.captures, third) == (33, first)


def test_a_mended_site_file_has_the_rows_of_its_site_made_again(
    crawled: Path, tmp_path: Path, rebuilt: Rebuilt, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def outdated() -> dict[str, int]:
        assert emeroteca.main(["--home", str(tmp_path / "home"), "status", "--json"], standalone_mode=False) == 0
        sites = map(json.loads, capsys.readouterr().out.splitlines())
        return {site["site"]: site["outdated"] for site in sites if site["outdated"]}

    _, first, _ = rebuilt(crawled)
    assert outdated() == {}
    shutil.copytree(Path(spiders.__path__[0]), tmp_path / "spiders")
    with (tmp_path / "spiders" / "alanews.py").open("a") as file:
        file.write("# mended\n")
    monkeypatch.setattr(spiders, "__path__", [str(tmp_path / "spiders")])
    forget()
    try:
        assert outdated() == {"alanews": 17}
        report, second, _ = rebuilt(crawled)
        assert (report.captures, report.passed["done"], outdated()) == (17, 16, {})
    finally:
        forget()
    rows = [{**json.loads(row), "extractor": ""} for row in (first + second).splitlines()]
    assert rows[:24] == rows[24:]
    assert first != second


def readings(home: Path) -> list[tuple[Any, ...]]:
    """Outcome, extractor and agreement of each capture."""
    with open_database(f"sqlite:///{home / 'corpus.db'}") as opened, opened.reading() as connection:
        columns = (CaptureRow.outcome, CaptureRow.extractor, CaptureRow.agreement)
        found = select(*columns).order_by(CaptureRow.captured_at, CaptureRow.record_id)
        return [tuple(row) for row in connection.execute(found)]


def test_the_witness_changes_nothing_but_the_agreement(crawled: Path, rebuilt: Rebuilt, tmp_path: Path) -> None:
    _, first, _ = rebuilt(crawled, home="sample")
    everywhere = Extractor(witness_all=True)
    assert rebuilt(crawled, home="all", jobs=2, extractor=everywhere)[1] == first
    found = readings(tmp_path / "all")
    assert all((agreement is not None) == (outcome == "article") for outcome, _, agreement in found)
    assert any(agreement is None for outcome, _, agreement in readings(tmp_path / "sample") if outcome == "article")
    with (
        open_database(f"sqlite:///{tmp_path / 'all' / 'corpus.db'}") as one,
        open_database(f"sqlite:///{tmp_path / 'sample' / 'corpus.db'}") as other,
    ):
        assert fingerprint(one) == fingerprint(other)
    # captures read again outside of the sample keep what is known of them
    assert rebuilt(crawled, home="all", again=True)[1] == first
    assert readings(tmp_path / "all") == found
    # of captures with rows those are read again that the witness was not asked about
    assert 0 < rebuilt(crawled, home="sample", extractor=everywhere)[0].captures <= 30
    assert readings(tmp_path / "sample") == found
    assert rebuilt(crawled, home="sample", extractor=everywhere)[0].captures == 0


def test_another_reader_is_another_extractor(crawled: Path, rebuilt: Rebuilt, tmp_path: Path) -> None:
    _, first, _ = rebuilt(crawled, extractor=Extractor(witness_all=True))
    report, other, _ = rebuilt(crawled, extractor=Extractor(Reader.TRAFILATURA))
    assert report.captures == 33
    assert {Reader.of(json.loads(row)["extractor"]) for row in other.splitlines()} == {Reader.TRAFILATURA}
    assert {agreement for _, _, agreement in readings(tmp_path / "home")} == {None}
    assert rebuilt(crawled, extractor=Extractor(Reader.TRAFILATURA))[0].captures == 0
    assert rebuilt(crawled)[1] == first


def test_one_site_and_days_can_be_chosen(crawled: Path, rebuilt: Rebuilt) -> None:
    report, rows, _ = rebuilt(crawled, home="site", site="alanews")
    assert {json.loads(row)["site"] for row in rows.splitlines()} == {"alanews"}
    assert report.passed["other site"] == 16
    report, _, _ = rebuilt(crawled, home="days", since=date(2027, 6, 2))
    assert 0 < report.captures == 33 - report.passed["captured before"]


def test_of_other_people_only_known_sites_are_taken_unless_told(tmp_path: Path, rebuilt: Rebuilt) -> None:
    text = "<p>" + " ".join(f"La piazza del mercato numero {n} si riempie di gente." for n in range(60)) + "</p>"
    article = (
        f"<html><head><title>Mercato</title></head><body><article><h1>Il mercato</h1>{text}</article></body></html>"
    )
    data = [
        foreign(1, "https://giornale.example/2022/mercato.html", article.encode()),
        foreign(2, "https://giornale.example/foto.jpg", b"\xff\xd8", "image/jpeg"),
        foreign(3, "https://it.sputniknews.com/20220214/nulla-1.html", b"<html></html>"),
    ]
    path = tmp_path / "CC-NEWS-20220214.warc.gz"
    path.write_bytes(b"".join(map(gzip.compress, data)))
    report, rows, _ = rebuilt(path, home="known")
    assert (report.captures, report.passed["unknown site"], rows) == (1, 2, b"")
    assert report.lines()[-1] == "2 captures are of hosts without a site file: rebuild them with --any"
    report, rows, _ = rebuilt(path, home="any", any_page=True)
    assert report.passed["not HTML"] == 1
    assert [json.loads(row)["headline"] for row in rows.splitlines()] == ["Il mercato"]
    [(confidence, count)] = report.confidence.items()
    assert count == 1
    assert 0.3 <= confidence <= 1
    assert f"median {confidence}" in report.lines()[-1]
    assert rebuilt(path, home="any", any_page=True)[0].captures == 0
    with open_database(Collection(tmp_path / "any").database_url) as database:
        unknown, known = status(database)
        assert (unknown["site"], unknown["captures"], unknown["articles"]) == ("giornale.example", {"article": 1}, 1)
        assert (known["site"], known["captures"]) == ("sputniknews", {"discovery": 1})
        with database.reading() as connection:
            shown = select(CaptureRow.confidence).where(CaptureRow.site == "giornale.example")
            assert list(connection.scalars(shown)) == [confidence]
    # without --any the row stays as it is
    assert rebuilt(path, home="any", again=True)[1] == rows


def foreign(number: int, url: str, body: bytes, media: str = "text/html", **extra: str) -> bytes:
    """A response record as a crawler of somebody else writes it."""
    http = f"HTTP/1.1 200 OK\r\nContent-Type: {media}\r\n\r\n".encode() + body
    return record(number, "response", url, http, **extra)


def record(number: int, kind: str, url: str, block: bytes, **extra: str) -> bytes:
    fields = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in extra.items())
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012}>\r\n"
        f"WARC-Target-URI: {url}\r\nWARC-Date: 2022-02-14T12:00:00Z\r\n{fields}Content-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def broken(crawled: Path, folder: Path) -> list[Path]:
    """Archives with all that can be wrong with them."""
    folder.mkdir()
    sound = files_in(crawled)[0].read_bytes()
    url = "https://alanews.it/cronaca/nebbia/"
    made = {
        "cut.warc.gz": sound[:-30],
        "corrupt.warc.gz": sound[:5000] + b"\0" * 200 + sound[5200:],
        "rubbish.warc.gz": b"\x1f\x8b\x08 and nothing else",
        "empty.warc.gz": b"",
        "text.warc": b"This is no archive.\r\n" * 20,
        "no-head.warc": record(1, "response", url, b"<html><body>senza intestazione</body></html>"),
        "no-url.warc": record(1, "response", "", b"HTTP/1.1 200 OK\r\n\r\nx"),
        "bad-url.warc": record(1, "response", "http://[alanews.it/x", b"HTTP/1.1 200 OK\r\n\r\nx"),
        "orphan.warc": record(1, "revisit", url, b"HTTP/1.1 200 OK\r\n\r\n", WARC_Payload_Digest="sha1:" + "A" * 32),
        "coding.warc": foreign(1, url, b"not gzip at all").replace(
            b"text/html\r\n", b"text/html\r\nContent-Encoding: gzip\r\n"
        ),
        "charset.warc": foreign(1, url, b"<html><p>citt\xe0</p></html>", "text/html; charset=klingon"),
        "not.wacz": b"PK\x03\x04 no zip",
    }
    for name, data in made.items():
        (folder / name).write_bytes(data)
    with zipfile.ZipFile(folder / "cut.wacz", "w") as wacz:
        wacz.writestr("archive/data.warc.gz", sound[:-30])
    return sorted(folder.iterdir())


def test_broken_archives_go_through_with_a_report(crawled: Path, tmp_path: Path, rebuilt: Rebuilt) -> None:
    for jobs, number in ((1, 0), (2, 1)):
        for path in broken(crawled, tmp_path / f"broken-{jobs}"):
            report, _, told = rebuilt(path, home=f"{path.name}-{number}", jobs=jobs)
            assert report.needs_a_look, path.name
            assert not any("Error" in str(one) for one in told if one.reason == "extractor failed"), told


@pytest.mark.skipif(not SHARED.is_dir(), reason="no ../shared/warcs beside the checkout")
@pytest.mark.parametrize("any_page", [False, True])
def test_other_peoples_archives_go_through_with_a_report(rebuilt: Rebuilt, any_page: bool) -> None:
    report, _, told = rebuilt(SHARED, any_page=any_page, jobs=2)
    assert report.needs_a_look
    assert "extractor failed" not in {one.reason for one in told}
    assert report.captures + report.passed.total() > 300


@pytest.mark.parametrize("jobs", [1, 2])
def test_revisits_with_digests_of_another_kind_find_their_originals(
    tmp_path: Path, rebuilt: Rebuilt, jobs: int
) -> None:
    url = "https://alanews.it/cronaca/il-mercato/"
    page = (Path(__file__).parents[2] / "fixtures" / "alanews" / "breadcrumb-first" / "page.html").read_bytes()
    digests = {"WARC_Payload_Digest": "sha256:" + sha256(page).hexdigest()}
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    again = record(2, "revisit", url, head, **digests).replace(b"2022-02-14T12", b"2022-02-20T12")
    (tmp_path / "again.warc").write_bytes(again)
    (tmp_path / "first.warc").write_bytes(foreign(1, url, page, **digests))
    report, rows, told = rebuilt(tmp_path / "again.warc", tmp_path / "first.warc", jobs=jobs)
    assert not told
    assert report.taken["article"] == 2
    (row,) = map(json.loads, rows.splitlines())
    assert (row["first_captured_at"][:10], row["last_captured_at"][:10]) == ("2022-02-14", "2022-02-20")


def test_records_of_one_id_in_one_member_are_told(tmp_path: Path, rebuilt: Rebuilt) -> None:
    url = "https://alanews.it/cronaca/nebbia-{}/"
    path = tmp_path / "whole.warc.gz"
    path.write_bytes(gzip.compress(b"".join(foreign(7, url.format(n), b"<html><p>x</p></html>") for n in range(3))))
    report, _, told = rebuilt(path)
    assert report.captures == 1
    assert [one.url for one in told if one.reason == "shares its record id"] == [url.format(1), url.format(2)]
    assert report.needs_a_look


def test_two_files_of_one_name_are_told(crawled: Path, tmp_path: Path, rebuilt: Rebuilt) -> None:
    there = tmp_path / "there"
    there.mkdir()
    shutil.copy(files_in(crawled)[0], there)
    report, _, told = rebuilt(files_in(crawled)[0], there, files_in(crawled)[0])
    assert report.files == 1
    assert [one.reason for one in told if not one.url] == ["name is taken"]


def test_a_path_that_leads_nowhere_is_told(tmp_path: Path, rebuilt: Rebuilt) -> None:
    with pytest.raises(SourceNotFound, match="there is no file"):
        rebuilt(tmp_path / "nothing*.warc.gz")


def test_files_come_out_of_a_wacz(crawled: Path, tmp_path: Path, rebuilt: Rebuilt) -> None:
    expected = rebuilt(crawled, home="here")[1]
    with zipfile.ZipFile(tmp_path / "a.wacz", "w") as wacz:
        for file in files_in(crawled):
            wacz.write(file, f"archive/{file.name}")
    rows = rebuilt(tmp_path / "a.wacz", home="wacz")[1].decode()
    assert rows.replace("a.wacz/archive/", "") == expected.decode()


def test_work_that_workers_die_of_is_told_and_ends(
    crawled: Path, rebuilt: Rebuilt, monkeypatch: pytest.MonkeyPatch
) -> None:
    if sys.platform != "linux":
        pytest.skip("workers are forked on Linux only")

    class Deadly(ExtractionWorker):
        def run(self, task: Task) -> Iterator[TaskResult]:
            os.kill(os.getpid(), signal.SIGKILL)
            yield from super().run(task)

    monkeypatch.setattr("crawler.ingest.local_executor.ExtractionWorker", Deadly)
    monkeypatch.setattr("crawler.ingest.local_executor.LocalExecutor.most", 10_000)
    report, rows, told = rebuilt(crawled, jobs=2)
    assert report.needs_a_look
    assert rows == b""
    assert {one.reason for one in told} == {"worker died"}
    assert len(told) > 2


def test_own_files_that_were_rebuilt_are_taken_in(crawled: Path, tmp_path: Path, rebuilt: Rebuilt) -> None:
    collection = Collection(tmp_path / "home")
    shutil.copytree(crawled, collection.warc)
    rebuilt(collection.warc, site="alanews")
    assert collection.registry().manifest.digests() == {}
    rebuilt(collection.warc)
    assert collection.registry().unregistered_files() == []
    with open_database(collection.database_url) as database:
        assert unregistered_files(collection.registry(), Store(database)) == []


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_rebuild_that_is_killed_goes_on_to_the_same_rows(
    crawled: Path, tmp_path: Path, rebuilt: Rebuilt, jobs: int
) -> None:
    expected = rebuilt(crawled, home="calm")[1]
    command = [sys.executable, "-m", "crawler.cli", "--home", str(tmp_path / "killed"), "rebuild", str(crawled)]
    draw = random.Random(jobs)
    for _ in range(2):
        child = subprocess.Popen([*command, "--jobs", str(jobs)], stderr=subprocess.DEVNULL)
        time.sleep(draw.uniform(0.8, 2.5))
        child.send_signal(signal.SIGKILL)
        child.wait(timeout=30)
    assert rebuilt(crawled, home="killed", jobs=jobs)[1] == expected
