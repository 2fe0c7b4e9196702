"""emeroteca help: a command, or a page of the documentation."""

import sys
from pathlib import Path

import click

from crawler.cli.exit_status import Command


@click.command(name="help", cls=Command)
@click.argument("topic", nargs=-1)
@click.pass_context
def command(context: click.Context, topic: tuple[str, ...]) -> None:
    """Explain TOPIC, a command or a page of the documentation; without TOPIC list the pages.

    \b
    emeroteca help archivist
    emeroteca help schedule add
    """
    pages = {page.stem: page for page in sorted(documentation().glob("*.md"))}
    if not topic:
        for name, page in pages.items():
            print(f"{name:<14} {page.read_text(encoding='utf-8').partition(chr(10))[0].lstrip('# ')}")
    elif len(topic) == 1 and topic[0] in pages:
        _print_markdown(pages[topic[0]].read_text(encoding="utf-8"))
    else:
        print(_command_help(context.find_root(), topic, list(pages)))


def documentation() -> Path:
    """The folder `docs` of the project, or its copy where the program is installed."""
    root = Path(__file__).parents[2]
    is_checkout = (root / "pyproject.toml").is_file()  # other packages install a folder `docs` beside this one
    return root / "docs" if is_checkout else Path(sys.prefix, "share/doc/emeroteca")


def _command_help(context: click.Context, words: tuple[str, ...], pages: list[str]) -> str:
    for word in words:
        group = context.command
        found = group.get_command(context, word) if isinstance(group, click.Group) else None
        if found is None:
            raise click.UsageError(f"{' '.join(words)!r} is no command and none of the pages {', '.join(pages)}")
        context = click.Context(found, info_name=word, parent=context)
    return context.get_help()


def _print_markdown(text: str) -> None:
    if not sys.stdout.isatty():
        print(text, end="")
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(text))
