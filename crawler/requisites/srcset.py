"""The attribute `srcset`, parsed as the HTML standard says (4.8.4.2.2)."""

import re
from collections.abc import Iterator
from typing import Final

_URL: Final = re.compile(r"[\s,]*(\S+)")
#: Up to the comma that ends a candidate; one in parentheses does not.
_DESCRIPTORS: Final = re.compile(r"(?:\([^)]*(?:\)|$)|[^,(])*,?")


def srcset_urls(value: str) -> Iterator[str]:
    """The URL of each candidate; a comma may stand inside a URL, and ends it where it is its last character."""
    at = 0
    while found := _URL.match(value, at):
        url = found[1]
        if url.endswith(","):
            at = found.end()
        else:
            descriptors = _DESCRIPTORS.match(value, found.end())
            at = descriptors.end() if descriptors else len(value)
        if url := url.rstrip(","):
            yield url
