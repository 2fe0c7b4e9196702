"""Chromium, driven by Playwright: tests of the reading room look at its pages as people do."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
PHONE: Final = {"width": 360, "height": 740}
TABLET: Final = {"width": 820, "height": 1180}
WIDE: Final = {"width": 1280, "height": 900}


@contextmanager
def launched() -> Iterator[Browser]:
    """Debian's Chromium; skips where there is none."""
    path = next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        pytest.skip("no Chromium here: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@contextmanager
def visit(browser: Browser, url: str, *, missing: bool = False, **options: Any) -> Iterator[Page]:
    """A window on the reading room at url. At the end nothing may have gone wrong in it: no error of a script, no
    violation of the content security policy, no dialog. missing: whether pages may be asked for that are not there."""
    options = {"viewport": WIDE, "locale": "en-GB", "base_url": url, **options}
    context = browser.new_context(**options)
    wrong: list[str] = []

    def said(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not (
            missing and message.text.startswith("Failed to load resource")
        ):
            wrong.append(message.text)

    page = context.new_page()
    page.set_default_timeout(20_000)
    page.on("console", said)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
    yield page
    context.close()
    assert not wrong, wrong


def addresses(page: Page) -> dict[str, str]:
    """The address of each kind of page, found by its links."""
    found = {
        "home": "/",
        "search": "/search?q=biblioteca",
        "browse": "/search",
        "context": "/search/context?q=porto",
        "frequencies": "/search/frequencies?q=biblioteca&q2=porto",
        "crawls": "/crawls",
        "crawl": "/crawls/1",
        "site": "/sites/alanews",
        "error": "/nowhere",
    }
    found["hostile"] = href(page, "/search?q=ostile", ".hit h3 a")
    found["article"] = revised(page)
    found["changes"] = href(page, found["article"], ".revisions a")
    found["record"] = href(page, found["article"], ".captures a")
    return found


def revised(page: Page) -> str:
    """The address of an article of the demo that has two revisions."""
    for one in page.request.get("/api/search?limit=100").json()["articles"]:
        path = f"/articles/{one['article_id']}"
        if page.request.get(f"/api{path}").json()["article"]["revisions"] > 1:
            return path
    raise AssertionError("the demo edits articles")


def href(page: Page, address: str, link: str) -> str:
    """Where the first such link of a page leads."""
    page.goto(address)
    return str(page.locator(link).first.get_attribute("href"))
