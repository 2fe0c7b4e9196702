"""The docs are in step with the program."""

import pkgutil
import re
import runpy
from functools import cache
from pathlib import Path

import pytest

from crawler import settings
from crawler.cli.main import emeroteca

ROOT = Path(__file__).parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
FOLDERS = "crawler|storage|spiders|migrations|newsstand|reading_room|bench|tests|docs"


def test_the_command_reference_is_what_the_commands_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    made = runpy.run_path(str(ROOT / "docs" / "commands.py"))["reference"]()
    assert (ROOT / "docs" / "commands.md").read_text(encoding="utf-8") == made, "run make docs"


@pytest.mark.parametrize("name", [name for name in dir(settings) if name.startswith("EMEROTECA_")])
def test_every_setting_is_documented(name: str) -> None:
    assert f"`{name}`" in (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_commands_in_the_docs_exist(page: Path) -> None:
    known = set(emeroteca.list_commands(None))  # type: ignore[arg-type]
    for line in re.findall(r"^(?:\$ )?(?:\.venv/bin/)?emeroteca (.+)$", page.read_text(encoding="utf-8"), re.M):
        words = re.sub(r"--(?:home|database) \S+", "", line).split()
        named = next((word for word in words if not word.startswith("-")), None)
        assert named is None or named in known, line


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_the_drawings_show_the_imports() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert runpy.run_path(str(ROOT / "docs" / "architecture.py"))["with_drawings"](text) == text, "run make docs"


def test_a_drawing_leaves_out_what_follows() -> None:
    reduced = runpy.run_path(str(ROOT / "docs" / "architecture.py"))["reduced"]
    assert reduced({("a", "b"), ("b", "c"), ("a", "c")}) == {("a", "b"), ("b", "c")}
    assert reduced({("a", "b"), ("b", "a")}) == {("a", "b"), ("b", "a")}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_modules_in_the_docs_exist(page: Path) -> None:
    """Paths from the root of the project, bare file names, dotted names, and classes with an attribute."""
    text = page.read_text(encoding="utf-8")
    examples = [Path(path).stem for path in re.findall(r"`([\w/]+\.py)`:\n\n```python", text)]
    for path in re.findall(rf"(?<![\w/.-])((?:{FOLDERS})/[\w./*-]*)(?!<)", text):
        assert any(name in path for name in examples) or any(ROOT.glob(path.rstrip("./"))), path
    for name in re.findall(r"`(\w+\.py)`", text):
        assert any(True for folder in FOLDERS.split("|") for _ in (ROOT / folder).rglob(name)), name
    for name in re.findall(r"`((?:crawler|storage|spiders|newsstand)(?:\.\w+)+)`", text):
        pkgutil.resolve_name(name)
    for name, attribute in re.findall(r"`([A-Z][a-z]+(?:[A-Z][a-z]+)*)\.(\w+)`", text):
        defined = [source for source in sources() if re.search(rf"^class {name}\b", source, re.M)]
        assert any(re.search(rf"\b{attribute}\b", source) for source in defined), f"{name}.{attribute}"


def test_names_on_the_architecture_page_exist() -> None:
    """Backticked snake_case and CamelCase names: functions, signals, settings, classes."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = re.findall(r"`([A-Za-z]+_\w+|[A-Z][a-z]+[A-Z]\w+)`", text)
    assert named
    for name in named:
        assert any(re.search(rf"\b{name}\b", source) for source in sources()), name


@cache
def sources() -> list[str]:
    """The text of every module of crawler and storage."""
    folders = (ROOT / "crawler", ROOT / "storage")
    return [path.read_text(encoding="utf-8") for folder in folders for path in folder.rglob("*.py")]
