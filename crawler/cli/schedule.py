"""emeroteca schedule: crawls on a timetable."""

import json
import os
import shlex
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import click

from crawler.cli.context import Settings, pass_settings
from crawler.cli.crawl import check_options
from crawler.cli.exit_status import Group
from crawler.cli.options import SiteName, sites_at_once_option
from crawler.fetching.contact import contact_problem
from crawler.operations.systemd import (
    USER_UNITS,
    cron_line,
    is_unit_folder,
    systemd_service,
    systemd_timer,
    timer_problems,
    write_environment,
)
from crawler.operations.timetable import check_cron, last_outcome, next_due, seconds_in, span_of
from crawler.registry import all_sites, site_named
from storage.corpus.read.schedules import put_schedule, remove_schedule, schedules
from storage.exceptions import CommandError

EMPTY: Final = "the timetable is empty: emeroteca schedule add SITE --every 1h"


@click.group(name="schedule", cls=Group)
def command() -> None:
    """Crawl sites on a timetable. Two crawls of one site never overlap, however they are started."""


@command.command(name="add", context_settings={"ignore_unknown_options": True})
@click.argument("site", type=SiteName())
@click.option("--every", metavar="T", help="So often: 30m, 6h, 1d.")
@click.option("--cron", metavar="EXPR", help="Then: minute, hour, day, month, weekday, in the site's time zone.")
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
@pass_settings
def add(settings: Settings, site: str, every: str | None, cron: str | None, options: tuple[str, ...]) -> None:
    """Put SITE into the timetable, or change its place; OPTIONS are those of emeroteca crawl.

    \b
    emeroteca schedule add alanews --every 30m
    emeroteca schedule add alanews --cron "15 */2 * * *" --delay 2
    """
    if (every is None) == (cron is None):
        raise click.UsageError("say either --every or --cron")
    check_options(settings, site, options)
    seconds = seconds_in(every) if every else None
    expression = check_cron(cron) if cron else None
    now = datetime.now(UTC)
    due = next_due(now, site_named(site).timezone, every_seconds=seconds, cron=expression) if cron else now
    with settings.new_database() as database:
        put_schedule(database, site, every_seconds=seconds, cron=expression, options=list(options), due_at=due)
    print(f"{site}: next at {_local(site, due)}", file=sys.stderr)


@command.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="As JSON, a line a site.")
@pass_settings
def show(settings: Settings, as_json: bool) -> None:
    """Show the timetable: when each site is due, in its own time zone, and how its last run ended."""
    with settings.database() as database:
        rows = [
            {**row, "outcome": last_outcome(database, settings.collection.locks, row)} for row in schedules(database)
        ]
    if not rows:
        print(EMPTY, file=sys.stderr)
    for row in rows:
        if as_json:
            print(json.dumps(row, default=lambda moment: moment.isoformat()))
            continue
        when = f"every {span_of(row['every_seconds'])}" if row["every_seconds"] else f"cron {row['cron']}"
        options = f" {shlex.join(row['options'])}" if row["options"] else ""
        print(f"{row['site']}: {when}{options}; next {_local(row['site'], row['due_at'])}; {_last(row)}")


def _last(row: dict[str, Any]) -> str:
    if row["outcome"] is None:
        return "has not run yet"
    status = f", exit status {row['exit_status']}" if row["exit_status"] is not None else ""
    return f"last run {_local(row['site'], row['started_at'])}: {row['outcome'].replace('-', ' ')}{status}"


def _local(site: str, moment: datetime) -> str:
    """In the site's time zone, in which its cron expression is; in UTC for a site without a definition."""
    zone = next((known.timezone for known in all_sites() if known.name == site), UTC)
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M %Z}"


@command.command(name="remove")
@click.argument("site")
@pass_settings
def remove(settings: Settings, site: str) -> None:
    """Take SITE out of the timetable."""
    with settings.database() as database:
        if not remove_schedule(database, site):
            raise CommandError(f"{site} is not in the timetable: see emeroteca schedule list")


@command.command(name="run")
@click.option("--once", is_flag=True, help="Run what is due now, and end.")
@sites_at_once_option
@pass_settings
def run(settings: Settings, once: bool, jobs: int) -> int:
    """Run the timetable until Ctrl-C or SIGTERM, which let crawls end in order. Each crawl is a process of its own."""
    with settings.database() as database:
        if not schedules(database):
            print(EMPTY, file=sys.stderr)
        from crawler.operations.scheduler import Scheduler

        failed = Scheduler(database, settings.collection, jobs=jobs).run(once=once)
    return 1 if failed else 0


@command.command(name="install")
@click.option(
    "--systemd",
    type=click.Path(file_okay=False, path_type=Path),
    is_flag=False,
    flag_value=USER_UNITS,
    metavar="[DIR]",
    help="Write units there.  [default: ~/.config/systemd/user]",
)
@click.option("--print-cron", is_flag=True, help="Print a line for crontab instead.")
@pass_settings
def install(settings: Settings, systemd: Path | None, print_cron: bool) -> int:
    """Have the machine itself run the timetable: a systemd timer, or a line for crontab.

    Passwords and the rest of the crawls' environment go to HOME/schedule.env, which only its owner can read. Exit
    status 1 where the timer does not run yet, with the commands that start it.

    \b
    emeroteca schedule install --systemd
    emeroteca schedule install --print-cron
    """
    if (systemd is None) != print_cron:
        raise click.UsageError("say either --systemd or --print-cron")
    home = settings.home.absolute()
    settings.collection.create()
    environment = home / "schedule.env"
    command = [sys.executable, "-m", "crawler.cli", "--home", str(home), "schedule", "run", "--once"]
    problems = []
    try:
        write_environment(environment, settings.database_url)
        if systemd is None:
            print(cron_line(command, environment))
        else:
            systemd.mkdir(parents=True, exist_ok=True)
            (systemd / "emeroteca.service").write_text(systemd_service(command, environment), encoding="utf-8")
            (systemd / "emeroteca.timer").write_text(systemd_timer(), encoding="utf-8")
            problems = timer_problems(systemd)
    except OSError as problem:
        raise CommandError(f"{problem.filename} cannot be written ({problem.strerror})") from problem
    print(f"{environment} has the environment of the crawls; write it again after changes", file=sys.stderr)
    contact = contact_problem(os.environ.get("EMEROTECA_CONTACT"), [host for one in all_sites() for host in one.hosts])
    for line in [*problems, *([f"crawls will not begin: {contact}"] if contact else [])]:
        print(line, file=sys.stderr)
    if systemd is not None and not is_unit_folder(systemd):
        print(f"systemd does not look into {systemd}: copy the units to {USER_UNITS}", file=sys.stderr)
        return 0
    return 1 if problems else 0
