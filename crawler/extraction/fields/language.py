"""The language of a text: by its script, else by the small words that a language cannot do without.

For pages that do not say, or whose template says `en` whatever is written on it.
"""

import re
from collections.abc import Mapping

#: Words so common that a text of fifty words has several, chosen to be few languages' own.
_PROFILES: Mapping[str, frozenset[str]] = {
    code: frozenset(words.split())
    for code, words in {
        "it": "il lo gli di che è per un una non sono della nel del dei alla anche con più ha come dal si le questo i",
        "en": "the of and to in is that for it was on are with as by at from have has be his they this not an but",
        "es": "el los de que y en un una por con para es del las se su no al como más ha lo sus fue pero este",
        "fr": "le les de des et est un une dans que pour qui sur pas au du il par avec sont plus ce aux cette été",
        "de": "der die das und ist nicht ein eine mit den von zu im auf für sich des dem auch es werden wird an hat",
        "pt": "o os de que e não um uma em para com do da dos das no na por mais ao foi como são se à pelo",
        "nl": "de het een en van is dat niet op te voor met zijn aan er door ook maar naar bij uit werd heeft dit",
        "ru": "и в на не что с по это как он из за к от для но его так был же было все она о мы",
        "uk": "і в на не що з по це як він із за до від для але його та був ж було всі вона про й",
        "sr": "и у на је да не за се са од су који као што је био али то из о по које која",
    }.items()
}
#: Scripts that one language of the news writes, or nearly so.
_SCRIPTS = (
    ("ko", re.compile("[\uac00-\ud7af]")),
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("hi", re.compile("[\u0900-\u097f]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("hy", re.compile("[\u0530-\u058f]")),
    ("ka", re.compile("[\u10a0-\u10ff]")),
)
#: Any letter of these.
_SCRIPTED = re.compile("|".join(script.pattern for _, script in _SCRIPTS))
_WORD = re.compile(r"[^\W\d_]+")
#: Letters looked at; share of them by which a script tells; words and their share by which a profile does.
_ENOUGH = 20_000
_SCRIPT_SHARE = 0.3
_FEWEST_WORDS = 25
_FEWEST_SHARE = 0.12
#: How often the best profile must hit for each hit of the second.
_AHEAD = 1.2


def detected(text: str) -> str | None:
    """The language of the text as a two-letter code, None where it does not tell."""
    sample = text[:_ENOUGH]
    if _SCRIPTED.search(sample):
        letters = sum(map(str.isalpha, sample))
        for code, script in _SCRIPTS:
            if letters and len(script.findall(sample)) > _SCRIPT_SHARE * letters:
                return code
    words = [word.lower() for word in _WORD.findall(sample)]
    shares = sorted(((share(words, code), code) for code in _PROFILES), reverse=True)
    (best, code), (second, _) = shares[:2]
    tells = len(words) >= _FEWEST_WORDS and best >= _FEWEST_SHARE and best >= _AHEAD * second
    return code if tells else None


def contradicts(text: str, declared: str) -> str | None:
    """The language that the text shows instead of the declared one; None where it does not contradict."""
    found = detected(text)
    if found in (None, declared) or declared not in _PROFILES:
        return None
    words = [word.lower() for word in _WORD.findall(text[:_ENOUGH])]
    return found if found not in _PROFILES or share(words, found) > 2 * share(words, declared) else None


def share(words: list[str], code: str) -> float:
    """How many of the words, of all, are this language's commonest."""
    profile = _PROFILES[code]
    return sum(map(profile.__contains__, words)) / max(1, len(words))
