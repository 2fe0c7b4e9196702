"""What changed between two revisions, word by word, and citations of an article."""

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from reading_room.citations import FORMS
from reading_room.pages.article import article_named
from reading_room.parameters import choice_value, number_value
from reading_room.rendering import library_of, rendered
from storage.corpus.read.word_diff import compared_text, word_diff


def changes_page(request: Request) -> Response:
    """`/articles/<article_id>/changes?from=&to=`: numbers of revisions; without them the two newest."""
    found = article_named(request)
    numbers = [one["revision"] for one in found["revisions"] if one["revision"]]
    newest = max(numbers)
    after = number_value(request.query_params, "to", newest, 1, newest)
    before = number_value(request.query_params, "from", max(1, after - 1), 1, newest)
    runs = list(word_diff(compared_text(_revision(found, before)), compared_text(_revision(found, after))))
    values = {"article": found["article"], "numbers": numbers, "before": before, "after": after, "runs": runs}
    return rendered(request, "changes.html", **values)


def citation(request: Request) -> Response:
    """`/articles/<article_id>/cite?format=`: txt, bibtex, csl, ris or pwid."""
    form = choice_value(request.query_params, "format", tuple(FORMS))
    write, media_type, suffix = FORMS[form]
    article = article_named(request)["article"]
    name = f"emeroteca-{article['article_id'][:12]}.{suffix}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'} if form not in {"txt", "pwid"} else {}
    return Response(
        write(article, library_of(request).archive), media_type=f"{media_type}; charset=utf-8", headers=headers
    )


def _revision(found: dict[str, Any], number: int) -> dict[str, Any]:
    for revision in found["revisions"]:
        if revision["revision"] == number:
            return dict(revision)
    raise HTTPException(404, "there is no such revision")
