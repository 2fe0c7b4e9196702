"""emeroteca worker: crawls on a timetable, on any number of machines."""

import click

from crawler.cli.context import Settings, collection_command
from crawler.cli.options import sites_at_once_option
from storage.corpus.db.database import Database
from storage.exceptions import CommandError, DependencyMissing


@collection_command("worker")
@sites_at_once_option
@click.option(
    "--stalled-after",
    type=click.FloatRange(min=1),
    default=60.0,
    show_default=True,
    metavar="S",
    help="Seconds without a sign of life after which another worker's crawls are taken over.",
)
def command(settings: Settings, jobs: int, stalled_after: float) -> None:
    """Crawl what the timetable says, together with all other workers on the same Postgres.

    Start as many as you like, on as many machines; each keeps its WARC files in its own --home. A site is crawled by
    one at a time, a crawl that could not do its work is tried again, and what a dead worker leaves is taken over.
    Ctrl-C or SIGTERM ends its crawls in order and leaves the rest of them to the others. The timetable is that of
    emeroteca schedule add. Needs the extra: pip install 'emeroteca[worker]'.

    \b
    export EMEROTECA_DATABASE_URL=postgresql://emeroteca@db.library.example/emeroteca
    emeroteca schedule add alanews --every 30m
    emeroteca --home /srv/warc worker --jobs 8
    """
    with settings.new_database() as database:
        _run(database, settings, jobs, stalled_after)


def _run(database: Database, settings: Settings, jobs: int, stalled_after: float) -> None:
    if database.dialect != "postgresql":
        raise CommandError(
            "workers share a corpus on Postgres, and this one is on SQLite: say --database "
            "postgresql://USER@HOST/NAME, or run the timetable on this machine alone with emeroteca schedule run"
        )
    try:
        from crawler.operations.worker import Worker
    except ImportError:
        raise DependencyMissing("a worker needs Procrastinate: pip install 'emeroteca[worker]'") from None
    Worker(database, settings.home, jobs=jobs, stalled_after=stalled_after).run()
