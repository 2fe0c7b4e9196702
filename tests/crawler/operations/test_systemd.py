"""The timetable is handed to systemd or cron: without passwords in sight, and with a word on what is missing."""

import os
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.operations.systemd import cron_line, systemd_service, write_environment

Emeroteca = Callable[..., subprocess.CompletedProcess[str]]
PASSWORD = 'pa$s`w"o%rd'
URL = f"postgresql://emeroteca:{PASSWORD}@db.library.example/emeroteca"


def test_words_for_systemd_and_cron_are_quoted() -> None:
    unit = systemd_service(["/opt/my env/python", "-m", "crawler.cli"], Path("/srv/100 %/schedule.env"))
    assert 'ExecStart="/opt/my env/python" "-m" "crawler.cli"' in unit
    assert "EnvironmentFile=/srv/100 %%/schedule.env" in unit
    assert cron_line(["/opt/my env/python"], Path("/srv/100 %/schedule.env")).endswith(
        r"&& set -a && . '/srv/100 \%/schedule.env' && exec '/opt/my env/python'"
    )


def test_the_environment_file_is_read_by_sh_and_by_its_owner_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "schedule.env"
    file.write_text("old")
    file.chmod(0o644)
    monkeypatch.setenv("EMEROTECA_CONTACT", "the \\ 'library'")
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    monkeypatch.setenv("UNRELATED_TOKEN", "secret")
    write_environment(file, URL)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "UNRELATED_TOKEN" not in file.read_text()
    script = f"set -a; . {file}; env -0"
    read = subprocess.run(["sh", "-c", script], env={}, capture_output=True, text=True, check=True).stdout.split("\0")
    assert f"EMEROTECA_DATABASE_URL={URL}" in read
    assert f"PGPASSWORD={PASSWORD}" in read
    assert "EMEROTECA_CONTACT=the \\ 'library'" in read


def test_passwords_are_in_no_unit_and_on_no_output(emeroteca: Emeroteca, tmp_path: Path) -> None:
    units = tmp_path / "units"
    env = {"EMEROTECA_DATABASE_URL": URL, "http_proxy": "http://me:hidden@proxy.example:8080"}
    for words in (["--systemd", str(units)], ["--print-cron"]):
        ended = emeroteca("schedule", "install", *words, env=env)
        assert ended.returncode == 0
        for told in (ended.stdout, ended.stderr, *(file.read_text() for file in units.iterdir())):
            assert PASSWORD not in told
            assert "hidden" not in told
    secret = tmp_path / "archive" / "schedule.env"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert "hidden" in secret.read_text()
    assert str(secret) in (units / "emeroteca.service").read_text()


def test_the_line_for_cron_runs_with_the_environment_file(emeroteca: Emeroteca, tmp_path: Path) -> None:
    database = tmp_path / "a $place.db"
    line = emeroteca("--database", f"sqlite:///{database}", "schedule", "install", "--print-cron").stdout
    emeroteca("schedule", "add", "alanews", "--every", "1h")  # in the collection's own database: not that of the line
    script = line.removeprefix("* * * * * ").replace(r"\%", "%")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("EMEROTECA_")}
    ended = subprocess.run(["sh", "-c", script], env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert "the timetable is empty" in ended.stderr
    assert database.exists()


@pytest.mark.parametrize(
    ("timer", "linger", "status", "told"),
    [
        ("active enabled", "Linger=yes", 0, []),
        ("active enabled", "Linger=no", 1, ["loginctl enable-linger"]),
        ("inactive disabled", "Linger=yes", 1, ["(inactive, disabled)", "enable --now emeroteca.timer"]),
        ("active disabled", "Linger=no", 1, ["enable --now emeroteca.timer", "loginctl enable-linger"]),
    ],
)
def test_a_timer_that_does_not_run_is_told(
    emeroteca: Emeroteca, tmp_path: Path, timer: str, linger: str, status: int, told: list[str]
) -> None:
    active, enabled = timer.split()
    tools = tmp_path / "tools"
    tools.mkdir()
    for name, script in (
        ("systemctl", f"case $2 in is-active) echo {active};; *) echo {enabled};; esac"),
        ("loginctl", f"echo {linger}"),
    ):
        (tools / name).write_text(f"#!/bin/sh\n{script}\n")
        (tools / name).chmod(0o755)
    env = {"PATH": f"{tools}:{os.environ['PATH']}", "XDG_CONFIG_HOME": str(tmp_path / "config")}
    ended = emeroteca("schedule", "install", "--systemd", env=env)
    assert (tmp_path / "config" / "systemd" / "user" / "emeroteca.timer").exists()
    assert ended.returncode == status, ended.stderr
    for words in told:
        assert words in ended.stderr
    assert ("does not run" in ended.stderr) == (timer != "active enabled")
    assert ("logs out" in ended.stderr) == (linger != "Linger=yes")


def test_a_machine_without_systemd_is_told(emeroteca: Emeroteca, tmp_path: Path) -> None:
    env = {"PATH": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "config")}
    ended = emeroteca("schedule", "install", "--systemd", env=env)
    assert ended.returncode == 1
    assert "systemctl" in ended.stderr
    assert "Traceback" not in ended.stderr
