"""Authors on the platform: its agencies are none, and an edition's name stands behind a person's."""

import re

from crawler.extraction.fields import people

_AGENCY = re.compile(r"\b(?:sputnik|ria novosti|риа новости|rossiya segodnya)\b", re.I)
#: "Finian Cunningham. Sputnik International"
_EDITION = re.compile(r"[\s.,]*\b(?:Sputnik|РИА|RIA)\b[\s\w]*$")


def names(candidates: list[str], organisation: str | None = None) -> tuple[str, ...]:
    """The people of these bylines, each once, in order."""
    found = people.names([_EDITION.sub("", line.rstrip()) for line in candidates], organisation)
    return tuple(name for name in found if is_person(name))


def is_person(name: str, organisation: str | None = None) -> bool:
    """Whether a part of a byline can be a person and no agency."""
    return people.is_person(name, organisation) and not _AGENCY.search(name)
