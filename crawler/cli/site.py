"""emeroteca site: sites as data, in HOME/sites."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.cli.context import Settings, pass_settings
from crawler.cli.exit_status import Group
from crawler.cli.options import SiteName
from crawler.cli.sites import command as sites_command
from crawler.event_log import print_line
from storage.exceptions import CommandError

if TYPE_CHECKING:
    from crawler.operations.site_check import CheckedPage
    from crawler.registry import Definition


class SiteFileName(SiteName):
    """The name of a site, or of a file in HOME/sites that could not be loaded."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        home = ctx.find_root().params.get("home") if ctx else None
        return str(value) if home is not None and _files(home, str(value)) else super().convert(value, param, ctx)


def _files(home: Path, name: str) -> list[Path]:
    """The files in HOME/sites that are called like the site."""
    if not re.fullmatch(r"[\w.-]+", name):
        return []
    names = (f"{name}.toml", f"{re.sub(r'[^a-z0-9]', '_', name)}.py")
    return [path for path in ((home / "sites" / file) for file in names) if path.is_file() or path.is_symlink()]


@click.group(name="site", cls=Group)
def command() -> None:
    """Add sites, and check how their pages are read. A site is a TOML or Python file in HOME/sites (docs/sites.md)."""


command.add_command(sites_command, "list")


@command.command(name="add")
@click.argument("url")
@click.option("--delay", type=click.FloatRange(min=0), default=1.0, show_default=True, metavar="S", help="Seconds.")
@pass_settings
def add(settings: Settings, url: str, delay: float) -> int:
    """Find out what the site at URL offers, and write HOME/sites/NAME.toml.

    The same survey that `emeroteca crawl URL` begins with; no article is captured. The requests are polite, and in the
    collection's WARC files.

    \b
    emeroteca site add https://a-newspaper.example
    """
    from crawler.cli.crawl import run_crawl, scrapy_settings
    from crawler.extraction.version import Reader

    scrapy = scrapy_settings(
        settings, delay=delay, budget=None, requisites=False, reader=Reader.PAGE_OBJECT, verbose=False
    )
    return run_crawl(settings, scrapy, url, {}, only_survey=True)


@command.command(name="show")
@click.argument("name", metavar="NAME", type=SiteFileName())
@pass_settings
def show(settings: Settings, name: str) -> None:
    """Print what defines the site NAME: its file, also one that cannot be loaded, or the facts of its module."""
    if (broken := _broken_file(settings, name)) is not None:
        print(f"# {broken}")
        print(broken.read_text(encoding="utf-8", errors="replace"), end="")
        return
    found = _definition(name)
    if found.code is not None:
        print(f"# {found.source}")
        print(found.code, end="")
        return
    site = found.site
    print(f"# module {found.source}")
    for field, value in (
        *(("name", site.name), ("title", site.title), ("hosts", ", ".join(site.hosts))),
        *(("timezone", site.timezone.key), ("language", site.language)),
    ):
        print(f"{field} = {json.dumps(value, ensure_ascii=False)}")


@command.command(name="remove")
@click.argument("name", metavar="NAME", type=SiteFileName())
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_settings
def remove(settings: Settings, name: str, yes: bool) -> None:
    """Remove the file of the site NAME from HOME/sites, also one that cannot be loaded. Captures and rows stay."""
    path = _broken_file(settings, name)
    if path is None:
        found = _definition(name)
        if found.code is None:
            raise CommandError(f"{name} is not of a file in {settings.home / 'sites'} but of the module {found.source}")
        path = Path(found.source)
    if not yes:
        click.confirm(f"Remove {path}? Captures and rows of {name} stay.", abort=True, err=True)
    path.unlink()
    print(f"removed {path}; captures and rows of {name} stay", file=sys.stderr)


@command.command(name="check")
@click.argument("name", metavar="NAME", type=SiteName())
@click.option("--pages", type=click.IntRange(min=1), default=5, show_default=True, metavar="N", help="Articles.")
@click.option("--url", "urls", metavar="U", multiple=True, help="Only this article; may be repeated.")
@click.option("--delay", type=click.FloatRange(min=0), default=1.0, show_default=True, metavar="S", help="Seconds.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, a line a page.")
@pass_settings
def check(settings: Settings, name: str, pages: int, urls: tuple[str, ...], delay: float, as_json: bool) -> int:
    """Crawl a few pages of the site NAME, and print each field with its source; what is doubtful is marked with ?.

    The pages go into a collection that is thrown away. Exit status 1 where something is doubtful.

    \b
    emeroteca site check a-newspaper.example
    emeroteca site check a-newspaper.example --url https://a-newspaper.example/2026/01/05/regatta
    """
    from crawler.operations.site_check import check_site_pages

    checked = list(check_site_pages(settings.home, name, pages=pages, urls=urls, delay=delay))
    if not checked:
        raise CommandError(f"no article of {name} was captured: emeroteca crawl {name} --limit 1 --verbose says more")
    for page in checked:
        if as_json:
            print(json.dumps(page.as_json(), ensure_ascii=False))
        else:
            _print(page)
    return 1 if any(page.doubts for page in checked) else 0


@command.command(name="code")
@click.argument("name", metavar="NAME", type=SiteName())
@pass_settings
def code(settings: Settings, name: str) -> None:
    """Turn the TOML file of the site NAME into a Python file with page object and test, for what data cannot say.

    HOME/sites/NAME.toml is renamed to NAME.toml.replaced; HOME/sites/NAME.py defines the same site from then on, and
    HOME/sites/test_NAME.py tries its newest capture.
    """
    from crawler.sites.site_code import write_site_code

    found = _definition(name)
    if found.described is None:
        raise CommandError(f"{name} is code already: {found.source}")
    for path in write_site_code(found.described, Path(found.source), settings.home):
        print(path)


def _broken_file(settings: Settings, name: str) -> Path | None:
    """The file of that name which could not be loaded; None where there is none."""
    from crawler.registry import site_problems, use_home

    use_home(settings.home)
    broken = {source for source, _ in site_problems()}
    return next((path for path in _files(settings.home, name) if str(path) in broken), None)


def _definition(name: str) -> Definition:
    from crawler.registry import definition_of

    return definition_of(name)


def _print(page: CheckedPage) -> None:
    print_line(page.explanation.url)
    if page.explanation.refusal:
        print_line(f"  ? refused: {page.explanation.refusal[0]} ({page.explanation.refusal[1]})")
    for one in page.explanation.fields:
        value = ", ".join(one.value) if isinstance(one.value, list) else one.value
        mark = "?" if one.name in page.doubts else " "
        source = f"  <- {one.source}" if one.source else ""
        print_line(f"  {mark} {one.name}: {'none' if value in (None, '') else value}{source}")
    print_line(f"    text: {page.beginning}")
    for name, doubt in page.doubts.items():
        print_line(f"  ? {name}: {doubt}")
    print()
