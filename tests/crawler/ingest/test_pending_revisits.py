"""Pending revisits come out once, in the order in which they came, however many they are."""

from contextlib import closing
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from crawler.ingest.messages import CaptureInput
from crawler.ingest.pending_revisits import IN_MEMORY, PendingRevisits
from storage.warc.http.capture import Capture, CaptureRef


def revisit(number: int, payload: bytes = b"") -> CaptureInput:
    capture = Capture(
        ref=CaptureRef("a.warc.gz", number, 1, f"<urn:uuid:{number}>"),
        url="https://alanews.it/",
        captured_at=datetime(2022, 2, 14, tzinfo=UTC),
        status=304,
        reason="",
        headers=(),
        content_type=None,
        payload=payload,
        payload_digest="sha1:A",
        record_type="revisit",
    )
    return CaptureInput(capture, "/warc/a.warc.gz", None)


@given(st.lists(st.lists(st.integers(0, 99), max_size=5), max_size=5))
def test_what_is_added_is_drained_once_and_in_order(parts: list[list[int]]) -> None:
    with closing(PendingRevisits()) as pending:
        for part in parts:
            pending.add(map(revisit, part))
        numbers = [number for part in parts for number in part]
        assert len(pending) == len(numbers)
        assert list(pending.drain()) == list(map(revisit, numbers))
        assert len(pending) == 0
        assert list(pending.drain()) == []


def test_more_than_memory_may_hold_is_drained_too() -> None:
    large = [revisit(number, bytes(IN_MEMORY // 2)) for number in range(4)]
    with closing(PendingRevisits()) as pending:
        pending.add(large)
        assert list(pending.drain()) == large


def test_what_is_added_while_draining_is_pending_again() -> None:
    with closing(PendingRevisits()) as pending:
        pending.add([revisit(1), revisit(2)])
        for item in pending.drain():
            pending.add([item])
        assert list(pending.drain()) == [revisit(1), revisit(2)]
