"""Cursors of the change feed: their text, the order of positions, and cursors of another feed."""

import pytest

from storage.corpus.db.database import Database
from storage.corpus.write.change_feed import Cursor, check_cursor, newest_cursor, take_position
from storage.exceptions import InvalidCursor


@pytest.mark.parametrize(
    ("text", "cursor"),
    [
        ("0", Cursor(0)),
        (" 17-4f3a9c21\n", Cursor(17, "4f3a9c21")),
        ("9" * 18, Cursor(int("9" * 18))),
    ],
)
def test_a_cursor_is_read_as_it_is_written(text: str, cursor: Cursor) -> None:
    assert Cursor.of(text) == cursor
    assert str(cursor) == text.strip()


@pytest.mark.parametrize("text", ["", "x", "-1", "17-", "17-G", "9" * 19, "17 4f"])
def test_other_texts_are_no_cursors(text: str) -> None:
    with pytest.raises(InvalidCursor, match="--after 0"):
        Cursor.of(text)


def test_a_text_that_is_no_cursor_is_told_by_its_beginning() -> None:
    with pytest.raises(InvalidCursor, match=f"^'{'x' * 40}' is no cursor"):
        Cursor.of(f" {'x' * 41} ")


def test_positions_count_from_1_under_one_name(database: Database) -> None:
    with database.writing() as connection:
        assert newest_cursor(connection) == Cursor(0)
        assert [take_position(connection) for _ in range(3)] == [1, 2, 3]
        first = newest_cursor(connection)
    with database.writing() as connection:
        assert take_position(connection) == 4
        assert newest_cursor(connection) == Cursor(4, first.feed)
    assert first.position == 3 and first.feed


@pytest.mark.parametrize(
    ("cursor", "is_known"),
    [
        (Cursor(0), True),
        (Cursor(0, "other"), True),
        (Cursor(7, "here"), True),
        (Cursor(8, "here"), False),
        (Cursor(1, "other"), False),
        (Cursor(1), False),
    ],
)
def test_a_cursor_of_another_feed_is_refused(cursor: Cursor, is_known: bool) -> None:
    newest = Cursor(7, "here")
    if is_known:
        check_cursor(cursor, newest)
        return
    with pytest.raises(InvalidCursor, match=f"{cursor} is none of this corpus, whose newest is 7-here"):
        check_cursor(cursor, newest)
