"""Replay with pywb, which is kept out of our own environment: it pins an old redis and a brotli that shadows Scrapy's.

pywb is the program `wayback` on the PATH, or in a tool environment of its own that `install` makes. It reads our index
and WARC files where they are; nothing is copied.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import monotonic, sleep
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from storage.collection import Collection
from storage.exceptions import ReplayError
from storage.warc.index.surt import surt

REQUIREMENTS = Path(__file__).with_name("pywb-requirements.txt")
_PIP_INSTALL = ("install", "--quiet", "--disable-pip-version-check", "--requirement")
#: Seconds until pywb has to answer.
START_TIMEOUT = 60.0
#: The collection's name in pywb's URLs.
NAME = "emeroteca"
#: The file of access rules, in the folder of pywb's configuration.
ACCESS_RULES = "withheld.aclj"


def tools() -> Path:
    """The folder of tool environments: $EMEROTECA_TOOLS, else in the user's cache."""
    if folder := os.environ.get("EMEROTECA_TOOLS"):
        return Path(folder).absolute()
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "emeroteca" / "tools"


def find_wayback() -> Path | None:
    """pywb's server, from the tool environment or on the PATH."""
    own = tools() / "pywb" / "bin" / "wayback"
    found = str(own) if own.exists() else shutil.which("wayback")
    return Path(found) if found else None


def install_command() -> list[str]:
    """The command that `install` runs, to be shown before."""
    python = str(tools() / "pywb" / "bin" / "python")
    return [python, "-m", "pip", *_PIP_INSTALL, str(REQUIREMENTS)]


def install() -> Path:
    """Make the tool environment, with the exact versions of REQUIREMENTS; needs a package index. Raises
    ReplayError.
    """
    folder = tools() / "pywb"
    try:
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run(install_command(), check=True, stdout=sys.stderr)
    except (OSError, subprocess.CalledProcessError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise ReplayError(f"pywb could not be installed in {folder}: {error}") from error
    return folder / "bin" / "wayback"


@contextmanager
def replaying(
    collection: Collection, wayback: Path, port: int, *, framed: bool = True, withheld: Iterable[str] = ()
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """pywb on 127.0.0.1, serving the collection while the block lasts: its URL and process. framed: pages stand in a
    frame under pywb's banner. withheld: URLs that are not served. Raises ReplayError.
    """
    _check_port(port)
    with tempfile.TemporaryDirectory(prefix="emeroteca-replay-") as folder, tempfile.TemporaryFile() as log:
        (Path(folder) / ACCESS_RULES).write_text(access_rules(withheld), encoding="utf-8")
        (Path(folder) / "config.yaml").write_text(_config(collection, framed), encoding="utf-8")
        words = [os.fspath(wayback), "--bind", "127.0.0.1", "--port", str(port), "--directory", folder]
        server = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            url = f"http://127.0.0.1:{port}/{NAME}/"
            if not _answers(url, server):
                log.seek(0)
                said = log.read().decode(errors="replace").strip().splitlines()
                raise ReplayError(f"{wayback} does not answer: {said[-1] if said else 'it says nothing'}")
            yield url, server
        finally:
            _end(server)


def free_port() -> int:
    """An unused port of the loopback interface."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port: int = server.getsockname()[1]
        return port


def _check_port(port: int) -> None:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError as error:
        raise ReplayError(f"port {port} cannot be had ({error.strerror}): choose another with --port") from error


def _config(collection: Collection, framed: bool) -> str:
    """pywb's configuration: YAML, of which JSON is a part."""
    place = {"index": f"{collection.index.absolute()}/", "archive_paths": f"{collection.warc.absolute()}/"}
    place |= {"acl_paths": ACCESS_RULES, "default_access": "allow"}
    return json.dumps({"collections": {NAME: place}, "framed_replay": framed})


def access_rules(withheld: Iterable[str]) -> str:
    """pywb's access control list (.aclj): one line a URL, `SURT### - {...}` for exactly that URL, sorted backward, as
    pywb searches it (pywb's manual, "Access Control").
    """
    lines = {f"{surt(url)}### - {json.dumps({'access': 'exclude', 'url': url})}\n" for url in withheld}
    return "".join(sorted(lines, reverse=True))


def _answers(url: str, server: subprocess.Popen[bytes]) -> bool:
    opener = build_opener(ProxyHandler({}))
    until = monotonic() + START_TIMEOUT
    while monotonic() < until and server.poll() is None:
        try:
            opener.open(url, timeout=5).close()
            return True
        except URLError:
            sleep(0.2)
    return False


def _end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
