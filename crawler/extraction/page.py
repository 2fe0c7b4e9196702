"""The page: a capture's decoded HTML with its URL and capture time, the input of extraction."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Page:
    """Draft, to be completed by whoever owns extraction."""

    url: str
    html: str
    captured_at: datetime | None = None
