"""Mutants by the operators of cosmic-ray, a seeded sample of each module's places.

A place is an operator's kind at a position: of the eleven ways to replace one `<` a sample has one at most, so that
places with many replacements, most of them easy to notice, do not outweigh the others. Left out is what cannot change a
result: type annotations, what only guards against mistakes of programmers (the arguments `frozen`, `kw_only`, `slots`
and `strict`, the markers `/` and `*` of signatures), decorators that only cache; and the tables of `scope.DATA`.
Strings have no places, since cosmic-ray has no operators for them.
"""

import ast
import random
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import parso  # before cosmic_ray, whose own import of it is circular  # noqa: F401
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names
from parso.tree import NodeOrLeaf

from bench.mutants.scope import DATA, Component

_OPERATORS = [(name, get_operator(name)()) for name in operator_names() if not get_operator(name).arguments()]
#: What no operator mutates, most of the nodes of a tree: leaving them out saves time.
_NO_PLACES = frozenset({"name", "string", "newline", "endmarker", "fstring_string", "fstring_start", "fstring_end"})
_MARKS = frozenset("()[]{},.:;=") | {"->", ":="}
_GUARDS = frozenset({"frozen", "kw_only", "slots", "strict"})
#: `cached_property` is none of them: without it an attribute is a method.
_CACHES = frozenset({"cache", "lru_cache"})
Position = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Mutant:
    """The `occurrence`th place of an operator in a module; `line` is where it is."""

    module: str
    operator: str
    occurrence: int
    line: int

    def source(self, root: Path) -> str:
        """The whole module, mutated."""
        code = (root / self.module).read_text(encoding="utf-8")
        found = mutate_code(code, get_operator(self.operator)(), self.occurrence)
        assert found is not None, self
        return str(found)


def sample(component: Component, root: Path, seed: int, size: int) -> list[list[Mutant]]:
    """The mutants of `size` places, in a random order each, of which the first is meant; the places are spread over the
    modules by their numbers, one at least of each.
    """
    chance = random.Random(f"{seed} {component.name}")
    places = {module: list(_places(module, root)) for module in component.paths(root)}
    total = sum(map(len, places.values()))
    found: list[list[Mutant]] = []
    for module_places in places.values():
        share = max(1, round(size * len(module_places) / total))
        chosen = chance.sample(module_places, min(share, len(module_places)))
        found += [chance.sample(variants, len(variants)) for variants in chosen]
    chance.shuffle(found)  # the figures of a run that is cut short are those of a smaller sample
    return found


def first_valid(variants: Sequence[Mutant], root: Path) -> tuple[Mutant, str] | None:
    """The first mutant that Python compiles without a warning, and its source; None where there is none: the asterisks
    of `**arguments` are no operator.
    """
    for mutant in variants:
        source = mutant.source(root)
        with suppress(SyntaxError), warnings.catch_warnings():
            warnings.simplefilter("error")
            compile(source, mutant.module, "exec")
            return mutant, source
    return None


def _places(module: str, root: Path) -> Iterator[Sequence[Mutant]]:
    """Of each place the mutants, in the order of operators."""
    code = (root / module).read_text(encoding="utf-8")
    tree = get_ast(code)
    nodes = [
        node for node in ast_nodes(tree) if node.type not in _NO_PLACES and getattr(node, "value", "") not in _MARKS
    ]
    data = {name for of, name in DATA if of == module}
    left_out = [*_left_out(code, data), *_markers(nodes)]
    found: dict[tuple[str, Position], list[Mutant]] = defaultdict(list)
    for name, operator in _OPERATORS:
        positions = chain.from_iterable(operator.mutation_positions(node) for node in nodes)
        for occurrence, (start, _) in enumerate(positions):
            if not any(first <= start < last for first, last in left_out):
                found[name.partition("_")[0], start].append(Mutant(module, name, occurrence, start[0]))
    return iter(found.values())


def _left_out(code: str, data: Set[str]) -> Iterator[tuple[Position, Position]]:
    """Where types of arguments, results, attributes and aliases are written, arguments that are guards, caches, and
    the values of the names in `data`.
    """
    for node in ast.walk(ast.parse(code)):
        parts = [getattr(node, "annotation", None), getattr(node, "returns", None)]
        if isinstance(node, ast.Assign) and _is_alias(node):
            parts.append(node.value)
        if isinstance(node, ast.keyword) and node.arg in _GUARDS:
            parts.append(node.value)
        if isinstance(node, ast.AnnAssign) and getattr(node.target, "id", None) in data:
            parts.append(node.value)
        for found in parts:
            if isinstance(found, ast.expr):
                yield (found.lineno, found.col_offset), (found.end_lineno or 0, found.end_col_offset or 0)
        for decorator in getattr(node, "decorator_list", ()):
            called = decorator.func if isinstance(decorator, ast.Call) else decorator
            if getattr(called, "id", None) in _CACHES:
                at_sign = decorator.lineno, decorator.col_offset - 1
                yield at_sign, (decorator.end_lineno or 0, decorator.end_col_offset or 0)


def _markers(nodes: Iterable[NodeOrLeaf]) -> Iterator[tuple[Position, Position]]:
    """Where `/` and `*` stand alone among the arguments of a signature."""
    for node in nodes:
        if getattr(node, "value", "") in ("*", "/") and node.parent.type in ("parameters", "lambdef"):
            yield node.start_pos, node.end_pos


def _is_alias(node: ast.Assign) -> bool:
    """`Answer = str | None`: an alias of types has a name in capitals and small letters."""
    name = getattr(node.targets[0], "id", "").lstrip("_")
    return name[:1].isupper() and not name.isupper() and isinstance(node.value, ast.BinOp | ast.Subscript)
