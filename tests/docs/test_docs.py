"""The docs are in step with the program."""

import re
import runpy
from pathlib import Path

import pytest

from crawler import settings
from crawler.cli.main import emeroteca

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


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
