"""Parameters of a request, checked; everything else is a bad request (status 400)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, Final, Self
from urllib.parse import urlencode

from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException

from storage.corpus.search.filters import SearchFilter

#: Characters of a query, words of a query, characters of any other value, and pages of results.
_LONGEST_QUERY: Final = 500
_MOST_WORDS: Final = 40
_LONGEST: Final = 400
LAST_PAGE: Final = 500

_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_FILTERS: Final = tuple(one.name for one in fields(SearchFilter))
_DAYS: Final = ("since", "until")


def bad_request(why: str) -> HTTPException:
    """The answer to a request that nothing can be made of."""
    return HTTPException(400, why)


def text_value(params: QueryParams, name: str, longest: int = _LONGEST) -> str | None:
    """The value of a parameter; None where it is missing or empty. Raises HTTPException (400) for one that is there
    twice, too long, or has control characters."""
    values = params.getlist(name)
    if len(values) > 1:
        raise bad_request(f"the parameter {name} is there {len(values)} times: once is enough")
    value = values[0].strip() if values else ""
    if len(value) > longest:
        raise bad_request(f"the parameter {name} is longer than {longest} characters")
    if _CONTROL.search(value):
        raise bad_request(f"the parameter {name} has control characters")
    return value or None


def day_value(params: QueryParams, name: str) -> date | None:
    """A day, `2026-01-31`. Raises HTTPException (400)."""
    value = text_value(params, name)
    if value is None:
        return None
    try:
        if _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise bad_request(f"the parameter {name} is no day: write it like 2026-01-31")


def number_value(params: QueryParams, name: str, default: int, least: int, most: int) -> int:
    """A whole number. Raises HTTPException (400)."""
    value = text_value(params, name)
    if value is None:
        return default
    if not re.fullmatch(r"[0-9]{1,9}", value) or not least <= int(value) <= most:
        raise bad_request(f"the parameter {name} is no number from {least} to {most}")
    return int(value)


def choice_value(params: QueryParams, name: str, choices: tuple[str, ...]) -> str:
    """One of the choices, the first where the parameter is missing. Raises HTTPException (400)."""
    value = text_value(params, name) or choices[0]
    if value not in choices:
        raise bad_request(f"the parameter {name} is none of {', '.join(choices)}")
    return value


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What is searched: the words, the filter, the page of results; `others`: parameters that links carry on."""

    query: str = ""
    chosen: SearchFilter = field(default_factory=SearchFilter)
    page: int = 1
    others: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, params: QueryParams, others: Mapping[str, str] | None = None) -> Self:
        """From the parameters of a request. Raises HTTPException (400)."""
        query = text_value(params, "q", _LONGEST_QUERY) or ""
        if len(query.split()) > _MOST_WORDS:
            raise bad_request(f"the parameter q has more than {_MOST_WORDS} words")
        days = {name: day_value(params, name) for name in _DAYS}
        texts = {name: text_value(params, name) for name in _FILTERS if name not in _DAYS}
        page = number_value(params, "page", 1, 1, LAST_PAGE)
        return cls(query, SearchFilter(**texts, **days), page, others or {})  # type: ignore[arg-type]

    def active(self) -> dict[str, str]:
        """The filters that are set, as text."""
        return {name: str(value) for name, value in self.chosen.active().items()}

    def link(self, path: str = "/search", **changes: Any) -> str:
        """The address of this search on a page of the reading room, with other parameters; None removes one. A change
        leads back to the first page of results."""
        page = {"page": str(self.page)} if self.page > 1 and not changes else {}
        parameters = {"q": self.query, **self.active(), **self.others, **page, **changes}
        return f"{path}?{urlencode({name: value for name, value in parameters.items() if value not in (None, '')})}"

    def on_page(self, page: int) -> Self:
        """The same search, another page of its results."""
        return replace(self, page=page)
