"""Authors: names of people from bylines, without "by", roles, organisations and addresses."""

import re

from crawler.extraction.html.text import fold, unique_fold_case

_BY = re.compile(
    r"^(?:by|di|a cura di|por|de|von|par|door|av|scritto da|escrito por|written by|published by)"
    r"(?:\s*:\s*|\s+)(?=\S)",
    re.I,
)
_BETWEEN = re.compile(r"\s*(?:[;|•·/]|,|\s(?:e|ed|and|y|und|et|og|och|&|with|con|avec|mit)\s)\s*")
_ADDRESS = re.compile(r"\S*(?:://|@)\S*|\bwww\.\S+|\S+\.[a-z]{2,}/\S*")
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}")
_ROLE = re.compile(
    r"(?:(?:senior|chief|staff|political|foreign|nostr[oa]|our)\s+)*"
    r"(?:editor|reporter|correspondent|writer|columnist|contributor|photographer|journalist|giornalista|"
    r"redat(?:tore|trice)|dirett(?:ore|rice)|inviat[oa]|corrispondente|fotograf[oa]|periodista|redactora?|"
    r"corresponsal|redakteur(?:in)?|journaliste)(?:[- ](?:in|at|for|of|per|di|del|della|de)\b.*)?",
    re.I,
)


def names(candidates: list[str], organisation: str | None = None) -> tuple[str, ...]:
    """The people of these bylines, each once, in order. `organisation` is the publisher's own name."""
    found = [name for line in candidates for name in _split(line) if name]
    return unique_fold_case([name for name in found if is_person(name, organisation)])


def _split(line: str) -> list[str]:
    text = _BY.sub("", fold(_ADDRESS.sub(" ", line)))
    return [_BY.sub("", part).strip(" .,:-–—()[]") for part in _BETWEEN.split(text)]


def is_person(name: str, organisation: str | None = None) -> bool:
    """Whether a part of a byline can be a person: no address, no role, not the publisher."""
    if not name or len(name) > 60 or name.isdigit() or _ADDRESS.search(name):
        return False
    if organisation and name.casefold() == organisation.casefold():
        return False
    return not (_HOST.fullmatch(name) or _ROLE.fullmatch(name))
