"""Authors: names of people from bylines in the usual languages, without "by", roles, days, addresses."""

import re
from collections.abc import Sequence
from html import unescape
from itertools import accumulate

from crawler.extraction.html.limits import MOST_OF_BYLINES
from crawler.extraction.html.text import fold, unique_fold_case

_TAG = re.compile(r"<[^<>]*>|\([^()]*\)|\[[^][]*\]")
_ADDRESS = re.compile(r"\S*(?://|@|www\.)\S*|(?<!\S)[\w-]+(?:\.[\w-]+)*\.[a-z][a-z_-]+(?:/\S*)?(?!\S)")
#: What stands before names: all up to an English "by", labels, and prepositions, which begin names too ("Di Maio").
_BY = re.compile(r"^(?:.{0,60}?\b)?by\b[:\s]+(?=\S)", re.I)
_LABEL = re.compile(
    r"^(?:(?:authors?|autore?s?|autor[ei]n?|autora|autoren|auteure?s?|автор\w*|tekst|texte?s?|testo|текст|words|interview|story)"
    r"(?:\s*:\s*|\s+(?=\w))|(?:\w+\s+)?(?:scritto da|a cura di|[ée]crit par|publié par|escrito por|publicado por"
    r"|(?:geschrieben|verfasst|veröffentlicht|beitrag|artikel|ein text|interview|rezept) von)[:\s]\s*"
    r"|(?:文|作者|記者|记者|기자|بقلم|كتب|מאת|yazan|oleh)\s*[:：/／\s]\s*)(?=\S)",
    re.I,
)
_FROM = r"(?:di|de|da|par|por|von|vom|av|af|door|od|oleh|от|від)"
_PREPOSITION = re.compile(rf"^(?:{_FROM}|(?i:{_FROM})(?=\W+\S+\s))[:\s]\s*(?=[^\W\d_a-zà-ÿ])|^{_FROM}\s+(?=\S+$)")
#: Where a byline goes on with something else: the day, how long the text is, what else was done to it.
_AFTER = re.compile(
    r"\s+(?=\d)|(?:^|\s*[-–—,|·•]?\s+)(?:updated|published|posted|reviewed|edited|last|follow|on|at|in|says|said|am|um|vor"
    r"|im gespräch|aktualisiert"
    r"|veröffentlicht|pubblicato|aggiornato|publicado|actualizado|publié|опубликовано|обновлено)\b",
    re.I,
)
_BETWEEN = re.compile(
    r"\s*(?:[;|•·/、،؛，\n]|,?\s(?:e|ed|and|y|und|et|og|och|en|i|и|та|ve|dan|και|with|mit|con|avec)\s|&|\s[-–—]\s|,)\s*"
)
_ROLE = re.compile(
    r"(?:editors?|reporter|writer|correspondent|journalist|columnist|contributor|photographer|producer|expert|analyst|ceo"
    r"|cto|founder|co-founder|director|manager|professor|president|head|dietitian|nutritionist|representative|specialist"
    r"|redakteur(?:in)?|chefredakteur(?:in)?|korrespondent(?:in)?|reporterin|autorin|volontär(?:in)?|giornalista|inviat[oa]"
    r"|caporedattore|redattore|redattrice|corrispondente|dirett(?:ore|rice)|periodista|redactora?|corresponsal|directora?|editora?"
    r"|journaliste|rédact(?:eur|rice)|correspondante?|envoyée?|jornalista|repórter|redacteur|verslaggever"
    r"|dziennikarz|корреспондент|обозреватель|редактор|журналист|журналістка?|кореспондент|muhabir|δημοσιογράφος)",
    re.I,
)
_RANK = re.compile(
    r"(?:senior|junior|staff|chief|lead|deputy|managing|executive|contributing|associate|assistant|freelance|guest"
    r"|licensed|special|former|political|foreign|sports?|our|nostr[oa])",
    re.I,
)
#: Degrees behind a name ("MD", "Ph.D."), and who took the pictures.
_NO_NAME = re.compile(r"(?:fotos?|photos?|bild(?:er)?|illustrations?|video|grafik|immagini)\b.*", re.I)
_TITLES = re.compile(r"(?:[A-Z][a-z]{0,2}\.?){2,6}(?:\s(?:[A-Z][a-z]{0,2}\.?){2,6})*|[JS]r\.?")
_PLACEHOLDERS = """admin administrator wordpressadmin webmaster unknown anonymous name author the-author autor autore
    auteur guest user profile null none undefined redirect written written-by by posted team staff n/a"""
_NOBODY = frozenset(_PLACEHOLDERS.split())
#: Months and days, of which something is left where the byline's date is cut off.
_DAY = re.compile(
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?|(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag"
    r"|mittwoch|mo|di|mi|do|fr|sa|so)\.?",
    re.I,
)
#: Of these the ones that are names of people too.
_NAMES_OF_PEOPLE = re.compile(r"(?:jan|mar(?:ch)?|april|may|june?|july|august|fr|so|do|di|mi|mo)\.?", re.I)
_INITIAL = re.compile(r"(?:^|[\s.])[^\W\d_]\.$")
_NUMBER = re.compile(r"[\d#][\d./:]*(?:\s|$)")
_MOST_WORDS = 7


def names(candidates: Sequence[str], organisation: str | None = None) -> tuple[str, ...]:
    """The people among these bylines, each once, in order; none of what stands beyond MOST_OF_BYLINES characters.

    organisation: the publisher's own name.
    """
    ends = accumulate(map(len, candidates))
    candidates = [line for line, end in zip(candidates, ends, strict=True) if end <= MOST_OF_BYLINES]
    found = [name for line in candidates for name in _split(line)]
    people = unique_fold_case([name for name in found if is_person(name, organisation)])
    return people if people == tuple(candidates) else names(people, organisation)


def _split(line: str) -> list[str]:
    text = fold(_ADDRESS.sub(" ", _TAG.sub(" ", unescape(line))))
    text = _AFTER.split(_without_label(text), maxsplit=1)[0]
    first, *more = _BETWEEN.split(text)
    more = [part for part in more if _TITLES.fullmatch(first) or not _TITLES.fullmatch(part)]
    more = [part for part in more if not _NO_NAME.match(part) and not any(map(_ROLE.fullmatch, part.split()))]
    return [_without_role(_without_label(part)) for part in (first, *more)]


def _without_label(text: str) -> str:
    before = ""
    while before != text:
        before, text = text, _stripped(_PREPOSITION.sub("", _LABEL.sub("", _BY.sub("", text))))
    return text


def _without_role(name: str) -> str:
    """A name without what its bearer is, where that follows two words: "Ada Neri Senior Reporter"."""
    words = _once(name.split())
    is_name = len(words) == 2 and _NAMES_OF_PEOPLE.fullmatch(words[-1])  # "Ada May"
    if words and _DAY.fullmatch(words[-1]) and not is_name:
        del words[-1]
    roles = [n for n, word in enumerate(words) if n >= 2 and (_ROLE.fullmatch(word) or _RANK.fullmatch(word))]
    if roles and words[0].casefold() != "the" and any(_ROLE.fullmatch(word) for word in words[roles[0] :]):
        words = words[: roles[0]]
    return _stripped(" ".join(words))


def _once(words: list[str]) -> list[str]:
    """A name that a page shows several times in a row, once: "Ada Neri Ada Neri"."""
    sizes = (size for size in range(2, len(words)) if len(words) % size == 0)
    return next((words[:size] for size in sizes if words == words[:size] * (len(words) // size)), words)


def _stripped(text: str) -> str:
    """Without the marks around it; the point of a last initial stays."""
    text = text.strip(' ,:-–—*~|"“”«»').lstrip(".")
    return text if _INITIAL.search(text) else text.rstrip(" .")


def is_person(name: str, organisation: str | None = None) -> bool:
    """Whether a byline can be a person: no address, no role, not the publisher, no placeholder."""
    if not name or (len(name) < 2 and name.isascii()) or len(name) > 60 or len(name.split()) > _MOST_WORDS:
        return False
    if _ADDRESS.search(name) or _NUMBER.match(name):
        return False
    if organisation and name.casefold() == organisation.casefold():
        return False
    is_role = all(_ROLE.fullmatch(word) or _RANK.fullmatch(word) for word in name.split())
    return name.casefold().replace(" ", "-") not in _NOBODY and not is_role
