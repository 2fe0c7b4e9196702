"""emeroteca schedule: crawls on a timetable."""

import json
import shlex
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from crawler.cli.context import Settings, pass_settings
from crawler.cli.exit_status import Group
from crawler.cli.options import SiteName, sites_at_once_option
from crawler.operations.scheduler import Scheduler
from crawler.operations.systemd import cron_line, systemd_service, systemd_timer
from crawler.operations.timetable import check_cron, next_due, seconds_in, span_of
from crawler.registry import site_named
from storage.corpus.read.schedules import put_schedule, remove_schedule, schedules
from storage.exceptions import CommandError


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
    seconds = seconds_in(every) if every else None
    expression = check_cron(cron) if cron else None
    now = datetime.now(UTC)
    due = next_due(now, site_named(site).timezone, every_seconds=seconds, cron=expression) if cron else now
    with settings.new_database() as database:
        put_schedule(database, site, every_seconds=seconds, cron=expression, options=list(options), due_at=due)
    print(f"{site}: next at {due.astimezone(site_named(site).timezone):%Y-%m-%d %H:%M %Z}", file=sys.stderr)


@command.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="As JSON, a line a site.")
@pass_settings
def show(settings: Settings, as_json: bool) -> None:
    """Show the timetable: when each site is due, and how its last run ended."""
    with settings.database() as database:
        rows = schedules(database)
    for row in rows:
        if as_json:
            print(json.dumps(row, default=lambda moment: moment.isoformat()))
            continue
        when = f"every {span_of(row['every_seconds'])}" if row["every_seconds"] else f"cron {row['cron']}"
        options = f" {shlex.join(row['options'])}" if row["options"] else ""
        print(f"{row['site']}: {when}{options}; next {row['due_at']:%Y-%m-%d %H:%M} UTC; {_last(row)}")


def _last(row: dict[str, object]) -> str:
    started, finished, status = row["started_at"], row["finished_at"], row["exit_status"]
    if started is None:
        return "has not run yet"
    if finished is None:
        return f"under way or cut off since {started:%Y-%m-%d %H:%M} UTC"
    return f"last run {started:%Y-%m-%d %H:%M} UTC, exit status {status}"


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
        failed = Scheduler(database, settings.collection, jobs=jobs).run(once=once)
    return 1 if failed else 0


@command.command(name="install")
@click.option("--systemd", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Write units there.")
@click.option("--print-cron", is_flag=True, help="Print a line for crontab instead.")
@pass_settings
def install(settings: Settings, systemd: Path | None, print_cron: bool) -> None:
    """Have the machine itself run the timetable: a systemd timer, or a line for crontab.

    \b
    emeroteca schedule install --systemd ~/.config/systemd/user
    emeroteca schedule install --print-cron
    """
    if (systemd is None) != print_cron:
        raise click.UsageError("say either --systemd DIR or --print-cron")
    # the database stays out: its URL may hold a password, and goes by the environment
    home = str(settings.home.absolute())
    command = [sys.executable, "-m", "crawler.cli", "--home", home, "schedule", "run", "--once"]
    if systemd is None:
        print(cron_line(command))
        return
    systemd.mkdir(parents=True, exist_ok=True)
    (systemd / "emeroteca.service").write_text(systemd_service(command), encoding="utf-8")
    (systemd / "emeroteca.timer").write_text(systemd_timer(), encoding="utf-8")
    print("now: systemctl --user daemon-reload && systemctl --user enable --now emeroteca.timer", file=sys.stderr)
