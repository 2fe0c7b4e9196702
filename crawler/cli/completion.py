"""emeroteca completion: a script for bash, zsh or fish that completes commands, options and sites."""

import click
from click.shell_completion import get_completion_class

from crawler.cli.exit_status import Command


@click.command(name="completion", cls=Command)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """Print the completion script of SHELL.

    \b
    echo 'eval "$(emeroteca completion bash)"' >> ~/.bashrc
    echo 'eval "$(emeroteca completion zsh)"' >> ~/.zshrc
    emeroteca completion fish > ~/.config/fish/completions/emeroteca.fish
    """
    kind = get_completion_class(shell)
    assert kind is not None
    print(kind(context.find_root().command, {}, "emeroteca", "_EMEROTECA_COMPLETE").source())
