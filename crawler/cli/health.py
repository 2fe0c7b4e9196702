"""emeroteca health: alarms where crawls or extraction deviate from the past of a site."""

import json
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

import click

from crawler.cli.context import NO_SITES, Settings, collection_command, known_sites
from crawler.cli.options import DayType, SiteName
from crawler.event_log import is_json, report
from crawler.operations.health import Health
from crawler.operations.metrics import metrics_of, metrics_server, metrics_text
from crawler.operations.site_health import health_of_site
from crawler.registry import all_sites
from storage.corpus.db.database import Database
from storage.corpus.export.destination import atomic_file
from storage.corpus.read.schedules import schedules
from storage.exceptions import CommandError


@collection_command("health")
@click.argument("sites", metavar="[SITE]...", nargs=-1, type=SiteName())
@click.option("--day", type=DayType(), metavar="D", help="Check the articles of this day.  [default: yesterday]")
@click.option("--json", "as_json", is_flag=True, help="As JSON, a line a site.")
@click.option("--prometheus", "metrics", metavar="F", help="Write the figures for Prometheus; - is standard output.")
@click.option("--serve", metavar="[HOST:]PORT", help="Serve them at /metrics until Ctrl-C.  [default host: 127.0.0.1]")
def command(
    settings: Settings, sites: tuple[str, ...], day: date | None, as_json: bool, metrics: str | None, serve: str | None
) -> int:
    """Compare each SITE (or all) with its own past: when it was last captured, how its last crawl ended, how many
    articles a day has, what the newest crawl was refused, which fields are missing, what extraction warns of.

    Exit status 1 where something is wrong, with a line that says what.

    \b
    emeroteca health
    emeroteca health alanews --prometheus /var/lib/node_exporter/emeroteca.prom
    emeroteca health --serve 9108
    """
    with settings.database() as database:
        if serve is not None:
            return _serve(serve, lambda: _health_of_sites(settings, database, sites, day))
        found = _health_of_sites(settings, database, sites, day)
    if not found:
        print(NO_SITES, file=sys.stderr)
    if metrics == "-":
        print(metrics_text(found).decode(), end="")
    elif metrics is not None:
        with atomic_file(Path(metrics)) as out:
            out.write(metrics_text(found))
    _show(found, as_json=as_json, quiet=metrics == "-")
    return 1 if any(site.alarms for site in found) else 0


def _health_of_sites(settings: Settings, database: Database, sites: tuple[str, ...], day: date | None) -> list[Health]:
    """Also of sites that are in the timetable and were never crawled."""
    planned = {row["site"]: row for row in schedules(database)}
    names = sites or [one.name for one in all_sites() if one.name in {*known_sites(database), *planned}]
    locks = settings.collection.locks
    return [health_of_site(database, locks, name, day, planned.get(name)) for name in names]


def _serve(where: str, read: Callable[[], list[Health]]) -> int:
    host, _, port = where.rpartition(":")
    if not port.isdigit():
        raise click.BadParameter(f"{where!r} is no port: write it like 9108 or 0.0.0.0:9108", param_hint="--serve")
    try:
        serving = metrics_server(host or "127.0.0.1", int(port), read)
    except OSError as problem:
        raise CommandError(f"{where} cannot be listened on ({problem.strerror}): choose another port") from problem
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with serving, suppress(KeyboardInterrupt):
        print("http://{}:{}/metrics".format(*serving.server_address), file=sys.stderr, flush=True)
        serving.serve_forever()
    return 0


def _show(found: list[Health], *, as_json: bool, quiet: bool) -> None:
    for site in found:
        if is_json():
            for alarm in site.alarms:
                report("alarm", f"{site.site}: {alarm.words}", "warning", site=site.site, kind=alarm.kind)
            report("health", f"{site.site}: {len(site.alarms)} alarms", **metrics_of(site))
        alarms = [{"kind": alarm.kind, "words": alarm.words} for alarm in site.alarms]
        if as_json:
            last = site.stats.last_capture.isoformat() if site.stats.last_capture else None
            facts = {"day": site.day.isoformat(), "expected": site.expected, "seen": site.seen, "last_capture": last}
            print(json.dumps({"site": site.site, "alarms": alarms, **facts}, ensure_ascii=False))
            continue
        for alarm in site.alarms:
            print(f"{site.site}: {alarm.kind}: {alarm.words}", file=sys.stderr if quiet else sys.stdout)
        if not alarms and not quiet:
            print(f"{site.site}: well")
