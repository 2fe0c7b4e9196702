"""`Newsstand`: the newsstand in a child process, for tests, the demo and benchmarks."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.request import ProxyHandler, Request, build_opener

from newsstand.faults import Fault

_SLICE = 1000
_ROOT = Path(__file__).resolve().parents[1]


class Newsstand:
    """A context manager: the newsstand runs while it is open.

    `url` is the proxy's, `ca` the file with the certificate authority, `environment` the variables with which any
    client uses it. Raises RuntimeError if the child does not start, with the child's message.
    """

    def __init__(
        self, *, articles: int = 100, seed: int = 1, clock: int = 0, port: int = 0, archived: str = ""
    ) -> None:
        self._options: dict[str, object] = {"articles": articles, "seed": seed, "clock": clock, "port": port}
        self._options |= {"archived": archived} if archived else {}
        self._opener = build_opener(ProxyHandler({}))
        self.url = ""

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="newsstand-")
        self.ca = Path(self._folder.name) / "ca.pem"
        self._stderr = (Path(self._folder.name) / "stderr").open("w+")
        words = [f"--{name}={value}" for name, value in self._options.items()]
        self._child = subprocess.Popen(
            [sys.executable, "-m", "newsstand", *words, f"--ca={self.ca}", "--while-stdin"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(_ROOT), os.environ.get("PYTHONPATH", "")])},
            text=True,
        )
        assert self._child.stdout is not None
        self.url = self._child.stdout.readline().strip()
        if not self.url:
            self._child.communicate()
            self._stderr.seek(0)
            reason = self._stderr.read().strip()
            self._clean_up()
            raise RuntimeError(f"the newsstand did not start: {reason}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the child; it also ends with this process."""
        try:
            self._child.communicate(timeout=5)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.communicate()
        self._clean_up()

    def _clean_up(self) -> None:
        self._stderr.close()
        self._folder.cleanup()

    @property
    def environment(self) -> dict[str, str]:
        """The variables to add to a client's environment."""
        proxies = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), self.url)
        return {**proxies, "no_proxy": "", "NO_PROXY": "", "SSL_CERT_FILE": str(self.ca)}

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._child.pid

    def state(self) -> dict[str, Any]:
        """Articles, seed, clock, hosts, faults."""
        state: dict[str, Any] = json.loads(self._call("/control/state"))
        return state

    def clock(self, step: int) -> None:
        """Sets the scenario's clock to a step, forwards or backwards."""
        self._call("/control/clock", {"clock": step})

    def faults(self, *faults: Fault) -> None:
        """Replaces the active faults; without arguments there are none."""
        self._call("/control/faults", [fault.as_json() for fault in faults])

    def archive_limits(self, cdx: int, mementos: int, seconds: float = 60.0) -> None:
        """Sets how many requests the stand-ins of web archives answer in so many seconds, and begins to count anew."""
        self._call("/control/archives", {"cdx": cdx, "mementos": mementos, "seconds": seconds})

    def truth(self, site: str) -> list[dict[str, Any]]:
        """The ground truth of every article of a site (`sputniknews`, `alanews`) at this step, oldest first."""
        return list(self.each_truth(site))

    def each_truth(self, site: str) -> Iterator[dict[str, Any]]:
        """The same as an iterator, for sizes beyond the memory."""
        start = 0
        while lines := self._call(f"/control/truth/{site}.jsonl?start={start}&end={start + _SLICE}").strip():
            yield from map(json.loads, lines.split("\n"))
            start += _SLICE

    def log(self, since: int = 0) -> list[dict[str, Any]]:
        """The requests received, oldest first, from the number `since` on."""
        rows: list[dict[str, Any]] = json.loads(self._call(f"/control/log?since={since}"))["requests"]
        return rows

    def _call(self, path: str, data: object | None = None) -> str:
        body = None if data is None else json.dumps(data).encode()
        request = Request(self.url + path, body, {"Content-Type": "application/json"})
        with self._opener.open(request, timeout=900) as answer:
            text: str = answer.read().decode()
            return text
