"""The examples of docs/api.md run as they stand, one after the other, and print what stands below them."""

import contextlib
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import emeroteca

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/api.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", PAGE, re.S)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("api")
    subprocess.run(
        [sys.executable, "-m", "crawler.cli", "--home", "demo", "demo", "--articles", "30"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
        capture_output=True,
        timeout=300,
    )
    return folder


def test_the_examples(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(EXAMPLES) == PAGE.count("```python") >= 4
    monkeypatch.chdir(demo)
    names: dict[str, object] = {}
    for code, printed in EXAMPLES:
        shown = io.StringIO()
        with contextlib.redirect_stdout(shown):
            exec(compile(code, "docs/api.md", "exec"), names)
        assert shown.getvalue() == printed


def test_every_public_name_is_documented() -> None:
    for name in emeroteca.__all__:
        assert name in PAGE or name in {"ArticleRow", "Block", "DateClaim", "Image"}, name
        assert getattr(emeroteca, name).__doc__, name


def test_bytes_and_text_give_the_same_article() -> None:
    html = re.search(r'html = """(.*?)"""', PAGE, re.S)
    assert html is not None
    url = "https://gazzetta.example/2026/01/05/la-regata/"
    assert emeroteca.extract(html[1].encode(), url) == emeroteca.extract(html[1], url)
    with pytest.raises(emeroteca.EmerotecaError, match="there is no collection in"):
        emeroteca.Collection.open("/nowhere/at/all")
