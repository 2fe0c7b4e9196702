"""A command whose extra is missing says what to install."""

import sys

import pytest

from crawler.cli.extras import needing
from storage.exceptions import DependencyMissing


def test_an_extra_is_named() -> None:
    with (
        pytest.raises(DependencyMissing, match=r"serve needs nicht_da: pip install 'emeroteca\[reading-room\]'"),
        needing("serve", "reading-room"),
    ):
        import nicht_da  # noqa: F401


def test_a_package_of_ours_needs_the_installation_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in an editable installation from before there was the package."""
    monkeypatch.setitem(sys.modules, "reading_room", None)
    monkeypatch.delitem(sys.modules, "reading_room.server", raising=False)
    with (
        pytest.raises(DependencyMissing, match=r"this installation does not know: install it again"),
        needing("serve", "reading-room"),
    ):
        from reading_room.server import serve  # noqa: F401
