"""systemd units and a crontab line that run the timetable, for `emeroteca schedule install`."""

import os
import subprocess
from collections.abc import Sequence
from getpass import getuser
from pathlib import Path
from shlex import join, quote, split
from tempfile import NamedTemporaryFile
from typing import Final

#: Environment variables that a crawl reads, beside Emeroteca's own and those of the Postgres driver.
_VARIABLES: Final = {"http_proxy", "https_proxy", "all_proxy", "no_proxy", "ssl_cert_file"}
#: Where systemd looks for the units of a user, and of the machine.
USER_UNITS: Final = Path(os.environ.get("XDG_CONFIG_HOME") or "~/.config").expanduser() / "systemd" / "user"
SYSTEM_UNITS: Final = (Path("/etc/systemd/system"), Path("/run/systemd/system"), Path("/usr/local/lib/systemd/system"))

_TIMER = """[Unit]
Description=Emeroteca: crawls on a timetable

[Timer]
OnCalendar=minutely
AccuracySec=5s
Persistent=true

[Install]
WantedBy=timers.target
"""


def write_environment(file: Path, database_url: str | None) -> None:
    """Writes the crawl's part of the present environment, for its owner alone to read: it may hold passwords. The form
    is NAME="value", as systemd.exec(5) and sh read it. Raises OSError."""
    variables = {
        name: value
        for name, value in os.environ.items()
        if name.startswith(("EMEROTECA_", "PG")) or name.lower() in _VARIABLES
    }
    variables |= {"EMEROTECA_DATABASE_URL": database_url} if database_url else {}
    escaped = str.maketrans({character: f"\\{character}" for character in '"\\`$'})
    lines = [f'{name}="{value.translate(escaped)}"\n' for name, value in sorted(variables.items())]
    with NamedTemporaryFile("w", dir=file.parent, encoding="utf-8", delete=False) as unfinished:  # its mode is 0600
        unfinished.writelines(lines)
    Path(unfinished.name).replace(file)


def systemd_service(command: Sequence[str], environment: Path) -> str:
    """The unit that runs the command once, here, with the environment file. systemd itself starts no second one while
    the first goes on. See systemd.service(5)."""
    line = " ".join(_quoted(word) for word in command)
    return (
        "[Unit]\nDescription=Emeroteca: what is due\nWants=network-online.target\nAfter=network-online.target\n\n"
        f"[Service]\nType=oneshot\nEnvironmentFile={_path(environment)}\nWorkingDirectory={_path(Path.cwd())}\n"
        f"ExecStart={line}\nKillSignal=SIGINT\nTimeoutStopSec=15min\nSuccessExitStatus=1\n"
    )


def systemd_timer() -> str:
    """The timer that checks the timetable each minute."""
    return _TIMER


def cron_line(command: Sequence[str], environment: Path) -> str:
    """A line for crontab(5) that checks the timetable each minute. `%` is special there."""
    line = f"cd {quote(str(Path.cwd()))} && set -a && . {quote(str(environment))} && exec {join(command)}"
    return "* * * * * " + line.replace("%", r"\%")


def is_unit_folder(folder: Path) -> bool:
    """Whether systemd looks for units there."""
    return folder.resolve() in {USER_UNITS.resolve(), *SYSTEM_UNITS}


def timer_problems(folder: Path) -> list[str]:
    """Why the timer with these units does not run, or will stop, each with the command that helps."""
    is_system = folder.resolve() in SYSTEM_UNITS
    systemctl = "systemctl" if is_system else "systemctl --user"
    problems = []
    active, enabled = (_answer(f"{systemctl} {verb} emeroteca.timer") for verb in ("is-active", "is-enabled"))
    if (active, enabled) != ("active", "enabled"):
        start = f"{systemctl} daemon-reload && {systemctl} enable --now emeroteca.timer"
        problems.append(f"the timer does not run ({active}, {enabled}): {start}")
    user = quote(getuser())
    linger = "yes" if is_system else _answer(f"loginctl show-user {user} --property=Linger")
    if not linger.endswith("yes"):
        problems.append(f"the timer stops when {user} logs out ({linger}): loginctl enable-linger {user}")
    return problems


def _answer(command: str) -> str:
    """The last line that a command prints."""
    try:
        ended = subprocess.run(split(command), capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired) as problem:
        return f"{command}: {problem}"
    return (ended.stdout.strip() or ended.stderr.strip() or f"exit status {ended.returncode}").splitlines()[-1]


def _path(path: Path) -> str:
    return str(path).replace("%", "%%")


def _quoted(text: str) -> str:
    """As systemd.syntax(7) quotes words; `%` and `$` are doubled."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"'
