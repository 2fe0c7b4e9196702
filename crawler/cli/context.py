"""Where the collection is, as the options before the command give it; used by every command on a collection."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.cli.exit_status import Command
from crawler.event_log import report
from storage.exceptions import CommandError, CorpusReadOnly

if TYPE_CHECKING:  # a command's --help needs none of them
    from storage.collection import Collection
    from storage.corpus.db.database import Database


@dataclass(frozen=True)
class Settings:
    """The options before the command: where the collection is. has_home: its folder is there, and never made anew."""

    home: Path
    database_url: str | None
    has_home: bool = False

    @cached_property
    def collection(self) -> Collection:
        from storage.collection import Collection

        return Collection(self.home, self.database_url, must_exist=self.has_home)

    def has_database(self) -> bool:
        """Whether there is a corpus: by its URL, or as the file in the home folder."""
        return self.database_url is not None or (self.home / "corpus.db").exists()

    def warc_collection(self, advice: str = "") -> Collection:
        """The collection, which has WARC files. advice: ends the message of the CommandError where it has not."""
        if not self.collection.warc.is_dir():
            raise CommandError(f"there is no collection in {self.home}{advice}")
        return self.collection

    @contextmanager
    def new_database(self) -> Iterator[Database]:
        """The corpus; collection and database are made where there are none. Raises CollectionError, CorpusError."""
        from storage.corpus.db.database import open_database

        self.collection.create()
        with open_database(self.collection.database_url) as database:
            yield database

    @contextmanager
    def database(self) -> Iterator[Database]:
        """The corpus of an existing collection, in which embargoes that are over have ended. Raises CommandError,
        CorpusError.
        """
        from storage.corpus.db.database import open_database
        from storage.corpus.write.withholding import end_embargoes

        if self.database_url is None and not self.collection.exists():
            raise CommandError(
                f"there is no collection in {self.home}: crawl a site first (emeroteca crawl alanews), "
                "or say where it is (--home DIR or $EMEROTECA_HOME)"
            )
        with open_database(self.collection.database_url) as database:
            with suppress(CorpusReadOnly):  # the next command that may write ends them
                end_embargoes(database)
            yield database


#: Printed where a command about sites finds none.
NO_SITES = "there are no captures of a known site yet: emeroteca crawl SITE (emeroteca sites lists them)"


def known_sites(database: Database) -> list[str]:
    """The names of the sites in the corpus that have a spider."""
    from crawler.registry import all_sites
    from storage.corpus.read import queries

    known = {site.name for site in all_sites()}
    return [name for name in queries.sites(database) if name in known]


def check_site(database: Database, site: str | None) -> None:
    """Raises click.BadParameter for a site that neither the corpus nor a definition has."""
    from crawler.registry import all_sites
    from storage.corpus.read import queries

    names = sorted({*queries.sites(database), *(site.name for site in all_sites())})
    if site is not None and site not in names:
        raise click.BadParameter(f"{site!r} is no site of this corpus: {', '.join(names)}", param_hint="--site")


def pass_settings(function: Callable[..., int | None]) -> Callable[..., int | None]:
    """A decorator that gives a command's function the Settings as its first argument. The command knows the sites of
    HOME/sites, and warns of definitions of sites that it could not load."""
    return click.make_pass_decorator(Settings)(_knowing_sites(function))


def collection_command(name: str) -> Callable[[Callable[..., int | None]], click.Command]:
    """A decorator that makes a function a Command; its first argument is the Settings, as `pass_settings` has it."""
    return lambda function: click.command(name, cls=Command)(pass_settings(function))


def _knowing_sites(function: Callable[..., int | None]) -> Callable[..., int | None]:
    @wraps(function)
    def run(settings: Settings, *args: Any, **options: Any) -> int | None:
        from crawler.registry import problems_met, use_home

        use_home(settings.home)
        try:
            return function(settings, *args, **options)
        finally:
            for source, problem in problems_met():
                report("site-not-loaded", f"a definition of a site is left out: {problem}", "warning", source=source)

    return run
