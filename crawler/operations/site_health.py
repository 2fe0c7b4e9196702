"""The health of a site as it is now: for `emeroteca health` and the reading room."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from crawler.operations.health import Health, health
from crawler.operations.timetable import last_outcome
from crawler.registry import site_named
from storage.corpus.db.database import Database
from storage.corpus.read.health_stats import health_stats
from storage.locks import SiteLock


def health_of_site(
    database: Database, locks: Path, name: str, day: date | None = None, plan: Mapping[str, Any] | None = None
) -> Health:
    """Alarms and figures of a site. locks: the folder of the collection's locks; day: the day whose number of articles
    is checked, yesterday in the site's zone by default; plan: its row of the timetable. Raises CorpusError."""
    now = datetime.now(UTC)
    checked_day = day or now.astimezone(site_named(name).timezone).date() - timedelta(days=1)
    if plan is not None:
        plan = {**plan, "outcome": last_outcome(database, locks, plan)}
    running = SiteLock(database, locks, name).is_held()
    return health(name, health_stats(database, name), now, checked_day, plan, running=running)
