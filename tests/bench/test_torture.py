"""The torture in short, and the independence of its checker."""

import ast
import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.torture.checker import files, promises, warc
from bench.torture.episode import DAMAGED, plan
from bench.torture.faults import FAULTS
from bench.torture.works import WORKS

ROOT = Path(__file__).parents[2]
CHECKER = ROOT / "bench" / "torture" / "checker"
#: What the checker may import beside the standard library.
ALLOWED = {"psycopg", "bench.torture.checker"}


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            yield node.module or ""


@pytest.mark.parametrize("path", sorted(CHECKER.glob("*.py")), ids=lambda path: path.stem)
def test_the_checker_shares_no_code_with_what_it_checks(path: Path) -> None:
    for name in imports(path):
        is_standard = name.partition(".")[0] in sys.stdlib_module_names
        assert is_standard or any(name == one or name.startswith(f"{one}.") for one in ALLOWED), name


def test_the_checker_brings_no_module_of_the_program_with_it() -> None:
    code = (
        "import sys, bench.torture.checker.promises\n"
        "print([name for name in sys.modules if name.split('.')[0] in"
        " ('crawler', 'storage', 'spiders', 'migrations', 'emeroteca', 'warcio', 'scrapy', 'sqlalchemy')])"
    )
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"


def test_a_number_always_gives_the_same_episode() -> None:
    able = frozenset({"mounts", "postgres", "libfaketime"})
    assert [str(plan(1, number, able)) for number in range(40)] == [str(plan(1, number, able)) for number in range(40)]
    assert str(plan(1, 7, able)) != str(plan(2, 7, able))


def test_every_fault_and_every_command_is_drawn() -> None:
    able = frozenset({"mounts", "postgres", "libfaketime"})
    plans = [plan(1, number, able) for number in range(300)]
    assert {fault.name for one in plans for fault, _ in one.faults} == {fault.name for fault in FAULTS}
    assert {one.work.name for one in plans if one.work} == {work.name for work in WORKS}
    assert sum(one.work is None for one in plans) == len(plans) // DAMAGED


def test_the_checker_sees_what_is_wrong(tmp_path: Path) -> None:
    """Each kind of damage to a package, an export, a manifest and a WARC file."""
    block = b"HTTP/1.1 200 OK\r\n\r\nneve"
    lines = [
        "WARC/1.1", "WARC-Type: response", "WARC-Record-ID: <urn:uuid:1>", "WARC-Target-URI: http://a.example/",
        f"WARC-Block-Digest: {warc.sha1(block)}", f"WARC-Payload-Digest: {warc.sha1(b'neve')}",
        f"Content-Length: {len(block)}", "", "",
    ]  # fmt: skip
    whole = gzip.compress("\r\n".join(lines).encode() + block + b"\r\n\r\n")
    path = tmp_path / "a.warc.gz"
    path.write_bytes(whole * 2)
    records, damages = warc.read_file(path)
    assert (len(records), damages) == (2, [])
    assert [list(warc.digest_faults(record)) for record in records] == [[], []]
    assert list(files.manifest_faults(tmp_path)) == ["a.warc.gz is not on the manifest"]
    (tmp_path / "manifest-sha256.txt").write_text(f"{files.sha256(whole)}  a.warc.gz\n")
    assert list(files.manifest_faults(tmp_path)) == ["a.warc.gz is not as on the manifest"]
    path.write_bytes(whole + whole[:-9])
    records, damages = warc.read_file(path)
    assert (len(records), damages[0].offset) == (1, len(whole))
    changed = gzip.compress("\r\n".join(lines).encode() + block.replace(b"neve", b"nave") + b"\r\n\r\n")
    path.write_bytes(changed)
    assert len(list(warc.digest_faults(warc.read_file(path)[0][0]))) == 2
    (tmp_path / "corpus.jsonl").write_text('{"article_id": "a"}\n{"article')
    assert "cut off" in next(files.export_faults(tmp_path / "corpus.jsonl"))
    (tmp_path / "all.wacz").write_bytes(b"PK")
    assert "no whole package" in next(files.package_faults(tmp_path / "all.wacz"))
    before, after = promises.Durable({"1", "2"}, {("a", "x")}), promises.Durable({"1"}, set())
    assert len(list(before.lost(after))) == 2


def torture(*words: str) -> list[dict[str, object]]:
    ended = subprocess.run(
        [sys.executable, "-m", "bench.torture", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return [json.loads(line) for line in ended.stdout.splitlines() if line.startswith("{")]


def test_the_short_form_holds(tmp_path: Path) -> None:
    [found] = torture("--database", "sqlite", "--jobs", "1", "--episodes", "3", "--keep", str(tmp_path))
    assert found["failed"] == []
    assert isinstance(found["faults"], int) and found["faults"] > 3


@pytest.mark.slow
def test_the_long_form_holds(tmp_path: Path) -> None:
    for found in torture("--database", "both", "--episodes", "30", "--first", "100", "--keep", str(tmp_path)):
        assert found["failed"] == []
