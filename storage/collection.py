"""A collection: the home folder with the WARC files and, unless told otherwise, the database."""

import os
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL


class CollectionProblem(Exception):
    """The home folder cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Collection:
    """A home folder and the URL of its corpus (None: `corpus.db` in the folder)."""

    home: Path
    database_url: str | None = None

    @property
    def warc_folder(self) -> Path:
        """Where the WARC files are."""
        return self.home / "warc"

    @property
    def url(self) -> str:
        """The database's URL, its password readable."""
        if self.database_url:
            return self.database_url
        path = str((self.home / "corpus.db").resolve())
        return URL.create("sqlite", database=path).render_as_string(hide_password=False)

    def exists(self) -> bool:
        """Whether the home folder is there."""
        return self.home.is_dir()

    def create(self) -> None:
        """Make the folders that are not there. Raises CollectionProblem."""
        for folder in (self.home, self.warc_folder):
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except (FileExistsError, NotADirectoryError):
                raise CollectionProblem(
                    f"{folder} cannot be a folder, since there is a file in its place: choose another home with "
                    "--home or $EMEROTECA_HOME."
                ) from None
            except OSError as error:
                raise CollectionProblem(
                    f"{folder} cannot be created ({error.strerror}): choose another home with --home or "
                    "$EMEROTECA_HOME."
                ) from error
            if not os.access(folder, os.W_OK | os.X_OK):
                raise CollectionProblem(
                    f"{folder} cannot be written: change its permissions, or choose another home with --home or "
                    "$EMEROTECA_HOME."
                )
