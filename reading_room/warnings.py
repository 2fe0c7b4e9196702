"""What the warnings of a reading mean, in words. A warning is a name, or `name: detail`."""

from dataclasses import dataclass
from typing import Final

#: By name; the words are said in the reader's language by `Wording`.
MEANINGS: Final = {
    "authors-cut": "The page names more authors than are kept.",
    "authors-from-metadata": "The authors stand in the page's metadata, not in its text.",
    "charset-guessed": "The page does not say its character set: it was guessed.",
    "charset-mislabelled": "The page names another character set than it is written in.",
    "charset-repaired": "Some characters could not be read and show as a sign.",
    "charset-unknown": "The page names a character set that does not exist.",
    "comments-cut": "Readers' comments in the dump were left out.",
    "date-after-capture": "A date lies after the capture and was set aside.",
    "date-before-site": "A date lies before the site began and was set aside.",
    "date-impossible": "A date is none of the web's age and was set aside.",
    "date-unknown": "No day of publication is known.",
    "date-unreadable": "A date could not be read.",
    "disclaimer-left-out": "A disclaimer of the page was left out.",
    "false-offset": "A time has an offset that another one proves false; it was set aside.",
    "footnote-left-out": "A footnote of the page was left out.",
    "headline-from-metadata": "The headline stands in the page's metadata, not in its text.",
    "headline-guessed": "Several lines could be the headline.",
    "image-urls-unknown": "The dump does not have the addresses of pictures.",
    "json-ld-broken": "The page's own description for machines (JSON-LD) is broken.",
    "json-ld-cut": "The page's own description for machines (JSON-LD) was too long and was read in part.",
    "keywords-glued": "The keywords came without separators and were split by rule.",
    "keywords-unknown": "No keywords are known.",
    "lede-cut": "Only the beginning of the lede is known.",
    "lede-from-metadata": "The lede stands in the page's metadata, not in its text.",
    "lede-unknown": "The lede is not known.",
    "lines-left-out": "Lines that may belong to the text were left out.",
    "lines-uncertain": "Lines that may not belong to the text were kept.",
    "low-confidence": "The page may be no article.",
    "paragraphs-glued": "The text came as one piece and was split into paragraphs by rule.",
    "picture-from-metadata": "The picture stands in the page's metadata, not in its text.",
    "quotes-missing": "Quotations are missing from this text.",
    "readers-disagree": "Two readers chose different texts of this page: so much is common to both.",
    "section-from-metadata": "The section stands in the page's metadata, not in its text.",
    "site-unknown": "The dump does not say which site it is of.",
    "template-unknown": "The page is not built as those of its site are known to be: general rules found its text.",
    "time-unknown": "The hour of publication is not known.",
    "unknown-block": "A part of the text is of a kind that is not known.",
    "url-unknown": "The dump does not say its address.",
}


@dataclass(frozen=True, slots=True)
class Explained:
    """A warning as it stands, its name, and its meaning in English: an empty text for a name that is not known."""

    warning: str
    name: str
    meaning: str


def explained(warning: str) -> Explained:
    """A warning with its meaning."""
    name = warning.partition(":")[0].strip()
    return Explained(warning, name, MEANINGS.get(name, ""))
