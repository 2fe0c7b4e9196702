"""A search as a file that repeats it: JSON with the words and the filters."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, Final, Self

from storage.corpus.search.filters import SearchFilter
from storage.exceptions import InvalidQueryFile

_FILTERS: Final = tuple(one.name for one in fields(SearchFilter))
_DAYS: Final = ("since", "until")


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """The words of a query, as `storage.corpus.search.query` reads them, and the filter."""

    query: str = ""
    chosen: SearchFilter = field(default_factory=SearchFilter)

    def as_json(self) -> dict[str, Any]:
        """`query` and `filters`, those that are set; days as ISO dates."""
        filters = {name: str(value) for name, value in self.chosen.active().items()}
        return {"query": self.query, "filters": filters}

    @classmethod
    def from_text(cls, text: str) -> Self:
        """From a file's text; further entries are ignored. Raises InvalidQueryFile."""
        try:
            data = json.loads(text)
            filters = _checked(data["filters"])
            return cls(_text(data["query"]), SearchFilter(**filters))
        except (ValueError, KeyError, TypeError) as error:
            raise InvalidQueryFile(
                f"this is no query file ({error}): it is JSON such as "
                '{"query": "faro", "filters": {"site": "alanews", "since": "2026-01-01"}}'
            ) from error


def _checked(filters: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := set(filters) - set(_FILTERS):
        raise ValueError(f"there is no filter {', '.join(sorted(unknown))}")
    texts = {name: _text(value) for name, value in filters.items()}
    return {name: date.fromisoformat(value) if name in _DAYS else value for name, value in texts.items()}


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value
