"""The command `emeroteca`. Each command is one file of this package, named like the command, with `command` in it."""

import ast
import importlib
import pkgutil
import sys
from pathlib import Path
from time import monotonic

import click
from click.shell_completion import CompletionItem

import crawler.cli
from crawler.cli.context import Settings
from crawler.cli.exit_status import LOG_FORMATS, Group, exit_status
from crawler.event_log import display_records, is_json, report, start_json_log

#: Modules of this package that are no command.
_NO_COMMANDS = {"main", "context", "exit_status", "extras", "options", "__main__"}


class Commands(Group):
    """Finds commands by the files of the package, and imports the one that is asked for; the list of all of them comes
    from the first line of each file.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        found = (module.name for module in pkgutil.iter_modules(crawler.cli.__path__) if not module.ispkg)
        return sorted(name for name in found if name not in _NO_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = importlib.import_module(f"crawler.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary(name)) for name in self.list_commands(ctx)])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        names = [name for name in self.list_commands(ctx) if name.startswith(incomplete)]
        options = click.Command.shell_complete(self, ctx, incomplete)
        return [*(CompletionItem(name, help=summary(name)) for name in names), *options]


def summary(name: str) -> str:
    """What the command does, in a line, without its import."""
    source = Path(crawler.cli.__path__[0], f"{name}.py").read_text(encoding="utf-8")
    first = (ast.get_docstring(ast.parse(source)) or "").partition("\n")[0]
    return first.partition(": ")[2].rstrip(".")


@click.command(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "EMEROTECA"},
    epilog="Exit status: 0 done, 1 done but something needs a look, 2 wrong use, 3 could not. "
    "emeroteca help TOPIC: a page of the documentation.",
)
@click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("archive"),
    show_default=True,
    show_envvar=True,
    help="The collection: WARC files, index, database, crawl state.",
)
@click.option("--existing-home", "has_home", is_flag=True, hidden=True, help="Its folder is there: never make it anew.")
@click.option(
    "--database",
    "database_url",
    metavar="URL",
    envvar="EMEROTECA_DATABASE_URL",
    show_envvar=True,
    help="Where the rows are: sqlite:///PATH or postgresql://USER@HOST/NAME.  [default: HOME/corpus.db]",
)
@click.option(
    "--log-format",
    type=LOG_FORMATS,
    default="text",
    show_default=True,
    show_envvar=True,
    expose_value=False,
    help="json: every line on standard error is an event; also after the command.",
)
@click.version_option(package_name="emeroteca", prog_name="emeroteca")
@click.pass_context
def emeroteca(ctx: click.Context, home: Path, database_url: str | None, *, has_home: bool) -> None:
    """A newspaper library: crawls news sites, keeps every page as it was served, and makes a corpus of articles.

    \b
    emeroteca demo                               see it work, without internet
    emeroteca crawl alanews --since 2026-01-01   what a site published since that day
    emeroteca status                             what the collection holds
    emeroteca export --format jsonl              the articles, for other programs
    """
    ctx.obj = Settings(home=home, database_url=database_url or None, has_home=has_home or home.is_dir())


def main() -> None:
    """Runs the command line and ends the process with its exit status."""
    display_records()
    start_json_log(sys.argv)
    started = monotonic()
    try:
        status = emeroteca.main(prog_name="emeroteca", standalone_mode=False)
    except Exception as error:
        status = exit_status(error)
        if status is None:
            raise
        _report(error)
    if is_json():
        seconds = monotonic() - started
        report("end", f"exit status {status}", exit_status=status or 0, duration_seconds=round(seconds, 3))
    sys.exit(status)


def _report(error: Exception) -> None:
    match error:
        case click.UsageError() if is_json():
            report("error", error.format_message(), "error")
        case click.UsageError():
            error.show()
        case click.Abort():
            print("emeroteca: interrupted", file=sys.stderr)
        case BrokenPipeError():
            sys.stderr.close()
        case MemoryError():
            report("error", "emeroteca: out of memory", "error")
        case _:
            report("error", f"emeroteca: {error}", "error")
