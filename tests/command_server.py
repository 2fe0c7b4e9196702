"""Runs commands of `emeroteca` without the time that their libraries take to import.

A process that has imported the libraries forks a child for each command. The child is `python -m crawler.cli` in all
else: it imports the modules that read the environment, or look at what is installed, by itself. The fixture
`emeroteca` uses it.
"""

import gc
import importlib
import json
import os
import pkgutil
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

#: What most commands import; nothing that starts threads, or the reactor of Twisted.
LIBRARIES = (
    *("scrapy.crawler", "scrapy.spiders", "scrapy.http", "scrapy.core.downloader.handlers.http11", "web_poet"),
    *("trafilatura", "htmldate", "lxml.html", "cssselect", "dateparser", "tldextract", "protego", "w3lib.url"),
    *("sqlalchemy.orm", "sqlalchemy.dialects.sqlite", "sqlalchemy.dialects.postgresql", "psycopg"),
    *("alembic.command", "alembic.context", "warcio.archiveiterator", "warcio.warcwriter", "isal.igzip", "brotli"),
    *("click", "rich.progress", "rich.table", "prometheus_client", "zstandard", "Stemmer", "cryptography.x509"),
)
#: Packages of ours of which no module reads the environment or the disk when it is imported.
PACKAGES = ("storage", "crawler.extraction")
#: Variables that a Python process reads at its start: a command with other values is a process of its own.
READ_AT_START = ("PYTHON", "LC_", "LANG", "LD_")
_FILES = (("in", os.O_RDONLY), ("out", os.O_WRONLY | os.O_APPEND), ("err", os.O_WRONLY | os.O_APPEND))


class CommandServer:
    """The client: a context manager. Its commands see the warnings of Python, as PYTHONWARNINGS=default shows them."""

    def __enter__(self) -> "CommandServer":
        self._folder = tempfile.TemporaryDirectory(prefix="emeroteca-commands-")
        self._address = str(Path(self._folder.name) / "socket")
        listener = socket.socket(socket.AF_UNIX)
        with listener:
            listener.bind(self._address)
            listener.listen()
            self._environment = {**os.environ, "PYTHONWARNINGS": "default", "TLDEXTRACT_PUBLIC_SUFFIX_LIST_URLS": ""}
            words = [sys.executable, "-m", "tests.command_server", str(listener.fileno())]
            self._server = subprocess.Popen(
                words, stdin=subprocess.PIPE, env=self._environment, pass_fds=[listener.fileno()]
            )
        return self

    def __exit__(self, *_: object) -> None:
        self._server.communicate()
        self._folder.cleanup()

    def can_run(self, environment: Mapping[str, str]) -> bool:
        """Whether a command in this environment differs from one started alone in its libraries' time only."""
        names = {name for name in (*environment, *self._environment) if name.startswith(READ_AT_START)}
        return all(environment.get(name) == self._environment.get(name) for name in names)

    def run(
        self, words: Sequence[str], environment: Mapping[str, str], stdin: str | None, timeout: float
    ) -> subprocess.CompletedProcess[str]:
        """As `subprocess.run` of `python -m crawler.cli` with these words, in the folder of the caller. Raises
        TimeoutExpired."""
        with tempfile.TemporaryDirectory(dir=self._folder.name) as folder, socket.socket(socket.AF_UNIX) as server:
            for name, text in (("in", stdin or ""), ("out", ""), ("err", "")):
                (Path(folder) / name).write_text(text, encoding="utf-8")
            server.connect(self._address)
            request = {"words": words, "environment": dict(environment), "cwd": str(Path.cwd()), "folder": folder}
            server.sendall(json.dumps(request).encode() + b"\n")
            with server.makefile() as answers:
                pid = int(answers.readline())
                server.settimeout(timeout)
                try:
                    status = int(answers.readline())
                except TimeoutError:
                    os.kill(pid, signal.SIGKILL)
                    raise subprocess.TimeoutExpired(list(words), timeout) from None
            out, err = ((Path(folder) / name).read_bytes().decode().replace("\r\n", "\n") for name in ("out", "err"))
        return subprocess.CompletedProcess(list(words), status, out, err)


def preload() -> None:
    for library in LIBRARIES:
        importlib.import_module(library)
    for name in PACKAGES:
        package = importlib.import_module(name)
        for module in pkgutil.walk_packages(package.__path__, f"{name}."):
            importlib.import_module(module.name)
    assert "twisted.internet.reactor" not in sys.modules
    gc.collect()
    gc.freeze()  # a collection in a child would copy all of these pages


def serve(listener: socket.socket) -> dict[str, Any] | None:
    """Fork twice for each request: the command, and a process that waits for its end. Returns in the command, with its
    request; None once standard input is closed."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        ready, _, _ = select.select([0, listener], [], [])
        if 0 in ready:
            return None
        connection, _ = listener.accept()
        with connection:
            if os.fork() == 0:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                with connection.makefile() as lines:
                    request: dict[str, Any] = json.loads(lines.readline())
                command = os.fork()
                if command == 0:
                    return request
                connection.sendall(b"%d\n" % command)
                _, status = os.waitpid(command, 0)
                connection.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))
                os._exit(0)


def become(request: dict[str, Any]) -> None:
    """Run the command in this process, to its end."""
    for number, (name, flags) in enumerate(_FILES):
        opened = os.open(f"{request['folder']}/{name}", flags)
        os.dup2(opened, number)
        os.close(opened)
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["cwd"])
    sys.path[0] = request["cwd"]
    sys.argv = ["", *request["words"]]
    runpy.run_module("crawler.cli", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    preload()
    with socket.socket(fileno=int(sys.argv[1])) as listening:
        found = serve(listening)
    if found is not None:
        become(found)
