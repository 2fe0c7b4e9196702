"""emeroteca rebuild: rows from captures, offline."""

import sys
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from crawler.cli.context import CouldNot, Settings, pass_settings
from crawler.intake import Intake
from storage.corpus.database import open_database
from storage.corpus.store import Store
from storage.warc.members import Damage
from storage.warc.originals import Originals
from storage.warc.payloads import PayloadIndex
from storage.warc.reader import read_captures
from storage.warc.source import archive_files


@click.command(name="rebuild")
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(exists=True, path_type=Path))
@pass_settings
def command(settings: Settings, paths: tuple[Path, ...]) -> int:
    """Make the rows again from WARC files: the collection's own, or those of each PATH (file or folder).

    What is there already stays as it is or is read again by today's extractor; nothing comes double.

    \b
    emeroteca rebuild
    emeroteca --home elsewhere rebuild archive/warc other.warc.gz
    """
    if not paths and not settings.collection.exists():
        raise CouldNot(f"there is no collection in {settings.home}, and no PATH was given")
    settings.collection.create()
    files = [file for path in paths or (settings.collection.warc,) for file in archive_files(path)]
    damages: list[tuple[Path, Damage]] = []
    with open_database(settings.collection.database_url) as database:
        originals = Originals(settings.collection.warc, PayloadIndex(settings.collection.payloads))
        intake = Intake(Store(database), originals)
        with _bar() as bar:
            task = bar.add_task("rebuild", total=len(files), words="")
            for file in files:
                found: list[Damage] = []
                for capture in read_captures(file, found):
                    intake.take(capture, file)
                damages += [(file, damage) for damage in found]
                bar.update(
                    task, advance=1, words=f"{intake.outcomes.total()} captures, {intake.outcomes['article']} articles"
                )
        intake.finish()
        originals.index.close()
    for file, damage in damages:
        print(f"{file} at {damage.offset}: {damage.reason}", file=sys.stderr)
    counts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(intake.outcomes.items()))
    print(f"{len(files)} files, {intake.outcomes.total()} captures: {counts or 'none'}", file=sys.stderr)
    return 1 if damages else 0


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed} of {task.total} files, {task.fields[words]}"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )
