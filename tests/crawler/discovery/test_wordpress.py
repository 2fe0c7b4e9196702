import json
from datetime import UTC, date, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from crawler.discovery.route import DiscoveredUrl, Follow, ListPage, Window
from crawler.discovery.wordpress import WordPressRoute
from storage.exceptions import UnreadableList

ROUTE = WordPressRoute(endpoint="https://news.example/wp-json/wp/v2/posts")
POSTS = [
    {
        "id": 7,
        "date": "2026-01-05T00:10:00",
        "date_gmt": "2026-01-04T23:10:00",
        "modified_gmt": "2026-01-05T09:00:00",
        "link": "https://news.example/cronaca/sagra/",
    },
    {"id": 8, "link": None},
    "rotto",
]


def query(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def test_the_window_is_asked_for_with_its_last_day_whole() -> None:
    (url,) = ROUTE.start(Window(date(2026, 1, 1), date(2026, 1, 31)))
    assert query(url)["after"] == "2025-12-31T23:59:59"
    assert query(url)["before"] == "2026-02-01T00:00:00"


def test_posts_give_their_local_day_and_the_instant_of_their_last_change() -> None:
    page = ListPage(url=next(iter(ROUTE.start(Window()))), body=json.dumps(POSTS).encode())
    (found,) = ROUTE.read(page, Window())
    assert isinstance(found, DiscoveredUrl)
    assert found.published == date(2026, 1, 5)
    assert found.lastmod == datetime(2026, 1, 5, 9, tzinfo=UTC)


@pytest.mark.parametrize(("total", "follows"), [("3", True), ("1", False), ("", False), ("molte", False)])
def test_paging_ends_where_the_server_says(total: str, follows: bool) -> None:
    url = next(iter(ROUTE.start(Window(since=date(2026, 1, 1)))))
    page = ListPage(url=url, body=json.dumps(POSTS).encode(), headers={"x-wp-totalpages": total})
    further = [step for step in ROUTE.read(page, Window()) if isinstance(step, Follow)]
    assert bool(further) is follows
    if follows:
        assert query(further[0].url) == {**query(url), "page": "2"}


@pytest.mark.parametrize("body", [b"<html>", b"[{", b'{"code": "rest_forbidden"}'])
def test_what_is_no_list_of_posts_says_so(body: bytes) -> None:
    with pytest.raises(UnreadableList):
        list(ROUTE.read(ListPage(url="https://news.example/wp-json/wp/v2/posts", body=body), Window()))


def test_where_the_rest_is_known_only_what_has_changed_is_paged_through() -> None:
    window = Window(changed_since=datetime(2026, 1, 4, 12, tzinfo=UTC))
    newest, changed = ROUTE.start(window)
    assert query(changed)["modified_after"] == "2026-01-04T12:00:00+00:00"
    assert query(changed)["orderby"] == "modified"
    for url, older in ((newest, True), (changed, False)):
        page = ListPage(url=url, body=json.dumps(POSTS).encode(), headers={"x-wp-totalpages": "3"})
        (further,) = (step for step in ROUTE.read(page, window) if isinstance(step, Follow))
        assert further.older is older
