"""emeroteca import: articles of lost sites, from what web archives and others kept."""  # noqa: N999

from __future__ import annotations

import importlib
import pkgutil

import click

import crawler.cli.imports
from crawler.cli.exit_status import Group


class _Imports(Group):
    """Finds the subcommands by the files of the package."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(module.name for module in pkgutil.iter_modules(crawler.cli.imports.__path__))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        found: click.Command = importlib.import_module(f"crawler.cli.imports.{cmd_name}").command
        return found


@click.group(name="import", cls=_Imports)
def command() -> None:
    """Bring in articles of lost sites, from what web archives and others kept.

    docs/lost-sites.md has the whole story.
    """
