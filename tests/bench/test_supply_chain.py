"""The bill of materials, the lock, and the audit: with its data, and without."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from pathlib import Path
from threading import Thread
from typing import Any

from bench import audit, sbom

ROOT = Path(__file__).parents[2]
LOCKED = re.compile(r"^([\w.\[\]-]+)==(\S+) \\$", re.M)


def name_of(text: str) -> str:
    return re.sub(r"[-_.]+", "-", text.partition("[")[0]).lower()


def test_the_bill_of_materials_has_what_the_program_runs_on(tmp_path: Path) -> None:
    assert sbom.main(["--output", str(tmp_path / "a.json")]) == 0
    assert sbom.main(["--output", str(tmp_path / "b.json")]) == 0
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    bill = json.loads((tmp_path / "a.json").read_text())
    found = {one["name"]: one for one in bill["components"]}
    assert found["scrapy"]["purl"] == f"pkg:pypi/scrapy@{version('scrapy')}"
    assert {"twisted", "lxml", "sqlalchemy"} <= found.keys()
    assert not {"pytest", "psycopg", "ruff"} & found.keys()  # tools, and an extra that was not named
    requires = {one["ref"].partition("==")[0]: one.get("dependsOn", []) for one in bill["dependencies"]}
    assert any(one.startswith("twisted==") for one in requires["scrapy"])
    with_postgres = sbom.closure("emeroteca", ["postgres"])
    assert "psycopg" in with_postgres


def test_the_lock_has_the_versions_of_the_constraints_and_a_hash_of_each() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    exact = (line.split("==") for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines())
    constraints = {name_of(name): number.partition(";")[0].strip() for name, number in exact}
    locked = {name_of(name): number for name, number in LOCKED.findall(lock)}
    assert {name: number for name, number in locked.items() if constraints.get(name) != number} == {}
    assert {"scrapy", "warcio", "psycopg", "pyarrow"} <= locked.keys()
    for entry in re.split(r"\n(?=\S)", lock):
        assert "--hash=sha256:" in entry or entry.startswith("#"), entry[:60]
    assert "://" not in re.sub(r"^\s*#.*$", "", lock, flags=re.M)  # no index address


@contextmanager
def vulnerability_service(vulnerable: str) -> Iterator[str]:
    """An OSV service on loopback that knows one vulnerability of a package."""

    class Service(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            name = asked["package"]["name"]
            one = {"id": "TEST-2026-1", "summary": "s", "affected": [{"package": {"name": name, "ecosystem": "PyPI"}}]}
            answer = json.dumps({"vulns": [one]} if name == vulnerable else {}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1/query"
    server.shutdown()
    server.server_close()


def run_audit(tmp_path: Path, url: str) -> subprocess.CompletedProcess[str]:
    lock = tmp_path / "a.lock"
    lock.write_text("".join(f"{name}==1.0 --hash=sha256:{'0' * 64}\n" for name in ("leaky-package", "sound-package")))
    words = ["-m", "bench.audit", "--lock", str(lock), "--osv-url", url]
    return subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def test_a_known_vulnerability_fails_the_audit(tmp_path: Path) -> None:
    with vulnerability_service("leaky-package") as url:
        ended = run_audit(tmp_path, url)
    assert (ended.returncode, ended.stdout.split()[:3]) == (1, ["leaky-package", "1.0:", "TEST-2026-1,"]), ended.stderr
    with vulnerability_service("another") as url:
        ended = run_audit(tmp_path, url)
    assert (ended.returncode, ended.stdout) == (0, ""), ended.stderr
    assert "2 packages: 0 known vulnerabilities" in ended.stderr


def test_an_audit_without_its_data_says_so_and_passes(tmp_path: Path) -> None:
    ended = run_audit(tmp_path, "http://127.0.0.1:9/v1/query")
    assert ended.returncode == 0
    assert "cannot reach its data" in ended.stderr
    assert audit._report("no JSON") is None
