"""systemd units and a crontab line that run the timetable, for `emeroteca schedule install`."""

import os
import shlex
from collections.abc import Sequence

#: Environment variables that a crawl reads.
_VARIABLES = ("EMEROTECA_CONTACT", "EMEROTECA_DATABASE_URL", "http_proxy", "https_proxy", "no_proxy")

_TIMER = """[Unit]
Description=Emeroteca: crawls on a timetable

[Timer]
OnCalendar=minutely
AccuracySec=5s
Persistent=true

[Install]
WantedBy=timers.target
"""


def systemd_service(command: Sequence[str]) -> str:
    """The unit that runs the command once, with the crawl's part of the present environment. systemd itself starts no
    second one while the first goes on. See systemd.service(5)."""
    variables = "".join(f"Environment={_quoted(f'{name}={value}')}\n" for name, value in _environment().items())
    line = " ".join(_quoted(word) for word in command)
    return (
        "[Unit]\nDescription=Emeroteca: what is due\nWants=network-online.target\nAfter=network-online.target\n\n"
        f"[Service]\nType=oneshot\n{variables}ExecStart={line}\nKillSignal=SIGINT\nTimeoutStopSec=15min\n"
        "SuccessExitStatus=1\n"
    )


def systemd_timer() -> str:
    """The timer that checks the timetable each minute."""
    return _TIMER


def cron_line(command: Sequence[str]) -> str:
    """A line for crontab(5) that checks the timetable each minute. `%` is special there."""
    variables = [f"{name}={shlex.quote(value)}" for name, value in _environment().items()]
    return "* * * * * " + " ".join([*variables, shlex.join(command)]).replace("%", r"\%")


def _environment() -> dict[str, str]:
    return {name: os.environ[name] for name in _VARIABLES if os.environ.get(name)}


def _quoted(text: str) -> str:
    """As systemd.syntax(7) quotes words; `%` and `$` are doubled."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"'
