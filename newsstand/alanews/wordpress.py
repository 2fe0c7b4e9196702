"""The WordPress REST API: /wp-json/wp/v2/posts with paging, ranges, order and `_fields`."""

import json
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any

from newsstand.alanews.content import content
from newsstand.alanews.head import TITLE, description, gmt, graph
from newsstand.alanews.text import text
from newsstand.alanews.urls import CATEGORIES, ROOT, category_name, category_url, url
from newsstand.draw import Draw
from newsstand.edition import Edition
from newsstand.message import JSON, Response
from newsstand.story import Story
from newsstand.timeline import ROME
from newsstand.writer import EARLY_CHANGE


class Invalid(Exception):
    """A parameter rejected by WordPress: (code, message)."""


def _naive(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat()


def _term(name: str) -> int:
    return 100 + Draw("term", name).below(900_000)


def post(story: Story) -> dict[str, Any]:
    """A post as the API shows it."""
    return {
        "id": story.number,
        "date": _naive(story.published),
        "date_gmt": _naive(story.published.astimezone(UTC)),
        "guid": {"rendered": f"{ROOT}/?p={story.number}"},
        "modified": _naive(story.modified),
        "modified_gmt": _naive(story.modified.astimezone(UTC)),
        "slug": story.slug,
        "status": "publish",
        "type": "post",
        "link": url(story),
        "title": {"rendered": text(story.headline)},
        "content": {"rendered": content(story, {}), "protected": False},
        "excerpt": {"rendered": f"<p>{text(story.pieces[0].text[:240])} [&hellip;]</p>\n", "protected": False},
        "author": _term(story.authors[0]),
        "featured_media": story.picture.number if story.picture else 0,
        "categories": [CATEGORIES[name] for name in story.sections],
        "tags": [_term(tag) for tag in story.keywords],
        "yoast_head_json": {
            "title": f"{story.headline} - {TITLE}",
            "description": description(story),
            "canonical": url(story),
            "article_published_time": gmt(story.published),
            "article_modified_time": gmt(story.modified),
            "author": story.authors[0],
            "schema": graph(story),
        },
    }


def _moment(parameters: dict[str, str], name: str) -> datetime | None:
    raw = parameters.get(name)
    if raw is None:
        return None
    try:
        moment = datetime.fromisoformat(raw)
    except ValueError as error:
        raise Invalid("rest_invalid_param", f"Parametro(i) non valido(i): {name}") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=ROME)


def _number(parameters: dict[str, str], name: str, default: int, most: int) -> int:
    raw = parameters.get(name, str(default))
    if not raw.isdigit() or not 1 <= int(raw) <= most:
        raise Invalid("rest_invalid_param", f"Parametro(i) non valido(i): {name}")
    return int(raw)


def _chosen(edition: Edition, parameters: dict[str, str], clock: int) -> Sequence[int]:
    """The indexes in the requested ranges (bounds excluded, as in WordPress), oldest first."""
    published, living = edition.writer.published, edition.indexes(clock)
    after, before = _moment(parameters, "after"), _moment(parameters, "before")
    low = bisect_right(living, after, key=published) if after else 0
    high = bisect_left(living, before, key=published) if before else len(living)
    chosen: Sequence[int] = living[low:high]
    since, until = _moment(parameters, "modified_after"), _moment(parameters, "modified_before")
    if since:  # older posts without an edit in the scenario cannot have changed since
        recent = bisect_left(chosen, since - timedelta(minutes=EARLY_CHANGE), key=published)
        edits = edition.scenario.edits
        chosen = [i for at, i in enumerate(chosen) if at >= recent or edits(i, clock)]
    if since or until:
        changed = ((index, edition.writer.modified(index, clock)) for index in chosen)
        chosen = [i for i, at in changed if (not since or at > since) and (not until or at < until)]
    return chosen


def _ordered(edition: Edition, chosen: Sequence[int], parameters: dict[str, str], clock: int) -> Sequence[int]:
    orderby, order = parameters.get("orderby", "date"), parameters.get("order", "desc")
    if orderby not in ("date", "id", "modified") or order not in ("asc", "desc"):
        raise Invalid("rest_invalid_param", "Parametro(i) non valido(i): orderby")
    if orderby == "modified":
        return sorted(chosen, key=lambda i: edition.writer.modified(i, clock), reverse=order == "desc")
    return chosen if order == "asc" else chosen[::-1]


def _fields(row: dict[str, Any], parameters: dict[str, str]) -> dict[str, Any]:
    wanted = {name.strip().split(".")[0] for name in parameters.get("_fields", "").split(",") if name.strip()}
    return {name: value for name, value in row.items() if name in wanted} if wanted else row


def posts(edition: Edition, parameters: dict[str, str], clock: int) -> Response:
    """The collection: X-WP-Total, X-WP-TotalPages; 400 for a page past the end or a wrong parameter."""
    try:
        size, page = _number(parameters, "per_page", 10, 100), _number(parameters, "page", 1, 10**9)
        chosen = _ordered(edition, _chosen(edition, parameters, clock), parameters, clock)
        pages = -(-len(chosen) // size)
        if page > max(1, pages):
            raise Invalid(
                "rest_post_invalid_page_number", "Il numero di pagina richiesto è più grande del disponibile."
            )
    except Invalid as error:
        code, message = error.args
        return answer({"code": code, "message": message, "data": {"status": 400}}, status=400)
    shown = chosen[(page - 1) * size : page * size]
    rows = [_fields(post(edition.story(index, clock)), parameters) for index in shown]
    return answer(rows, headers=[("X-WP-Total", str(len(chosen))), ("X-WP-TotalPages", str(pages))])


def one(edition: Edition, number: int, parameters: dict[str, str], clock: int) -> Response:
    """A single post; 404 rest_post_invalid_id."""
    index = edition.writer.numbers.index(number)
    if index is None or not edition.scenario.lives(index, clock):
        missing = {"code": "rest_post_invalid_id", "message": "ID articolo non valido.", "data": {"status": 404}}
        return answer(missing, status=404)
    return answer(_fields(post(edition.story(index, clock)), parameters))


def categories() -> Response:
    """The categories."""
    rows = [
        {"id": number, "name": category_name(name), "slug": name, "link": category_url(name),
         "parent": CATEGORIES["sport"] if name == "calcio" else 0, "taxonomy": "category"}
        for name, number in CATEGORIES.items()
    ]  # fmt: skip
    return answer(rows, headers=[("X-WP-Total", str(len(rows))), ("X-WP-TotalPages", "1")])


def answer(data: object, status: int = 200, headers: list[tuple[str, str]] | None = None) -> Response:
    """JSON as WordPress prints it: slashes escaped, ASCII only."""
    response = Response.of_text(json.dumps(data).replace("/", "\\/"), JSON, status)
    response.headers = [("X-Robots-Tag", "noindex"), ("Link", f'<{escape(ROOT)}/wp-json/>; rel="https://api.w.org/"')]
    response.headers += headers or []
    return response
