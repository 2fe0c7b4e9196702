"""Text that every database takes.

Postgres refuses NUL and lone surrogates, so they go before a digest is taken or a row is written: the same text
on every database. So do other control characters, by which a page, a header or an error message of a server would
command the terminal on which a row is shown.
"""

import re
from typing import Any, overload

#: All but tab, line feed and carriage return (ISO 6429: C0, delete, C1).
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


@overload
def sanitise(text: str) -> str: ...
@overload
def sanitise(text: None) -> None: ...
def sanitise(text: str | None) -> str | None:
    """The text without control characters, halves of surrogate pairs joined, lone ones replaced by U+FFFD."""
    if text is None:
        return None
    text = _CONTROLS.sub("", text)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def sanitise_json(value: Any) -> Any:
    """A JSON value with every string in it, keys too, cleaned."""
    if isinstance(value, str):
        return sanitise(value)
    if isinstance(value, dict):
        return {sanitise(key): sanitise_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [sanitise_json(item) for item in value]
    return value
