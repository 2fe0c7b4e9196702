"""A crawl as a process of its own, as the timetable and the workers start it."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from storage.corpus.db.database import Database


def crawl_command(home: Path, site: str, options: Sequence[str]) -> list[str]:
    """The words of the process."""
    return [sys.executable, "-m", "crawler.cli", "--home", str(home.absolute()), "crawl", site, *options]


def crawl_environment(database: Database) -> dict[str, str]:
    """Its environment: ours and the database, whose URL may hold a password and is for nobody to read in a list of
    processes."""
    url = database.engine.url.set(drivername=database.dialect).render_as_string(hide_password=False)
    return {**os.environ, "EMEROTECA_DATABASE_URL": url}
