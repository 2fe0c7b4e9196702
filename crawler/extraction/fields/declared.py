"""Values as pages declare them in JSON-LD and meta tags: codes of languages, names of authors, keywords, titles."""

import re
from typing import Any

from crawler.extraction.html.structured import as_list, types_of
from crawler.extraction.html.text import fold

#: A language and what refines it; no charset, no code for "any".
_LANGUAGE = re.compile(r"(?!(?:utf|iso|und|mul)\b)([a-z]{2,3})(?:[-_][a-z0-9]{2,8})*", re.I)


def language_code(text: str | None) -> str | None:
    """The language alone of `it-IT`, `it_IT`, `IT`; None where it is no such code."""
    found = _LANGUAGE.fullmatch(fold(text))
    return found[1].lower() if found else None


def person_name(value: Any) -> str | None:
    """The name in a JSON-LD author: a text, or a person; an organisation is no author."""
    if isinstance(value, str):
        return value
    if not isinstance(value, dict) or "organization" in types_of(value):
        return None
    return " ; ".join(fold(name) for name in as_list(value.get("name")) if isinstance(name, str)) or None


def split_keywords(text: str) -> list[str]:
    """A comma list as words, else a list with semicolons; a text without either is one."""
    return [word for part in re.split(r"[,،、]" if re.search(r"[,،、]", text) else ";", text) if (word := fold(part))]


def without_site(title: str | None, publisher: str | None) -> str | None:
    """A title without the site's name behind it ("Title | Site", "Title - Site")."""
    text = fold(title)
    for mark in (" | ", " - ", " – ", " — ", " :: ", " • ", " « "):
        head, found, tail = text.rpartition(mark)
        if found and publisher and tail.casefold() == publisher.casefold():
            return head or None
    return text or None
