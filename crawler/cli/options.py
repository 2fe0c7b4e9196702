"""Options and parameter types that several commands share."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from crawler.cli.extras import needing
from crawler.extraction.version import Reader

if TYPE_CHECKING:
    from types import ModuleType


class DayType(click.DateTime):
    """An ISO date."""

    def __init__(self) -> None:
        super().__init__(["%Y-%m-%d"])

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:  # type: ignore[override]
        return super().convert(value, param, ctx).date()


class MomentType(click.ParamType[datetime]):
    """An ISO 8601 time, without offset UTC's; a day alone is its end."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no ISO 8601 time like 2022-02-14T15:00:00Z", param, ctx)
        moment = datetime.combine(moment, time.max) if "T" not in value and len(value) <= 10 else moment
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class SiteName(click.ParamType[str]):
    """The name of a site that has a spider. advice: ends the error message. takes_address: also any address."""

    name = "site"

    def __init__(self, advice: str = ": see emeroteca sites", *, takes_address: bool = False) -> None:
        self._advice = advice
        self._takes_address = takes_address

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        names = _site_names(ctx)
        if self._takes_address and value not in names and is_address(str(value)):
            return str(value)
        if value not in names:
            advice = self._advice.format(names=", ".join(names))
            raise click.BadParameter(f"{value!r} is no site we know{advice}", param_hint="SITE")
        return str(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return _complete_site(ctx, param, incomplete)


def is_address(text: str) -> bool:
    """Whether an argument is an address rather than the name of a site: `paper.example`, `https://paper.example/`."""
    return "://" in text or "." in text or text.partition(":")[0] == "localhost"


def _site_names(ctx: click.Context | None) -> list[str]:
    from crawler.registry import all_sites, use_home

    home = ctx.find_root().params.get("home") if ctx else None
    if home is not None:
        use_home(home)
    return [site.name for site in all_sites()]


def _complete_site(ctx: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(name) for name in _site_names(ctx) if name.startswith(incomplete)]


reader_option = click.option(
    "--reader",
    type=click.Choice([reader.value for reader in Reader]),
    callback=lambda context, option, value: Reader(value),
    default=Reader.PAGE_OBJECT.value,
    envvar="EMEROTECA_READER",
    show_default=True,
    show_envvar=True,
    help="What reads the bodies of pages: the page object of the site, or trafilatura on every site.",
)
site_option = click.option("--site", metavar="S", help="Only this site.", shell_complete=_complete_site)
warc_option = click.option(
    "--warc",
    "warc_paths",
    multiple=True,
    metavar="PATH",
    help="Where WARC files of rows are now: a file, folder, glob or URL; remembered.  [repeatable]",
)
since_option = click.option("--since", type=DayType(), metavar="D", help="First day of publication.")
until_option = click.option("--until", type=DayType(), metavar="D", help="Last day of publication.")
sites_at_once_option = click.option(
    "--jobs", type=click.IntRange(min=1), default=4, show_default=True, metavar="N", help="Sites at once."
)


def html_options(help: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A decorator that adds `--html F` and `--language`, of that page."""
    file = click.option("--html", type=click.Path(dir_okay=False, path_type=Path), metavar="F", help=help)
    languages = click.Choice(["en", "it"])
    language = click.option("--language", type=languages, default="en", show_default=True, help="Of the web page.")
    return lambda function: file(language(function))


def write_page(path: Path, command: str, page: Callable[[ModuleType], str]) -> None:
    """Write a page that a function of `reading_room.files` returns. command: what asks for it, for the message of the
    DependencyMissing where the reading room is not installed."""
    from storage.corpus.export.destination import atomic_file

    with needing(command, "reading-room"):
        from reading_room import files
    with atomic_file(path) as out:
        out.write(page(files).encode())
    print(f"{path} is written", file=sys.stderr)
