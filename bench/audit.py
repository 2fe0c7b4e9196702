"""Asks pip-audit for known vulnerabilities of the versions in requirements.lock, where it can reach its data.

    python -m bench.audit [--osv-url URL]

Exit status 1 where there is a vulnerability, with a line for each. Where the data cannot be reached, a line says so and
the exit status is 0: a check on a machine without internet does not fail.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

LOCK = Path(__file__).parents[1] / "requirements.lock"
#: Seconds that pip-audit waits for an answer, and for all of them.
ANSWER, ALL = "10", 300


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--osv-url", help="Ask this OSV service instead of the package index.")
    parser.add_argument("--lock", type=Path, default=LOCK, help="File of exact versions with hashes.")
    options = parser.parse_args(arguments)
    words = ["--requirement", str(options.lock), "--disable-pip", "--format", "json", "--timeout", ANSWER]
    if options.osv_url:
        words += ["--vulnerability-service", "osv", "--osv-url", options.osv_url]
    program = [sys.executable, "-m", "pip_audit", "--progress-spinner", "off", *words]
    try:
        ended = subprocess.run(program, capture_output=True, text=True, timeout=ALL, check=False)
    except subprocess.TimeoutExpired:
        return _unreachable(f"no answer within {ALL} seconds")
    found = _report(ended.stdout)
    if found is None:
        return _unreachable((ended.stderr.strip().splitlines() or ["it says nothing"])[-1])
    vulnerable = list(_lines(found))
    for line in vulnerable:
        print(line)
    print(f"{len(found['dependencies'])} packages: {len(vulnerable)} known vulnerabilities", file=sys.stderr)
    return 1 if vulnerable else 0


def _report(output: str) -> dict[str, Any] | None:
    """pip-audit's report; None where it has written none."""
    try:
        found = json.loads(output)
    except ValueError:
        return None
    return found if isinstance(found, dict) and "dependencies" in found else None


def _lines(found: dict[str, Any]) -> Iterator[str]:
    for package in found["dependencies"]:
        for one in package.get("vulns", ()):
            fixed = ", ".join(one["fix_versions"]) or "no version yet"
            yield f"{package['name']} {package['version']}: {one['id']}, repaired in {fixed}"


def _unreachable(reason: str) -> int:
    print(f"vulnerabilities are not checked, pip-audit cannot reach its data: {reason[:300]}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
