"""Every error has its exit status, in one place."""

import sys
from collections.abc import Callable, Iterator

import click
import pytest

from crawler.cli.exit_status import COULD_NOT, DONE, NEEDS_A_LOOK, WRONG_USE, Command, exit_status
from crawler.cli.main import emeroteca, main
from storage.exceptions import EmerotecaError, InvalidArgument, SourceNotFound, WriteFailed


def tree(base: type[EmerotecaError]) -> Iterator[type[EmerotecaError]]:
    yield base
    for kind in base.__subclasses__():
        yield from tree(kind)


@pytest.mark.parametrize("kind", sorted(set(tree(EmerotecaError)), key=str), ids=lambda kind: kind.__name__)
def test_every_error_of_the_tree_has_its_status(kind: type[EmerotecaError]) -> None:
    assert exit_status(kind("")) == (WRONG_USE if issubclass(kind, InvalidArgument) else COULD_NOT)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (click.UsageError("no"), WRONG_USE),
        (click.BadParameter("no"), WRONG_USE),
        (click.Abort(), NEEDS_A_LOOK),
        (BrokenPipeError(), DONE),
        (OSError(24, "Too many open files"), COULD_NOT),
        (FileNotFoundError(2, "No such file or directory", "archive/index"), COULD_NOT),
        (MemoryError(), COULD_NOT),
        (ValueError(), None),
    ],
    ids=repr,
)
def test_other_exceptions(error: Exception, status: int | None) -> None:
    assert exit_status(error) == status


def commands(group: click.Group, context: click.Context) -> Iterator[click.Command]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, context)
        else:
            yield command


def test_every_command_reports_invalid_arguments_with_its_usage() -> None:
    found = list(commands(emeroteca, click.Context(emeroteca)))
    assert len(found) > 20
    assert all(isinstance(command, Command) for command in found)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], int]:
    """The command line with a command that fails so; its exit status."""

    def call(error: Exception) -> int:
        @click.command("failing", cls=Command)
        def failing() -> None:
            raise error

        monkeypatch.setattr(type(emeroteca), "get_command", lambda *_: failing)
        monkeypatch.setattr(sys, "argv", ["emeroteca", "failing"])
        with pytest.raises(SystemExit) as ended:
            main()
        assert isinstance(ended.value.code, int)
        return ended.value.code

    return call


def test_an_invalid_argument_shows_the_usage(
    run: Callable[[Exception], int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(SourceNotFound("there is no file x.warc.gz")) == WRONG_USE
    shown = capsys.readouterr().err
    assert "Usage: emeroteca failing" in shown
    assert "Error: there is no file x.warc.gz" in shown


def test_other_errors_are_one_line(run: Callable[[Exception], int], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(WriteFailed(28, "cannot sync: disk full", "a.warc.gz")) == COULD_NOT
    assert capsys.readouterr().err == "emeroteca: [Errno 28] cannot sync: disk full: 'a.warc.gz'\n"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(30, "Read-only file system", "archive/locks"), "[Errno 30] Read-only file system: 'archive/locks'"),
        (MemoryError(), "out of memory"),
    ],
    ids=["read-only", "memory"],
)
def test_what_the_machine_refuses_is_one_line(
    run: Callable[[Exception], int], capsys: pytest.CaptureFixture[str], error: Exception, said: str
) -> None:
    assert run(error) == COULD_NOT
    assert capsys.readouterr().err == f"emeroteca: {said}\n"


def test_a_bug_shows_its_traceback(monkeypatch: pytest.MonkeyPatch, run: Callable[[Exception], int]) -> None:
    with pytest.raises(ZeroDivisionError):
        run(ZeroDivisionError())
