"""Starts commands of `emeroteca` quickly: a process that has imported the program forks a child for each of them.

`CommandServer` is its client. The children are processes of their own, with their own sessions, to be killed, stopped
and limited. A child can wait at a moment that is counted, not timed: at its n-th change (`Wait`) it
connects to a socket, and goes on when that is closed.
"""

import atexit
import faulthandler
import gc
import importlib
import json
import os
import pkgutil
import resource
import select
import signal
import socket
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

#: Audit events that are counted: a change of the disk or another process is near.
CHANGES = {
    "os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.truncate", "os.fork", "fcntl.flock", "sqlite3.connect",
    "socket.connect", "subprocess.Popen", "shutil.rmtree",
}  # fmt: skip
#: Packages of which every module is imported before the first fork.
PRELOADED = (
    *("crawler", "storage", "spiders", "migrations"),
    *("scrapy.downloadermiddlewares", "scrapy.extensions", "scrapy.spidermiddlewares"),
)
#: Modules that are not imported before: they run, or bring aiohttp, which reads SSL_CERT_FILE when it is imported.
LEFT_OUT = ("__main__", "migrations.env", "scrapy.extensions.remote_control")
#: What commands import of other libraries when they run.
LIBRARIES = (
    *("alembic.command", "alembic.context", "mako.ext.pygmentplugin", "sqlalchemy.ext.compiler"),
    *("scrapy.pqueues", "scrapy.squeues", "scrapy.statscollectors", "scrapy.logformatter", "scrapy.dupefilters"),
    *("scrapy.utils.engine", "procrastinate"),
)


@dataclass
class Command:
    """A running child. status: its exit status, negative for a signal, once it has ended."""

    pid: int
    ended: "Future[int]" = field(default_factory=Future)


class CommandServer:
    """A context manager. environment: of all commands. preload: a library for LD_PRELOAD."""

    def __init__(self, environment: dict[str, str], preload: str = "") -> None:
        self._environment = {**environment, **({"LD_PRELOAD": preload} if preload else {})}
        self._lock = threading.Lock()
        self._started: list[Future[Command]] = []
        self._running: dict[int, Command] = {}

    def __enter__(self) -> "CommandServer":
        self._server = subprocess.Popen(
            [sys.executable, "-m", "bench.torture.command_server"],
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        threading.Thread(target=self._read, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._server.stdin is not None
        self._server.stdin.close()
        self._server.wait()

    def start(self, words: list[str], folder: Path, out: Path, err: Path, **options: Any) -> Command:
        """Run `emeroteca` with these words in a folder. options: `environment` (added), `change` and `socket` (at which
        change to wait, and where), `limits` (a number by name of a resource, `AS` above what the child has)."""
        request = {"words": words, "folder": str(folder), "out": str(out), "err": str(err), **options}
        started: Future[Command] = Future()
        with self._lock:
            assert self._server.stdin is not None
            self._started.append(started)
            self._server.stdin.write(json.dumps(request) + "\n")
            self._server.stdin.flush()
        return started.result(timeout=600)

    def _read(self) -> None:
        assert self._server.stdout is not None
        for line in self._server.stdout:
            event = json.loads(line)
            if "started" in event:
                command = self._running[event["started"]] = Command(event["started"])
                with self._lock:
                    self._started.pop(0).set_result(command)
            else:
                self._running.pop(event["ended"]).ended.set_result(event["status"])


def preload() -> None:
    """Import what commands import when they run, but for the reactor, which may not be there before a fork."""
    for library in LIBRARIES:
        importlib.import_module(library)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for package in PRELOADED:
            found = importlib.import_module(package)
            for module in pkgutil.walk_packages(found.__path__, f"{package}."):
                if not module.name.endswith(LEFT_OUT) and ".versions." not in module.name:
                    importlib.import_module(module.name)
    assert not {"twisted.internet.reactor", "aiohttp"} & sys.modules.keys()
    gc.collect()
    gc.freeze()  # a child that counts what is here copies all of its pages


def serve() -> dict[str, Any] | None:
    """Fork a child for each request on standard input. Returns in the child, with its request; None at the end."""
    answers = os.fdopen(os.dup(1), "w")
    awake, wakeup = os.pipe()
    for end in (awake, wakeup):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(wakeup)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    requests = b""
    while True:
        ready, _, _ = select.select([0, awake], [], [])
        if awake in ready:
            os.read(awake, 4096)
            _report_ended(answers)
        if 0 not in ready:
            continue
        read = os.read(0, 65536)
        if not read:
            return None
        *lines, requests = (requests + read).split(b"\n")
        for line in lines:
            child = os.fork()
            if child == 0:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                for end in (awake, wakeup, answers.fileno()):
                    os.close(end)
                found: dict[str, Any] = json.loads(line)
                return found
            print(json.dumps({"started": child}), file=answers, flush=True)


def _report_ended(answers: Any) -> None:
    while True:
        try:
            child, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if child == 0:
            return
        code = os.waitstatus_to_exitcode(status)
        print(json.dumps({"ended": child, "status": code}), file=answers, flush=True)


def run(request: dict[str, Any]) -> None:
    """Be the command, to its end."""
    os.setsid()
    limits = request.get("limits", {})
    _redirect(0, os.open(os.devnull, os.O_RDONLY))
    for number, name in ((1, request["out"]), (2, request["err"])):
        opened = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        _redirect(number, _unlimited(opened) if "FSIZE" in limits else opened)
    faulthandler.register(signal.SIGUSR2)
    os.environ.update(request.get("environment", {}))
    os.chdir(request["folder"])
    sys.argv = ["emeroteca", *request["words"]]
    from crawler.cli.main import main

    for name, number in limits.items():
        kind = getattr(resource, f"RLIMIT_{name}")
        number += address_space(os.getpid()) if name == "AS" else 0
        resource.setrlimit(kind, (number, resource.getrlimit(kind)[1]))
    if request.get("change"):
        Wait(request["change"], request["socket"]).install()
    try:
        main()
    except SystemExit as end:
        _end(end.code if isinstance(end.code, int) else 0)


def _end(status: int) -> None:
    """End as Python does, but for the memory of all that was imported: freeing it would copy each page first."""
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(status)


def _redirect(number: int, opened: int) -> None:
    os.dup2(opened, number)
    os.close(opened)


def _unlimited(file: int) -> int:
    """A pipe into a file, for a process that may not write to files: another one copies."""
    read, write = os.pipe()
    if os.fork() == 0:
        os.close(write)
        while data := os.read(read, 65536):
            os.write(file, data)
        os._exit(0)
    os.close(read)
    os.close(file)
    return write


def address_space(pid: int) -> int:
    """Bytes of a process's address space."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[0]) * resource.getpagesize()


class Wait:
    """Waits at a change, once, in whichever of the command's processes comes to it first.

    What counts: audit events of CHANGES, files opened for writing, writes, truncations and syncs by `os`, statements
    and commits of SQLAlchemy.
    """

    def __init__(self, change: int, path: str) -> None:
        self.left, self.path = change, path

    def install(self) -> None:
        sys.addaudithook(self.audit)
        for name in ("write", "fsync", "ftruncate"):
            setattr(os, name, self._counted(getattr(os, name)))
        event.listen(Engine, "before_cursor_execute", lambda *_: self.count())
        event.listen(Engine, "commit", lambda *_: self.count())

    def audit(self, name: str, arguments: tuple[Any, ...]) -> None:
        if name == "open":
            if isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR):
                self.count()
        elif name in CHANGES:
            self.count()

    def count(self) -> None:
        self.left -= 1
        if self.left:
            return
        with socket.socket(socket.AF_UNIX) as waiting, suppress(OSError):  # where it is over already
            waiting.connect(self.path)
            waiting.recv(1)

    def _counted(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any) -> Any:
            self.count()
            return function(*arguments)

        return counted


if __name__ == "__main__":
    preload()
    if (asked := serve()) is not None:
        run(asked)
