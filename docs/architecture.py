"""Draws the import graph into docs/architecture.md: `make docs`. A test checks that the drawing is up to date.

One Mermaid flowchart per package, with the direct children of the package as nodes. An arrow is an import; arrows that
follow from a chain of other arrows are left out (transitive reduction).
"""

from pathlib import Path

import grimp

TARGET = Path(__file__).with_name("architecture.md")

#: The top-level packages of the project.
PACKAGES = ("spiders", "crawler", "storage", "migrations", "newsstand", "reading_room")
#: Of each drawing, the packages whose children are its nodes. A top-level package without children here is one node.
DRAWINGS = {
    "project": ("crawler", "storage"),
    "crawler.extraction": ("crawler.extraction",),
    "storage.warc": ("storage.warc",),
    "storage.corpus": ("storage.corpus",),
}

Arrows = set[tuple[str, str]]


def with_drawings(text: str) -> str:
    """The page with each drawing between its markers, `<!-- imports of NAME -->` and `<!-- end -->`."""
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    for name, opened in DRAWINGS.items():
        drawing = drawn(reduced(arrows(graph, opened, whole=name == "project")), opened)
        begin, end = f"<!-- imports of {name} -->\n", "<!-- end -->"
        before, _, rest = text.partition(begin)
        text = f"{before}{begin}\n{drawing}\n\n{end}{rest.partition(end)[2]}"
    return text


def arrows(graph: grimp.ImportGraph, opened: tuple[str, ...], *, whole: bool) -> Arrows:
    """The imports between the children of the opened packages; whole: and the other top-level packages."""

    def node(module: str) -> str | None:
        for package in opened:
            if module.startswith(f"{package}."):
                return ".".join(module.split(".")[: package.count(".") + 2])
        return module.split(".")[0] if whole else None

    pairs = (
        (node(importer), node(imported))
        for importer in graph.modules
        for imported in graph.find_modules_directly_imported_by(importer)
    )
    return {(one, other) for one, other in pairs if one and other and one != other}


def reduced(graph: Arrows) -> Arrows:
    """The arrows without those that follow from others: whatever is reachable stays reachable."""
    left = set(graph)
    for arrow in sorted(graph):
        if _reaches(left - {arrow}, *arrow):
            left.remove(arrow)
    return left


def _reaches(graph: Arrows, start: str, end: str) -> bool:
    seen, front = {start}, {start}
    while front and end not in seen:
        front = {other for one, other in graph if one in front} - seen
        seen |= front
    return end in seen


def drawn(graph: Arrows, opened: tuple[str, ...]) -> str:
    """The arrows as a Mermaid flowchart, the children of each opened package in a frame."""
    nodes = {name for arrow in graph for name in arrow}
    lines = ["```mermaid", "flowchart TD"]
    for package in opened:
        inside = sorted(name for name in nodes if name.startswith(f"{package}."))
        lines.append(f'    subgraph {_id(package)}["{package}"]')
        lines += [f'        {_id(name)}["{name.removeprefix(package + ".")}"]' for name in inside]
        lines.append("    end")
        nodes.difference_update(inside)
    lines += [f"    {name}" for name in sorted(nodes)]
    lines += [f"    {_id(one)} --> {_id(other)}" for one, other in sorted(graph)]
    return "\n".join([*lines, "```"])


def _id(name: str) -> str:
    return name.replace(".", "_")


if __name__ == "__main__":
    TARGET.write_text(with_drawings(TARGET.read_text(encoding="utf-8")), encoding="utf-8")
