"""Exit statuses of the command line, and the errors they stand for. Called by crawler.cli.main and by every command."""

from typing import Any, Final

import click

from storage.exceptions import EmerotecaError, InvalidArgument

DONE: Final = 0
NEEDS_A_LOOK: Final = 1
WRONG_USE: Final = 2
COULD_NOT: Final = 3

#: The first match counts. Other exceptions are bugs: a traceback, and Python's exit status 1.
EXIT_STATUSES: Final[tuple[tuple[type[BaseException], int], ...]] = (
    (BrokenPipeError, DONE),  # the reader of standard output, such as `head`, has read enough
    (click.Abort, NEEDS_A_LOOK),  # Ctrl-C
    (click.UsageError, WRONG_USE),
    (InvalidArgument, WRONG_USE),
    (EmerotecaError, COULD_NOT),
    (OSError, COULD_NOT),  # a full disk, a folder that is gone or read-only, no more file handles
    (MemoryError, COULD_NOT),
)


def exit_status(error: BaseException) -> int | None:
    """The exit status that stands for the error; None for a bug."""
    return next((status for kind, status in EXIT_STATUSES if isinstance(error, kind)), None)


LOG_FORMATS: Final = click.Choice(["text", "json"])


class Command(click.Command):
    """A command that returns its exit status, None for DONE. Its InvalidArgument errors are reported with its usage, as
    click's own are. It accepts `--log-format`, which crawler.event_log reads, like the program itself.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.append(click.Option(["--log-format"], type=LOG_FORMATS, expose_value=False, hidden=True))

    def invoke(self, ctx: click.Context) -> Any:
        try:
            status = super().invoke(ctx)
        except InvalidArgument as error:
            raise click.UsageError(str(error), ctx) from error
        return DONE if status is None else status


class Group(click.Group):
    """A command with subcommands."""

    command_class = Command
