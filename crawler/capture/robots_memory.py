"""Captures of robots.txt that a crawl obeys, its own and those of earlier crawls; used by the robots middleware."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from storage.exceptions import CaptureMissing
from storage.warc.http.capture import Capture, CaptureRef
from storage.warc.read.reader import read_capture
from storage.warc.read.revisit_resolver import RevisitResolver


class RobotsMemory:
    """folder: of the WARC files.

    earlier: the captures that earlier crawls obeyed, by authority, as `storage.corpus.read.crawl_history.last_robots`
    has them. captures: those that this crawl obeys, in the same form.
    """

    def __init__(self, folder: Path, resolver: RevisitResolver) -> None:
        self._folder, self._resolver = folder, resolver
        self.earlier: Mapping[str, dict[str, Any]] = {}
        self.captures: dict[str, dict[str, Any]] = {}

    def add(self, authority: str, ref: CaptureRef, captured_at: datetime) -> None:
        """This crawl obeys that capture, and so may those that come soon."""
        place = {"file": ref.file, "offset": ref.offset, "record_id": ref.record_id}
        self.captures[authority] = {**place, "captured_at": captured_at.isoformat()}

    def recall(self, authority: str, since: datetime) -> Capture | None:
        """The capture that an earlier crawl obeyed, if not older than `since`; this crawl obeys it too."""
        earlier = self.earlier.get(authority)
        if earlier is None or datetime.fromisoformat(earlier["captured_at"]) < since:
            return None
        try:
            ref = CaptureRef(earlier["file"], earlier["offset"], 0, earlier["record_id"])
            capture = self._resolver.resolve(read_capture(self._folder, ref))
        except CaptureMissing:
            return None  # on another machine, or removed
        if capture is not None:
            self.captures[authority] = earlier
        return capture
