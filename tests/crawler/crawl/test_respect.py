"""A crawl that respects a reservation does not keep the answers that make it, and says how many they were."""

import json
from pathlib import Path

from storage.warc.read.reader import read_captures
from tests.crawler.conftest import Answer, Emeroteca, Serve

HOST = "http://alanews.it"
TEXT = (
    "<p>Il faro del molo torna ad accendersi dopo i lavori, e le barche rientrano di sera. Il porto lo festeggia.</p>"
    * 5
)


def page(name: str, head: str = "") -> str:
    meta = "<meta property='og:type' content='article'>"
    body = f"<article><h1>Il faro {name}</h1>{TEXT}</article>"
    return f"<html lang='it'><head><title>{name}</title>{meta}{head}</head><body>{body}</body></html>"


def test_reserved_answers_are_not_kept(serve: Serve, emeroteca: Emeroteca, tmp_path: Path) -> None:
    html = {"Content-Type": "text/html; charset=utf-8"}
    answers: dict[str, Answer] = {
        f"{HOST}/cronaca/aperto/": page("aperto"),
        f"{HOST}/cronaca/markup/": page("markup", "<meta name='robots' content='noarchive'>"),
        f"{HOST}/cronaca/header/": (200, {**html, "X-Robots-Tag": "noarchive"}, page("header").encode()),
        f"{HOST}/cronaca/altri/": (200, {**html, "X-Robots-Tag": "otherbot: noarchive"}, page("altri").encode()),
    }
    env, _ = serve(answers)
    urls = [word for url in answers for word in ("--url", url)]
    ended = emeroteca("crawl", "alanews", "--delay", "0", "--respect", "noarchive", "--json", *urls, env=env)
    kept = {capture.url for capture in read_captures(tmp_path / "archive" / "warc")}
    assert {url for url in answers if url in kept} == {f"{HOST}/cronaca/aperto/", f"{HOST}/cronaca/altri/"}, (
        ended.stderr
    )
    status = json.loads(emeroteca("status", "--json").stdout.splitlines()[0])
    assert status["last_crawl"]["counts"]["urls"]["noarchive"] == 2
    assert status["failures"] == {"noarchive": 2}
    rows = [json.loads(line) for line in emeroteca("export").stdout.splitlines()]
    assert [row["rights"] for row in rows if row["url"].endswith("altri/")] == [
        [{"signal": "noarchive", "value": None, "source": "X-Robots-Tag: otherbot"}]
    ]
