"""Writes docs/commands.md from the commands' own help: `make docs`. A test holds that it is up to date."""

from pathlib import Path

import click

from crawler.cli.main import emeroteca

TARGET = Path(__file__).with_name("commands.md")

HEAD = """# Commands

Made by `make docs` from each command's own `--help`.

Standard output carries data only, standard error the rest; `-` is standard output. Days (`D`) are ISO dates,
inclusive, in the site's own time zone. The proxy variables `http_proxy`, `https_proxy` and `no_proxy` are honoured.
"""


def reference() -> str:
    """The help of every command, Markdown."""
    top = click.Context(emeroteca, info_name="emeroteca", **emeroteca.context_settings)
    parts = [HEAD, _section("emeroteca", emeroteca.get_help(top))]
    for name in emeroteca.list_commands(top):
        command = emeroteca.get_command(top, name)
        assert command is not None
        parts += _sections(command, click.Context(command, info_name=name, parent=top))
    return "\n".join(parts)


def _sections(command: click.Command, context: click.Context) -> list[str]:
    parts = [_section(context.command_path, command.get_help(context))]
    if isinstance(command, click.Group):
        for name, inner in sorted(command.commands.items()):
            parts += _sections(inner, click.Context(inner, info_name=name, parent=context))
    return parts


def _section(title: str, text: str) -> str:
    return f"## {title}\n\n```\n{text.strip()}\n```\n"


if __name__ == "__main__":
    TARGET.write_text(reference(), encoding="utf-8")
