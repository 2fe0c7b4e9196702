"""What was said about reuse when an article was captured: by its capture, and by the last robots.txt before."""

from bisect import bisect_right
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, select

from storage.corpus.db.tables import IS_ROBOTS, CaptureRow
from storage.rights import reservations

Signals = list[dict[str, Any]]


class RobotsHistory:
    """The signals of every captured robots.txt, which are few: they are in memory."""

    def __init__(self, connection: Connection) -> None:
        statement = select(CaptureRow.url, CaptureRow.captured_at, CaptureRow.rights)
        statement = statement.where(IS_ROBOTS).order_by(CaptureRow.captured_at)
        self._by_host: dict[str, list[tuple[datetime, Signals]]] = {}
        for url, captured_at, rights in connection.execute(statement):
            self._by_host.setdefault(_authority(url), []).append((captured_at, rights or []))

    def at(self, url: str, moment: datetime) -> Signals:
        """The signals of the robots.txt of the URL's host that was captured last before a moment."""
        history = self._by_host.get(_authority(url), [])
        place = bisect_right(history, moment, key=lambda one: one[0])
        return history[place - 1][1] if place else []

    def reserved(self, row: Mapping[str, Any]) -> set[str]:
        """What is reserved (`storage.rights.RESERVATIONS`) for the article in a row of the view `corpus`."""
        return reservations(row["rights"]) | reservations(self.at(row["url"] or "", row["last_captured_at"]))


def _authority(url: str) -> str:
    """Host and port, whatever the scheme: a robots.txt is captured under one of both."""
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""
