"""The OpenAPI document of the addresses below /api/ (OpenAPI 3.1). A test compares it with the routes."""

from collections.abc import Mapping
from typing import Any, Final

from storage.corpus.search.facets import FACETS

_TEXT: Final = {"type": "string", "maxLength": 400}
_DAY: Final = {"type": "string", "format": "date"}
_SEARCH: Final[Mapping[str, tuple[dict[str, Any], str]]] = {
    "q": ({"type": "string", "maxLength": 500}, "words; empty: all articles"),
    **{name: (_TEXT, f"only this {name}") for name in FACETS},
    "since": (_DAY, "first day of publication"),
    "until": (_DAY, "last day of publication"),
}
_PAGED: Final[Mapping[str, tuple[dict[str, Any], str]]] = {
    "limit": ({"type": "integer", "minimum": 1, "maximum": 100, "default": 20}, "articles at most"),
    "offset": ({"type": "integer", "minimum": 0, "maximum": 10000, "default": 0}, "articles left out before"),
}
_PERIOD: Final[Mapping[str, tuple[dict[str, Any], str]]] = {
    "period": ({"type": "string", "enum": ["month", "day", "year"], "default": "month"}, "length of a period")
}
_SORT: Final[Mapping[str, tuple[dict[str, Any], str]]] = {
    "sort": ({"type": "string", "enum": ["day", "left", "right"], "default": "day"}, "by day or by the words around")
}
_AFTER: Final[Mapping[str, tuple[dict[str, Any], str]]] = {"after": (_TEXT, "a cursor; 0: from the beginning")}
_ARTICLE: Final = "^[0-9a-f]{32}$"
_ERRORS: Final = {"400": "a parameter is wrong", "503": "the question took too long, or the corpus does not answer"}


def _operation(
    summary: str, parameters: Mapping[str, tuple[dict[str, Any], str]], media: str = "application/json"
) -> dict[str, Any]:
    listed = [
        {"name": name, "in": "query", "schema": schema, "description": words}
        for name, (schema, words) in parameters.items()
    ]
    return _answering(summary, listed, media)


def _of_path(summary: str, name: str, pattern: str) -> dict[str, Any]:
    schema = {"type": "string", "pattern": pattern}
    return _answering(summary, [{"name": name, "in": "path", "required": True, "schema": schema}], "application/json")


def _answering(summary: str, parameters: list[dict[str, Any]], media: str) -> dict[str, Any]:
    schema = {"type": "object"} if media == "application/json" else {"type": "string"}
    errors = {**_ERRORS, "404": "there is no such thing", "451": "the article is withheld"}
    answers: dict[str, Any] = {status: {"description": words} for status, words in errors.items()}
    answers["200"] = {"description": summary, "content": {media: {"schema": schema}}}
    return {"get": {"summary": summary, "parameters": parameters, "responses": answers}}


DOCUMENT: Final[dict[str, Any]] = {
    "openapi": "3.1.0",
    "info": {
        "title": "Emeroteca",
        "version": "1",
        "description": "What the reading room shows, as JSON. Read-only.",
    },
    "paths": {
        "/api/search": _operation("articles found, with counts by facet", {**_SEARCH, **_PAGED}),
        "/api/contexts": _operation(
            "every occurrence in the articles of a page; sorted by its context, a page of all occurrences",
            {**_SEARCH, **_PAGED, **_SORT},
        ),
        "/api/frequencies": _operation("articles by period", {**_SEARCH, **_PERIOD}),
        "/api/articles/{article_id}": _of_path("an article with its history", "article_id", _ARTICLE),
        "/api/articles/{article_id}/captures": _of_path(
            "the captures of its URLs, with outcome, source and agreement of both readers", "article_id", _ARTICLE
        ),
        "/api/articles/{article_id}/copies": _of_path("articles with nearly the same text", "article_id", _ARTICLE),
        "/api/sites": _operation("sites with articles", {}),
        "/api/crawls": _operation("the last crawls", {}),
        "/api/crawls/{number}": _of_path("a crawl with refusals by reason", "number", "^[0-9]{1,9}$"),
        "/api/changes": _operation(
            "what is new, changed or gone after a cursor; the next is in Emeroteca-Cursor", _AFTER, "application/jsonl"
        ),
        "/api/openapi.json": _operation("this document", {}),
    },
}
