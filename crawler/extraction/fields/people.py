"""Authors: names of people from bylines, without "by", organisations and addresses."""

import re

from crawler.extraction.html.text import fold, unique_fold_case

_BY = re.compile(r"^(?:by|di|a cura di|por|de|von|par|scritto da|written by|published by)\s+(?=\S)", re.I)
_BETWEEN = re.compile(r"\s*(?:[;|•·/]|,|\s(?:e|ed|and|y|und|et|&)\s)\s*")
_ORGANISATION = re.compile(r"\b(?:sputnik|ria novosti|риа новости|rossiya segodnya)\b", re.I)
#: The platform writes the edition behind the author: "Finian Cunningham. Sputnik International".
_EDITION = re.compile(r"[\s.,]*\b(?:Sputnik|РИА|RIA)\b[\s\w]*$")


def names(candidates: list[str], organisation: str | None = None) -> tuple[str, ...]:
    """The people among these bylines, each once, in order. `organisation` is the publisher's own name."""
    found = [name for line in candidates for name in _split(line) if name]
    return unique_fold_case([name for name in found if is_person(name, organisation)])


def _split(line: str) -> list[str]:
    text = _EDITION.sub("", _BY.sub("", fold(line)))
    return [_BY.sub("", part).strip(" .,-–—") for part in _BETWEEN.split(text)]


def is_person(name: str, organisation: str | None = None) -> bool:
    """Whether a byline can be a person: no address, no organisation, not the publisher."""
    if not name or len(name) > 60 or "@" in name or "://" in name or name.isdigit():
        return False
    if organisation and name.casefold() == organisation.casefold():
        return False
    return not _ORGANISATION.search(name)
