"""Text that every database takes.

Postgres refuses NUL and lone surrogates, so they go before a digest is taken or a row is written: the same text
on every database.
"""

from typing import Any, overload


@overload
def sanitise(text: str) -> str: ...
@overload
def sanitise(text: None) -> None: ...
def sanitise(text: str | None) -> str | None:
    """The text without NUL characters, halves of surrogate pairs joined, lone ones replaced by U+FFFD."""
    if text is None:
        return None
    text = text.replace("\0", "")
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
