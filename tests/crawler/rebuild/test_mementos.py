"""WARC files with mementos give the rows of their originals: any file, again and again, beside live captures."""

import json
from pathlib import Path

from storage.warc.write.writer import WarcWriter
from tests.crawler.conftest import Emeroteca
from tests.crawler.rebuild.conftest import Rebuilt, exchange, pages

PREFIX = "https://web.archive.org/web/20220214120000id_/"


def test_mementos_are_captures_of_the_past(rebuilt: Rebuilt, tmp_path: Path, emeroteca: Emeroteca) -> None:
    url, body = pages()[0]
    folder = tmp_path / "others"
    with WarcWriter(folder, prefix="mementi", software="somebody's/1") as writer:
        memento = exchange(PREFIX + url, body, 0, b"200 OK\r\nMemento-Datetime: Mon, 14 Feb 2022 12:00:00 GMT")
        writer.write(memento)
        writer.write(exchange(PREFIX + url, b"<h1>Too Many Requests</h1>", 1, b"429 Too Many Requests"))
        writer.write(exchange("https://web.archive.org/cdx/search/cdx?url=alanews.it", b"[]", 2))
        writer.write(exchange(url, body, 3))
    report, rows, _ = rebuilt(folder, home="archive")
    assert report.taken == {"article": 2, "other": 1}
    assert report.passed["unknown site"] == 1
    [row] = [json.loads(line) for line in rows.splitlines()]
    assert row["first_captured_at"].startswith("2022-02-14T12:00:00")
    assert row["last_captured_at"].startswith("2027-06-01")
    assert (row["url"], row["revisions"]) == (url, 1)

    report, again, _ = rebuilt(folder, home="archive")
    assert again == rows and report.passed["done"] == 2  # what the archive itself answered is read again
    verified = emeroteca("verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
