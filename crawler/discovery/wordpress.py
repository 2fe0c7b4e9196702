"""Route: the WordPress REST API, `/wp-json/wp/v2/posts` (WordPress REST API Handbook, Posts)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from crawler.discovery.route import DiscoveredUrl, Follow, ListPage, Window, check_status
from storage.exceptions import UnreadableList

_FIELDS = "id,date,date_gmt,modified_gmt,slug,link"


@dataclass(frozen=True, slots=True)
class WordPressRoute:
    """Pages through the posts of the window, newest first, `per_page` at a time, up to X-WP-TotalPages.

    Where the collection has all changes up to some moment: through those that changed later (`modified_after`, since
    WordPress 5.7), and the newest as long as a page has new ones, since a post that was scheduled comes out with the
    date of its last change.
    """

    endpoint: str
    per_page: int = 100
    name: str = "wp-json"
    dates_every_article: bool = True

    def start(self, window: Window) -> list[str]:
        query: dict[str, Any] = {
            "per_page": self.per_page,
            "page": 1,
            "orderby": "date",
            "order": "desc",
            "_fields": _FIELDS,
        }
        if window.since is not None:
            # `after` is exclusive and compares with the post's local date
            query["after"] = (_midnight(window.since) - timedelta(seconds=1)).isoformat()
        if window.until is not None:
            query["before"] = _midnight(window.until + timedelta(days=1)).isoformat()
        starts = [query]
        if window.changed_since is not None:
            starts.append({**query, "orderby": "modified", "modified_after": window.changed_since.isoformat()})
        return [f"{self.endpoint}?{urlencode(query)}" for query in starts]

    def read(self, page: ListPage, window: Window) -> Iterator[DiscoveredUrl | Follow]:
        check_status(page)
        posts = _json(page.body)
        if not isinstance(posts, list):
            raise UnreadableList(f"it is no list of posts: {str(posts)[:80]}")
        for post in posts:
            if isinstance(post, dict) and isinstance(post.get("link"), str):
                yield DiscoveredUrl(
                    url=page.absolute(post["link"]),
                    route=self.name,
                    via=page.url,
                    published=_local_day(post.get("date")) or _utc(post.get("date_gmt")),
                    lastmod=_utc(post.get("modified_gmt")),
                )
        follow = _next_page(page)
        if posts and follow is not None:
            yield Follow(follow, older=window.changed_since is not None and "modified_after=" not in follow)


def _next_page(page: ListPage) -> str | None:
    parts = urlsplit(page.url)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    number = int(query.get("page", "1"))
    total = page.headers.get("x-wp-totalpages", "")
    if not total.isdigit() or number >= int(total):
        return None
    return urlunsplit(parts._replace(query=urlencode({**query, "page": number + 1})))


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError as problem:
        raise UnreadableList(f"it is no JSON: {problem}") from problem


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def _local_day(text: Any) -> date | None:
    try:
        return datetime.fromisoformat(text).date() if isinstance(text, str) else None
    except ValueError:
        return None


def _utc(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC) if isinstance(text, str) else None
    except ValueError:
        return None
