"""The list of private hooks in docs/supply-chain.md is what the code uses, and what the installed libraries have."""

import ast
import inspect
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "supply-chain.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `([\w.]+):([\w.]+)` \| `([\w/.]+)` \| (.+) \|$", PAGE, re.M)
LIBRARIES = ("scrapy", "twisted", "OpenSSL", "zope", "warcio", "trafilatura")


def private_imports() -> Iterator[tuple[str, str]]:
    """Files of the program, and what they import from private modules, or by private names, of other libraries."""
    for path in sorted((ROOT / "crawler").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in LIBRARIES:
                is_private = "._" in f".{node.module}"
                for name in node.names:
                    if is_private or name.name.startswith("_"):
                        yield path.relative_to(ROOT).as_posix(), f"{node.module}:{name.name}"


def test_every_private_import_is_listed() -> None:
    listed = {(file, f"{module}:{name}") for module, name, file, _ in ROWS}
    beside = {(file, f"{module}:{word}") for module, _, file, what in ROWS for word in re.findall(r"`(\w+)`", what)}
    assert set(private_imports()) - listed - beside == set()


@pytest.mark.parametrize(("module", "name", "file", "what"), ROWS, ids=lambda text: text[:60])
def test_every_hook_is_there(module: str, name: str, file: str, what: str) -> None:
    """Attributes of instances are looked for in the source of the module."""
    first, _, attribute = name.partition(".")
    owner = pkgutil.resolve_name(f"{module}:{first}")
    source = inspect.getsource(pkgutil.resolve_name(module))
    if attribute:
        assert hasattr(owner, attribute) or re.search(rf"self\.{attribute}\b", source), f"{module} has no {name}"
    assert first in (ROOT / file).read_text(encoding="utf-8") or attribute in (ROOT / file).read_text(encoding="utf-8")
