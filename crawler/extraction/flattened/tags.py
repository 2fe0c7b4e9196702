"""Tags whose links were glued to one word: "RussiaUltim'oraUSA"."""

import re
from itertools import pairwise

_SEAM = re.compile(
    r"(?<=[a-zß-ÿ0-9!?%)])(?=[A-ZÀ-Þ])"  # Russia|Ucraina
    r"|(?<=[A-ZÀ-Þ]{2})(?=[A-ZÀ-Þ][a-zß-ÿ])"  # USA|Ucraina
    r"|(?<=\s[A-Z])(?=[A-ZÀ-Þ][a-zß-ÿ])"  # Serie A|Ucraina
)
_WORD = re.compile(r"[^\W_]+")


def split_tags(glued: str, known_text: str = "") -> tuple[tuple[str, ...], bool]:
    """The tags, and whether seams had to be guessed. A word of `known_text` (YouTube) is not cut.

    Tags that stand apart by commas are taken as they are.
    """
    if "," in glued:
        return tuple(tag for part in glued.split(",") if (tag := part.strip())), False
    whole = [
        found.span()
        for word in set(_WORD.findall(known_text))
        if _SEAM.search(word)
        for found in re.finditer(rf"{re.escape(word)}(?![a-zß-ÿ])", glued)
    ]
    cuts = [
        seam.start() for seam in _SEAM.finditer(glued) if not any(start < seam.start() < end for start, end in whole)
    ]
    pieces = (glued[start:end].strip() for start, end in pairwise([0, *cuts, len(glued)]))
    return tuple(piece for piece in pieces if piece), bool(cuts)
