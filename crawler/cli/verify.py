"""emeroteca verify: fixity of files and records, consistency of references, index and rows."""

import json
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path

import click
from click.core import ParameterSource
from rich.filesize import decimal

from crawler import event_log
from crawler.cli.context import Settings, pass_settings
from crawler.cli.exit_status import Command
from crawler.cli.options import warc_option


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
@pass_settings
def command(
    settings: Settings, paths: tuple[Path, ...], rows: int | None, warc_paths: tuple[str, ...], as_json: bool
) -> int:
    """Verify the collection, or the WARC, ARC and WACZ files at each PATH, and say what is wrong where.

    Of the collection: each file's SHA-256 against the manifest and the database, each record's digests, lengths and
    checksums, that revisits lead to their payloads, that the index has the lines that the files give, and the payload
    index their payloads, that rows and records belong together, and that each capture, read again, gives the rows that
    it has. Of files that a rebuild has read elsewhere the same without manifest and index; those that cannot be found
    are faults, but for files that other machines wrote into collections of their own and a shared Postgres knows: these
    are counted. Of a PATH the same without manifest, index and rows; of a WACZ also its own digests and its index.

    \b
    emeroteca verify
    emeroteca verify --rows 200                  a sample of the rows
    emeroteca verify --rows 0                    fixity alone
    emeroteca verify --warc /mnt/archive         where the files of a rebuild have moved to
    emeroteca verify other.warc.gz some.wacz
    """
    from crawler.operations.verify_collection import verify_collection, verify_paths

    if paths:
        if warc_paths or click.get_current_context().get_parameter_source("rows") is not ParameterSource.DEFAULT:
            raise click.UsageError("--rows and --warc are about the collection: leave out PATH")
        report = verify_paths(paths)
    else:
        collection = settings.warc_collection(", and no PATH was given")
        with settings.database() if settings.has_database() else nullcontext() as database:
            report = verify_collection(collection, database, rows, warc_paths)
    if as_json:
        print(json.dumps(asdict(report), ensure_ascii=False))
    else:
        for fault in report.faults:
            event_log.print_line(fault)
        wrong = f"{len(report.faults)} faults" if report.faults else "nothing wrong"
        words = f"{report.files} files, {decimal(report.bytes)}, {report.records} records, {report.captures} captures"
        counts = {name: getattr(report, name) for name in ("files", "bytes", "records", "captures")}
        event_log.report("verify-ended", f"{words}: {wrong}", **counts, faults=len(report.faults))
    return 1 if report.faults else 0
