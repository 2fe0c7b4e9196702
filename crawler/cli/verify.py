"""emeroteca verify: fixity of files and records, consistency of references, index and rows."""

import json
import sys
from contextlib import ExitStack
from dataclasses import asdict
from functools import partial
from pathlib import Path

import click
from click.core import ParameterSource
from rich.filesize import decimal

from crawler.cli.context import Settings
from crawler.cli.exit_status import Command
from crawler.operations.verify_rows import RowCheck, compare_rows
from crawler.progress_bar import track
from storage.corpus.db.database import Database
from storage.warc.fixity.verifier import FixityReport, Verifier, manifest_faults
from storage.warc.fixity.wacz_index import index_faults
from storage.warc.fixity.wacz_package import wacz_faults
from storage.warc.index.file_registry import WarcFileRegistry
from storage.warc.open_file import OPEN_SUFFIX
from storage.warc.read.payload_index import PayloadIndex
from storage.warc.read.revisit_resolver import RevisitResolver
from storage.warc.read.source import archive_files


class Sample(click.ParamType[int | None]):
    """A number of captures, or `all`, which is None."""

    name = "N"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int | None:
        if value == "all":
            return None
        if isinstance(value, int) or (isinstance(value, str) and value.isdigit()):
            return int(value)
        return self.fail(f"{value!r} is neither a number nor 'all'", param, ctx)


@click.command(name="verify", cls=Command)
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--rows",
    type=Sample(),
    default="all",
    show_default=True,
    metavar="N|all",
    help="How many captures of the collection to read again and compare with their rows.",
)
@click.option("--json", "as_json", is_flag=True, help="The report as JSON on standard output.")
@click.pass_context
def command(context: click.Context, paths: tuple[Path, ...], rows: int | None, as_json: bool) -> int:
    """Verify the collection, or the WARC, ARC and WACZ files at each PATH, and say what is wrong where.

    Of the collection: each file's SHA-256 against the manifest and the database, each record's digests, lengths and
    checksums, that revisits lead to their payloads, that the index has the lines that the files give, that rows
    and records belong together, and that each capture, read again, gives the rows that it has. Of a PATH the same
    without manifest, index and rows; of a WACZ also its own digests and its index.

    \b
    emeroteca verify
    emeroteca verify --rows 200                  a sample of the rows
    emeroteca verify --rows 0                    fixity alone
    emeroteca verify other.warc.gz some.wacz
    """
    report = FixityReport()
    if paths:
        if context.get_parameter_source("rows") is not ParameterSource.DEFAULT:
            raise click.UsageError("--rows is about the collection: leave out PATH")
        _verify_paths(paths, report)
    else:
        _verify_collection(context.ensure_object(Settings), rows, report)
    if as_json:
        print(json.dumps(asdict(report), ensure_ascii=False))
    else:
        for fault in report.faults:
            print(fault)
        wrong = f"{len(report.faults)} faults" if report.faults else "nothing wrong"
        counts = f"{report.files} files, {decimal(report.bytes)}, {report.records} records, {report.captures} captures"
        print(f"{counts}: {wrong}", file=sys.stderr)
    return 1 if report.faults else 0


def _verify_paths(paths: tuple[Path, ...], report: FixityReport) -> None:
    with Verifier(report) as verifier:
        for path in paths:
            for found in [path, *sorted(path.rglob("*.wacz"))] if path.is_dir() else [path]:
                report.faults += [*wacz_faults(found), *index_faults(found)]
            for file in track(archive_files(path), "files"):
                verifier.verify_file(file, str(file))
        verifier.verify_revisits()


def _verify_collection(settings: Settings, rows: int | None, report: FixityReport) -> None:
    collection = settings.warc_collection(", and no PATH was given")
    registry = collection.registry()
    with ExitStack() as stack:
        database = stack.enter_context(settings.database()) if settings.has_database() else None
        check = RowCheck(database, report) if database else None
        verifier = stack.enter_context(Verifier(report, check.record if check else None))
        digests = registry.manifest.digests()
        sealed = registry.sealed_files()
        report.faults += manifest_faults(digests, (path.name for path in sealed))
        for path in track(sealed, "files"):
            verifier.verify_file(path, path.name, digests.get(path.name))
        verifier.verify_revisits()
        if sealed and not registry.index.files():
            report.fault("the index", None, "missing", "emeroteca index makes it again")
        else:
            verifier.verify_index(registry.index, {path.name for path in sealed})
        if database and check:
            check.finish()
            check.files(registry)
            _compare(database, registry, collection.payload_index, rows, report)
    if left := sorted(collection.warc.glob("*" + OPEN_SUFFIX)):
        print(f"{len(left)} files are being written, or wait for the next crawl to recover them", file=sys.stderr)


def _compare(
    database: Database, registry: WarcFileRegistry, payloads: Path, rows: int | None, report: FixityReport
) -> None:
    if rows == 0:
        return
    originals = RevisitResolver(registry.warc, PayloadIndex(payloads))
    try:
        compared = compare_rows(database, registry, originals, report, rows, partial(track, name="captures"))
    finally:
        originals.index.close()
    print(f"{compared.captures} captures read again, {compared.other} give other rows than they did", file=sys.stderr)
    if elsewhere := compared.elsewhere:
        which = f"{elsewhere.total()} captures in {len(elsewhere)} WARC files, such as {min(elsewhere)}"
        print(f"not read again, since {registry.warc} does not hold them: {which}", file=sys.stderr)
