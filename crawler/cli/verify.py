"""emeroteca verify: fixity of files and records, consistency of references, index and rows."""

import json
import sys
from contextlib import ExitStack, closing
from dataclasses import asdict
from functools import partial
from pathlib import Path

import click
from click.core import ParameterSource
from rich.filesize import decimal

from crawler import event_log
from crawler.cli.context import Settings
from crawler.cli.exit_status import Command
from crawler.cli.options import warc_option
from crawler.ingest.file_locator import FileLocator
from crawler.operations.verify_rows import RowCheck, compare_rows
from crawler.progress_bar import track
from storage.collection import Collection
from storage.corpus.db.database import Database
from storage.corpus.read.captures import captures_by_file
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
@warc_option
@click.option("--json", "as_json", is_flag=True, help="The report as JSON on standard output.")
@click.pass_context
def command(
    context: click.Context, paths: tuple[Path, ...], rows: int | None, warc_paths: tuple[str, ...], as_json: bool
) -> int:
    """Verify the collection, or the WARC, ARC and WACZ files at each PATH, and say what is wrong where.

    Of the collection: each file's SHA-256 against the manifest and the database, each record's digests, lengths and
    checksums, that revisits lead to their payloads, that the index has the lines that the files give, that rows
    and records belong together, and that each capture, read again, gives the rows that it has. Of files that a rebuild
    has read elsewhere the same without manifest and index; those that cannot be found are faults. Of a PATH the same
    without manifest, index and rows; of a WACZ also its own digests and its index.

    \b
    emeroteca verify
    emeroteca verify --rows 200                  a sample of the rows
    emeroteca verify --rows 0                    fixity alone
    emeroteca verify --warc /mnt/archive         where the files of a rebuild have moved to
    emeroteca verify other.warc.gz some.wacz
    """
    report = FixityReport()
    if paths:
        if warc_paths or context.get_parameter_source("rows") is not ParameterSource.DEFAULT:
            raise click.UsageError("--rows and --warc are about the collection: leave out PATH")
        _verify_paths(paths, report)
    else:
        _verify_collection(context.ensure_object(Settings), rows, warc_paths, report)
    if as_json:
        print(json.dumps(asdict(report), ensure_ascii=False))
    else:
        for fault in report.faults:
            print(fault)
        wrong = f"{len(report.faults)} faults" if report.faults else "nothing wrong"
        words = f"{report.files} files, {decimal(report.bytes)}, {report.records} records, {report.captures} captures"
        counts = {name: getattr(report, name) for name in ("files", "bytes", "records", "captures")}
        event_log.report("verify-ended", f"{words}: {wrong}", **counts, faults=len(report.faults))
    return 1 if report.faults else 0


def _verify_paths(paths: tuple[Path, ...], report: FixityReport) -> None:
    with Verifier(report) as verifier:
        for path in paths:
            for found in [path, *sorted(path.rglob("*.wacz"))] if path.is_dir() else [path]:
                report.faults += [*wacz_faults(found), *index_faults(found)]
            for file in track(archive_files(path), "files"):
                verifier.verify_file(file, str(file))
        verifier.verify_revisits()


def _verify_collection(settings: Settings, rows: int | None, warc_paths: tuple[str, ...], report: FixityReport) -> None:
    collection = settings.warc_collection(", and no PATH was given")
    registry = collection.registry()
    with ExitStack() as stack:
        database = stack.enter_context(settings.database()) if settings.has_database() else None
        locator = FileLocator(database, registry.warc, warc_paths) if database else None
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
        if database and check and locator:
            check.finish()
            check.files(registry)
            _verify_files_elsewhere(database, registry, locator, report)
            _compare(database, locator, collection, rows, report)
    if left := sorted(collection.warc.glob("*" + OPEN_SUFFIX)):
        print(f"{len(left)} files are being written, or wait for the next crawl to recover them", file=sys.stderr)


def _verify_files_elsewhere(
    database: Database, registry: WarcFileRegistry, locator: FileLocator, report: FixityReport
) -> None:
    """Verify the files outside the collection that have rows."""
    own = {path.name.removesuffix(OPEN_SUFFIX) for path in registry.warc.iterdir()}
    own |= {fault.file for fault in report.faults if fault.kind == "missing"}
    check = RowCheck(database, report, are_own=False)
    with Verifier(report, check.record) as verifier:
        captures = {name: count for name, count in captures_by_file(database).items() if name not in own}
        for name, count in track(captures.items(), "files elsewhere"):
            if (place := locator.find(name)) is None:
                report.fault(name, None, "not found", f"{count} captures are not verified, since {locator.where(name)}")
            else:
                verifier.verify_file(place, name, locator.sha256(name))
        verifier.verify_revisits()
    check.finish()


def _compare(
    database: Database, locator: FileLocator, collection: Collection, rows: int | None, report: FixityReport
) -> None:
    if rows == 0:
        return
    with closing(PayloadIndex(collection.payload_index)) as index:
        originals = RevisitResolver(collection.warc, index, locator.open)
        compared = compare_rows(database, locator, originals, report, rows, partial(track, name="captures"))
    print(f"{compared.captures} captures read again, {compared.other} give other rows than they did", file=sys.stderr)
    if absent := compared.absent:
        print(f"{absent.total()} captures not read again, in {len(absent)} WARC files not found", file=sys.stderr)
