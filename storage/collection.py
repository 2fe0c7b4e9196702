"""A collection: the home folder with WARC files, indexes, locks and, unless a URL is given, the database.

Made by the command line and the crawl's extension; all other modules take their paths from it.
"""

import os
from pathlib import Path

from sqlalchemy import URL

from storage.exceptions import CollectionError
from storage.warc.index.file_registry import WarcFileRegistry


class Collection:
    """A home folder and its corpus.

    home: the folder; it may be missing. database_url: None for the SQLite file `corpus.db` in it. must_exist: the
    home has been there, and is not made anew where it is missing now: it was moved or deleted.
    """

    def __init__(self, home: Path | str, database_url: str | None = None, *, must_exist: bool = False) -> None:
        self.home = Path(home)
        self.must_exist = must_exist
        #: The folder of the WARC files.
        self.warc = self.home / "warc"
        #: The folder of the CDXJ index.
        self.index = self.home / "index"
        #: The index of captured payloads and URLs; rebuilt from the WARC files.
        self.payload_index = self.home / "payloads.db"
        #: The folder of the site locks.
        self.locks = self.home / "locks"
        #: The folder of the crash log: URLs under extraction, by process.
        self.crash_log = self.home / "suspects"
        #: The URL of the corpus, its password readable.
        self.database_url = database_url or _sqlite_url(self.home / "corpus.db")

    def warc_files(self) -> list[Path]:
        """The sealed WARC files, sorted by name."""
        return sorted(self.warc.glob("*.warc.gz"))

    def crawl_log(self, site: str) -> Path:
        """The log of the site's crawls, in detail."""
        return self.home / "log" / f"{site}.log"

    def registry(self) -> WarcFileRegistry:
        """Manifest and index of the WARC files."""
        return WarcFileRegistry(self.warc, self.index)

    def exists(self) -> bool:
        """Whether the home folder is there."""
        return self.home.is_dir()

    def create(self) -> None:
        """Make the folders that are not there; the home itself once. Raises CollectionError."""
        for folder in (self.warc,) if self.must_exist else (self.home, self.warc):
            try:
                folder.mkdir(parents=not self.must_exist, exist_ok=True)
            except FileNotFoundError:
                raise CollectionError(
                    f"{self.home} was there, and is gone: it was moved or deleted under the command. Move it back, or "
                    "run the command again where it is now (--home or $EMEROTECA_HOME)."
                ) from None
            except (FileExistsError, NotADirectoryError):
                raise CollectionError(
                    f"{folder} cannot be a folder, since there is a file in its place: choose another home with "
                    "--home or $EMEROTECA_HOME."
                ) from None
            except OSError as error:
                raise CollectionError(
                    f"{folder} cannot be created ({error.strerror}): choose another home with --home or "
                    "$EMEROTECA_HOME."
                ) from error
            if not os.access(folder, os.W_OK | os.X_OK):
                raise CollectionError(
                    f"{folder} cannot be written: change its permissions, or choose another home with --home or "
                    "$EMEROTECA_HOME."
                )
        self.must_exist = True


def _sqlite_url(path: Path) -> str:
    return URL.create("sqlite", database=str(path.absolute())).render_as_string(hide_password=False)
