"""Text as it may be shown to people, on a terminal or on a page.

Called by `reading_room.rendering`, by the log and by the commands that print what comes from sites and archives. Data
for programs (JSON, exports) is left as it is.
"""

import re

#: C0 and C1 controls but tab and line ends (ISO 6429), which a terminal obeys, and Unicode's controls of direction
#: (UAX 9), by which a text looks like another one.
_CONTROLS = re.compile(
    "\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def displayed(text: object) -> str:
    """The text with a sign (U+FFFD) for each control character and lone surrogate. Its length stays."""
    return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", str(text))
