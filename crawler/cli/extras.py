"""What commands say where an extra is not installed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from storage.exceptions import DependencyMissing

#: Packages of ours that an installation may lack which is older than they are.
_OURS: Final = ("emeroteca", "migrations", "newsstand", "reading_room", "spiders")


@contextmanager
def needing(command: str, extra: str) -> Iterator[None]:
    """While the block imports what only an extra brings. Raises DependencyMissing, which says what to do."""
    try:
        yield
    except ImportError as error:
        raise DependencyMissing(missing(command, extra, error.name or "more than is installed")) from None


def missing(command: str, extra: str, module: str) -> str:
    """The message for a module that is not there. An editable installation knows the packages that there were when it
    was made."""
    if module.partition(".")[0] in _OURS:
        return (
            f"{command} needs the package {module} of Emeroteca itself, which this installation does not know: "
            f"install it again (make install, or pip install -e '.[{extra}]' in its folder)"
        )
    return f"{command} needs {module}: pip install 'emeroteca[{extra}]'"
