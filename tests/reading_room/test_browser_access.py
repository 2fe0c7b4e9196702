"""Everybody can use the reading room: axe finds nothing, the keyboard and a phone suffice, JavaScript is not needed."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.reading_room.browser import PHONE, addresses, launched, revised, visit

#: Pages are the same on both databases.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_a_phone_is_wide_enough(browser: Browser, served: str, scheme: str) -> None:
    axe, wrong = Axe(), []
    with visit(browser, served, missing=True, color_scheme=scheme, viewport=PHONE) as page:
        for name, address in addresses(page).items():
            page.goto(address)
            for one in axe.run(page).response["violations"]:
                wrong += [f"{name}: {one['id']} ({one['impact']}): {node['html'][:200]}" for node in one["nodes"]]
            width = page.evaluate("document.documentElement.scrollWidth")
            wrong += [f"{name}: {width} pixels wide"] if width > PHONE["width"] else []
    assert not wrong, "\n".join(wrong)


def test_the_keyboard_is_enough(browser: Browser, served: str) -> None:
    with visit(browser, served) as page:
        page.goto("/")
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
        assert (page.locator(":focus").bounding_box() or {"x": -1})["x"] >= 0
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        expect(page.get_by_label("Words")).to_be_focused()
        page.keyboard.type("biblioteca")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search?q=biblioteca*")
        seen = walk(page)
        reachable = page.locator("a[href], button, input:not([type=hidden]), select, summary, [tabindex='0']").count()
        assert len(seen) == reachable and all(seen), f"{len(seen)} of {reachable}: {seen}"


def walk(page: Page) -> list[bool]:
    """Tab through a page from its top: whether each place that has the focus shows it by an outline."""
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0); window.places = new Set()")
    shown = []
    for _ in range(200):
        page.keyboard.press("Tab")
        outline = page.evaluate(
            """() => {
                const here = document.activeElement;
                if (here === document.body) return null;
                if (window.places.has(here)) return "again";
                window.places.add(here);
                const style = getComputedStyle(here);
                return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
            }"""
        )
        if outline is None:
            return shown
        if outline != "again":  # a field of a date has several places
            shown.append(bool(outline))
    return shown


def test_pages_work_without_javascript(browser: Browser, served: str) -> None:
    with visit(browser, served, java_script_enabled=False) as page:
        page.goto("/")
        page.get_by_label("Words").fill("biblioteca")
        page.get_by_role("button", name="Search").click()
        expect(page.locator(".hit")).to_have_count(2)
        page.get_by_role("link", name="In context").click()
        expect(page.locator(".context tbody tr")).to_have_count(5)
        page.get_by_role("link", name="Over time").click()
        page.get_by_text("The same as a table").click()
        expect(page.locator("table.counts")).to_be_visible()
        page.locator("svg.chart a").last.click(force=True)
        expect(page.locator(".hit")).to_have_count(2)
        page.goto(revised(page))
        page.get_by_role("link", name="What changed").first.click()
        assert page.locator("ins, del").count() >= 1
        page.goto("/crawls/1")
        expect(page.locator('[data-count="state"]')).to_have_text("finished")
        page.get_by_role("link", name="Italiano").click()
        expect(page.get_by_role("heading", name="Catture")).to_be_visible()
