"""docs/security.md: every guard stands in its module, and every test in its file."""

import ast
from pathlib import Path

import pytest

from bench.guards.table import GUARDS, Guard, table

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.threat)
def test_a_guard_and_its_test_exist(guard: Guard) -> None:
    source = (ROOT / guard.module).read_text(encoding="utf-8")
    assert source.count(guard.old) == 1
    compile(source.replace(guard.old, guard.new), guard.module, "exec")
    file, _, name = guard.test.partition("::")
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    tests = {one.name for one in tree.body if isinstance(one, ast.FunctionDef)}
    assert not name or name.partition("[")[0] in tests


def test_the_page_has_the_table_of_guards() -> None:
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    assert "\n".join(table()) in text, "python -m bench.guards --table prints it"


def test_a_threat_is_named_once_by_a_guard() -> None:
    assert len({one.threat for one in GUARDS}) == len(GUARDS)
