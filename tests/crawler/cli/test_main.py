"""Wrong use, what cannot be done, and how each says so."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.cli.main import emeroteca, main

FIXTURES = Path(__file__).parents[2] / "fixtures"
PAGE = FIXTURES / "alanews" / "breadcrumb-first"
Run = Callable[..., int]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """The command line in this process; its exit status."""
    for name in ("EMEROTECA_HOME", "EMEROTECA_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)

    def call(*words: str) -> int:
        monkeypatch.setattr(sys, "argv", ["emeroteca", "--home", str(tmp_path / "archive"), *words])
        with pytest.raises(SystemExit) as ended:
            main()
        assert isinstance(ended.value.code, int)
        return ended.value.code

    return call


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("crawl", "gazzetta"), "alanews, sputniknews"),
        (("crawl", "alanews", "--since", "ieri"), "--since ieri is no day"),
        (("crawl", "alanews", "--since", "2026-02-30"), "is no day"),
        (("crawl", "alanews", "--since", "2026-02-01", "--until", "2026-01-01"), "lies after"),
        (("crawl", "alanews", "--limit", "molti"), "no whole number"),
        (("crawl", "alanews", "--limit", "0"), "no whole number"),
        (("crawl", "alanews", "--delay", "-1"), "--delay"),
        (("crawl", "alanews", "--url", "https://altro.example/x/"), "is not on alanews.it"),
        (("crawl", "alanews", "--url", "alanews.it/cronaca/x/"), "is not on alanews.it"),
        (("export", "--format", "xls"), "xls"),
        (("export", "--since", "14/02/2022"), "14/02/2022"),
        (("extract", "non-esiste.html"), "non-esiste.html"),
        (("extract", str(PAGE / "page.html"), str(PAGE / "page.html"), "--url", "https://alanews.it/a/b/"), "one FILE"),
        (("extract", str(PAGE / "page.html"), "--url", "http://["), "no http or https URL"),
        (("extract", str(PAGE / "page.html"), "--captured-at", "ieri"), "ISO 8601"),
        (("frullare",), "frullare"),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, tuple) else "",
)
def test_wrong_use_says_what_is_wrong(
    words: tuple[str, ...], said: str, run: Run, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(*words) == 2
    shown = capsys.readouterr()
    assert said in " ".join(shown.err.split())
    assert shown.out == ""
    assert not (tmp_path / "archive").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("status",), "crawl a site first"),
        (("export",), "crawl a site first"),
        (("search", "regata"), "crawl a site first"),
        (("--database", "postgresql://nobody:secret@127.0.0.1:9/nothing", "status"), "does not answer"),
        (("--database", "mysql://x/y", "status"), "SQLite or Postgres"),
        (("--database", "senza-senso", "status"), "no database URL"),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, tuple) else "",
)
def test_what_cannot_be_done_says_what_to_do(
    words: tuple[str, ...], said: str, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*words) == 3
    shown = capsys.readouterr()
    assert said in shown.err
    assert "secret" not in shown.err
    assert shown.out == ""


def test_a_home_that_is_a_file_is_said_so(run: Run, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "archive").write_text("non una cartella", encoding="utf-8")
    assert run("crawl", "alanews") in {2, 3}
    assert "archive" in capsys.readouterr().err


def test_every_command_explains_itself_with_an_example(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    for name in emeroteca.list_commands(None):  # type: ignore[arg-type]
        assert run(name, "--help") == 0
        assert "Usage:" in capsys.readouterr().out


def test_one_page_gives_indented_json_and_several_a_line_each(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    meta = json.loads((PAGE / "meta.json").read_text(encoding="utf-8"))
    words = ["--captured-at", meta["captured_at"]] if meta.get("captured_at") else []
    assert run("extract", str(PAGE / "page.html"), "--url", meta["url"], *words) == 0
    out = capsys.readouterr().out
    assert json.loads(out) == json.loads((PAGE / "article.json").read_text(encoding="utf-8"))
    assert out.startswith("{\n  ")
    assert run("extract", str(PAGE / "page.html"), str(FIXTURES / "generic/json-ld/page.html")) == 0
    assert [bool(json.loads(line)["headline"]) for line in capsys.readouterr().out.splitlines()] == [True, True]


def test_text_is_the_body_alone(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("extract", str(PAGE / "page.html"), "--text") == 0
    article = json.loads((PAGE / "article.json").read_text(encoding="utf-8"))
    assert capsys.readouterr().out == article["body"] + "\n"


@pytest.mark.parametrize("name", emeroteca.list_commands(None))  # type: ignore[arg-type]
def test_the_help_of_a_command_imports_neither_crawler_nor_extractor(name: str) -> None:
    words = [sys.executable, "-X", "importtime", "-m", "crawler.cli", name, "--help"]
    ended = subprocess.run(words, capture_output=True, text=True, check=True)
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in ended.stderr.splitlines()}
    assert "click" in loaded
    assert not loaded & {"scrapy", "twisted", "trafilatura", "htmldate", "web_poet", "alembic", "numpy", "distributed"}


def test_what_holds_no_article_gives_its_reason_and_the_rest_goes_on(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("extract", str(FIXTURES / "generic/access-denied/page.html"), str(PAGE / "page.html")) == 1
    shown = capsys.readouterr()
    assert "access-denied" in shown.err
    assert len(shown.out.splitlines()) == 1


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["index", "--help"], ["frullare"]], ids=" ".join)
def test_help_imports_no_heavy_module(words: list[str]) -> None:
    program = (
        "import sys\nfrom crawler.cli.main import main\n"
        f"sys.argv = ['emeroteca', *{words}]\n"
        "try:\n    main()\nexcept SystemExit:\n    print(*sys.modules, file=sys.stderr)"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in ended.stderr.split()}
    assert "click" in loaded
    assert not loaded & {"scrapy", "twisted", "sqlalchemy", "alembic", "lxml", "trafilatura", "warcio", "rich", "numpy"}


def test_the_list_of_commands_says_what_each_does(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--help") == 0
    listed = capsys.readouterr().out.partition("Commands:\n")[2]
    for name in emeroteca.list_commands(None):  # type: ignore[arg-type]
        assert re.search(rf"^  {name} +[a-zA-Z]+[ ,]", listed, re.M), name
    assert "..." not in listed


def test_parquet_does_not_go_to_a_terminal(
    run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert run("export", "--format", "parquet") == 2
    shown = capsys.readouterr()
    assert "--output" in shown.err
    assert shown.out == ""


def test_a_name_that_does_not_resolve_is_one_line_and_what_to_do(tmp_path: Path) -> None:
    proxies = dict.fromkeys(("http_proxy", "https_proxy"), "http://nobody.invalid:3128")
    ended = subprocess.run(
        [sys.executable, "-m", "crawler.cli", "crawl", "alanews", "--delay", "0"],
        cwd=tmp_path,
        env={**os.environ, **proxies, "PYTHONPATH": str(FIXTURES.parents[1]), "EMEROTECA_CONTACT": "a@library.example"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 3
    [line] = ended.stderr.splitlines()
    assert "alanews: unreachable" in line
    assert "nobody.invalid" in line
    assert "Check network and proxy" in line
    log = (tmp_path / "archive" / "log" / "alanews.log").read_text(encoding="utf-8")
    assert "Gave up retrying" in log
