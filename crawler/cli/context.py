"""What commands share: where the collection is."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from storage.collection import Collection
from storage.corpus.db.database import Database, open_database
from storage.exceptions import CommandError


@dataclass(frozen=True, slots=True)
class Settings:
    """The global options."""

    home: Path
    database_url: str | None

    @property
    def collection(self) -> Collection:
        return Collection(self.home, self.database_url)

    def has_database(self) -> bool:
        """Whether there is a corpus to ask: one that was named, or the file in the home folder."""
        return self.database_url is not None or (self.home / "corpus.db").exists()

    @contextmanager
    def database(self) -> Iterator[Database]:
        """The corpus of a collection that is there. Raises CommandError, CorpusError."""
        if self.database_url is None and not self.collection.exists():
            raise CommandError(
                f"there is no collection in {self.home}: crawl a site first (emeroteca crawl alanews), "
                "or say where it is (--home DIR or $EMEROTECA_HOME)"
            )
        with open_database(self.collection.database_url) as database:
            yield database


pass_settings = click.make_pass_decorator(Settings)
