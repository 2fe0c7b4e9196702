"""One tree of errors: complete, drawn as it is, and fit to cross processes."""

import ast
import errno
import pickle
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import exceptions
from storage.exceptions import DecodingError, EmerotecaError, WriteFailed

ROOT = Path(__file__).parents[2]
#: Control flow with a named reason, which stays with the component that decides on it.
CONTROL_FLOW = {"crawler/extraction/refusals.py", "crawler/exceptions.py"}


def tree(base: type[EmerotecaError] = EmerotecaError) -> Iterator[type[EmerotecaError]]:
    yield base
    for kind in base.__subclasses__():
        yield from tree(kind)


ERRORS = sorted(set(tree()), key=lambda kind: kind.__name__)


def test_every_class_stands_in_one_module() -> None:
    defined = {kind for kind in vars(exceptions).values() if isinstance(kind, type)}
    assert defined == set(ERRORS)


def test_the_drawn_tree_is_the_tree() -> None:
    drawn: dict[str, str] = {}
    path: list[str] = []
    for line in (exceptions.__doc__ or "").splitlines():
        if found := re.match(r"([│├└─ ]*)([A-Z]\w+(?:Error|[a-z]))(?: |$)", line):
            depth = len(found[1]) // 4
            if found[1] or found[2] == "EmerotecaError":
                path[depth:] = [found[2]]
                drawn[found[2]] = path[depth - 1] if depth else ""
    assert drawn == {kind.__name__: kind.__bases__[0].__name__ for kind in ERRORS} | {"EmerotecaError": ""}


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__name__)
def test_errors_cross_processes(kind: type[EmerotecaError]) -> None:
    error = kind("che cosa, dove, che fare")
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is kind
    assert str(copy) == str(error) == "che cosa, dove, che fare"


def test_what_an_error_carries_crosses_too() -> None:
    failed = pickle.loads(pickle.dumps(WriteFailed(errno.ENOSPC, "cannot write a capture", "a.warc.gz")))
    assert (failed.errno, failed.filename) == (errno.ENOSPC, "a.warc.gz")
    assert pickle.loads(pickle.dumps(DecodingError("br cut off", b"mezzo"))).prefix == b"mezzo"


def test_no_other_module_defines_an_error() -> None:
    known = {"Exception", "BaseException", "IgnoreRequest", *(kind.__name__ for kind in ERRORS)}
    found = []
    for folder in ("crawler", "storage", "spiders", "migrations"):
        for file in (ROOT / folder).rglob("*.py"):
            name = file.relative_to(ROOT).as_posix()
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                bases = {ast.unparse(base) for base in node.bases} if isinstance(node, ast.ClassDef) else set()
                is_error = bases & known or any(base.endswith("Error") for base in bases)
                if is_error and name != "storage/exceptions.py" and not node.name.startswith("_"):  # type: ignore[attr-defined]
                    found.append((name, node.name))  # type: ignore[attr-defined]
    assert {name for name, _ in found} == CONTROL_FLOW, found
