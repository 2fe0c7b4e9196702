"""Finds the WARC files of rows: in the collection, else where the corpus remembers them; used by the commands that read
records of rows, and by rebuild.
"""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO

from storage.corpus.db.database import Database
from storage.corpus.read.captures import captures_by_file, warc_locations
from storage.corpus.write.store import Store
from storage.exceptions import CommandError
from storage.warc.read.source import Source, find_sources, open_source


class FileLocator:
    """folder: of the collection's WARC files. added: further paths, globs and URLs, to be remembered. Raises
    SourceNotFound, CorpusError, and CommandError where nothing there has the name of a file with rows.
    """

    def __init__(self, database: Database, folder: Path, added: Iterable[str] = ()) -> None:
        self._folder = folder
        self._add(Store(database), list(added))
        self.locations = warc_locations(database)
        self._names = {one.location: name for name, found in self.locations.items() for one in found}
        self._found: dict[str, str | None] = {}

    def find(self, name: str) -> str | None:
        """The path or URL of the file of this name, None where it is at none of its locations."""
        if name not in self._found:
            places = [str(self._folder / name), *(one.location for one in self.locations.get(name, ()))]
            self._found[name] = next(filter(_is_there, places), None)
        return self._found[name]

    def source(self, name: str) -> Source | None:
        """The file of this name to read it as a whole, None where it cannot be found."""
        place = self.find(name)
        size = next((one.size for one in self.locations.get(name, ()) if one.location == place), None)
        return Source(name, place, size or 0) if place else None

    def open(self, location: str) -> AbstractContextManager[IO[bytes]]:
        """Open a file by a location that it has or had. Raises OSError, KeyError."""
        return open_source(self.find(self._names.get(location, "")) or location)

    def sha256(self, name: str) -> str | None:
        """The SHA-256 that the file had when its rows were made, where that is known."""
        return next((one.sha256 for one in self.locations.get(name, ()) if one.sha256), None)

    def where(self, name: str) -> str:
        """All places of a file that cannot be found, and what to do, for messages."""
        places = " nor at ".join([str(self._folder), *(one.location for one in self.locations.get(name, ()))])
        return f"it is not in {places}: --warc PATH says where it is"

    def _add(self, store: Store, paths: list[str]) -> None:
        known = captures_by_file(store.database) if paths else {}
        sources = [source for source in find_sources(paths) if source.name in known]
        if paths and not sources:
            raise CommandError(f"no WARC file of the corpus is at {', '.join(paths)}: files are known by their names")
        for source in sources:
            store.add_location(source.name, source.place, source.size or None)


def _is_there(place: str) -> bool:
    try:
        with open_source(place):
            return True
    # Foreign archives, over foreign networks: what cannot be opened for any reason is not there.
    except Exception:
        return False
