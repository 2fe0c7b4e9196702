"""A search that finds many articles: a page of them without counting all, and their counts on a page of their own."""

import socket
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from threading import Thread
from typing import Final

import httpx
import pytest
from lxml import html
from playwright.sync_api import expect

from reading_room.server import _listening
from storage.corpus.db.database import open_database
from storage.corpus.write.store import Store
from tests.reading_room.browser import launched, visit
from tests.reading_room.conftest import capture, serving

#: More than a search counts.
MANY: Final = 150


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a reading room with many articles that have one word."""
    home: Path = tmp_path_factory.mktemp("many") / "home"
    home.mkdir()
    with open_database(f"sqlite:///{home / 'corpus.db'}") as database:
        section = ("Città", "Mare")
        Store(database).save(
            [
                capture(
                    n, f"Bollettino {n}", "Il mare è calmo.", section=section[n % 2], published_date=date(2026, 1, 1)
                )
                for n in range(MANY)
            ]
        )
    with serving("--home", str(home), "serve", "--port", "0") as url:
        yield url.rstrip("/")


def test_of_many_articles_a_page_is_shown_and_the_counts_are_elsewhere(url: str) -> None:
    with httpx.Client(base_url=url, trust_env=False, timeout=30) as client:
        first = html.fromstring(client.get("/search", params={"q": "mare"}).text)
        assert first.xpath("string(//p[@class='total'])") == "at least 100 articles found"
        assert len(first.xpath("//article[@class='hit']")) == 20 and first.xpath("//a[@rel='next']")
        (link,) = first.xpath("//aside//a[starts-with(@href, '/search/counts')]/@href")
        counted = html.fromstring(client.get(link).text)
        assert counted.xpath("string(//p[@class='total'])") == f"{MANY} articles found"
        values = dict(
            zip(counted.xpath("//section/ul/li/a/text()"), counted.xpath("//li/*[@class='number']/text()"), strict=True)
        )
        assert values["Città"] == values["Mare"] == str(MANY // 2)
        (section,) = counted.xpath("//section/ul/li/a[.='Mare']/@href")
        narrowed = html.fromstring(client.get(section).text)
        assert narrowed.xpath("string(//p[@class='total'])") == f"{MANY // 2} articles found"
        last = html.fromstring(client.get("/search", params={"q": "mare", "page": "8"}).text)
        assert len(last.xpath("//article[@class='hit']")) == 10
        behind = html.fromstring(client.get("/search", params={"q": "mare", "page": "9"}).text)
        assert not behind.xpath("//article[@class='hit']") and not behind.xpath("//a[@rel='next']")
        context = html.fromstring(client.get("/search/context", params={"q": "mare"}).text)
        assert context.xpath("string(//p[@class='total'])") == "at least 100 articles found"
        assert len(context.xpath("//tbody/tr")) == 25 and context.xpath("//a[@rel='next']")


def test_the_counts_come_after_the_page(url: str) -> None:
    with launched() as browser, visit(browser, url) as page:
        page.goto("/search?q=mare")
        expect(page.locator(".total")).to_have_text(f"{MANY} articles found")
        page.get_by_role("link", name="Città").click()
        expect(page.locator(".total")).to_have_text(f"{MANY // 2} articles found")


def test_a_body_does_not_wait_for_the_acknowledgement_of_its_head() -> None:
    with _listening("127.0.0.1", 0) as listener:
        client = Thread(target=lambda: socket.create_connection(listener.getsockname()).close())
        client.start()
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        client.join()
