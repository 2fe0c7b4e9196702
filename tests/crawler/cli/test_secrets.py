"""Passwords that the environment gives to a crawl are in nothing that it writes or says."""

import gzip
import json
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from newsstand.faults import Fault, FaultKind
from newsstand.stand import Newsstand
from storage.warc.read.reader import read_records
from tests.crawler.conftest import Emeroteca

DATABASE, PROXY = "mare-di-notte", "vento-di-terra"


def test_passwords_are_in_no_log_record_row_unit_or_message(
    stand: Newsstand, emeroteca: Emeroteca, postgres_url: str, tmp_path: Path
) -> None:
    """Neither after a crawl that ends well, nor after one whose proxy is gone, nor after one without its database."""
    server = make_url(postgres_url)
    url = server.set(username=server.username or "postgres", password=DATABASE).render_as_string(hide_password=False)
    proxies = {
        name: value.replace("http://", f"http://redazione:{PROXY}@")
        for name, value in stand.environment.items()
        if name.endswith("_proxy") and value
    }
    assert proxies
    database = {"EMEROTECA_DATABASE_URL": url}
    environment = {**stand.environment, **proxies, **database}
    stand.faults(Fault(FaultKind.STATUS, pattern="wp-json", status=404))
    try:
        crawl = emeroteca("crawl", "alanews", "--delay", "0", "--limit", "3", "--json", env=environment)
    finally:
        stand.faults()
    assert json.loads(crawl.stdout)["captures"]["article"] == 3
    units = tmp_path / "units"
    gone = dict.fromkeys(proxies, f"http://redazione:{PROXY}@127.0.0.1:9")
    runs = [
        crawl,
        emeroteca("crawl", "alanews", "--delay", "0", "--limit", "1", env={**environment, **gone}),
        emeroteca("crawl", "alanews", env={**environment, "EMEROTECA_DATABASE_URL": url.replace("?", "0?")}),
        emeroteca("schedule", "add", "alanews", "--every", "1d", env=environment),
        *(emeroteca(*words, env=environment) for words in (("status",), ("verify",), ("coverage",), ("health",))),
        emeroteca("rebuild", "--again", env=environment),
        emeroteca("schedule", "run", "--once", "--limit", "1", env=environment),
    ]
    assert [run.returncode for run in runs[1:3]] == [3, 3]
    assert any("127.0.0.1" in run.stderr or "refused" in run.stderr for run in runs)
    for run in runs:
        for secret in (DATABASE, PROXY):
            assert secret not in run.stdout + run.stderr, run.args
    home = tmp_path / "archive"
    assert len(list(read_records(home / "warc"))) > 9
    for file in filter(Path.is_file, [*home.rglob("*"), *units.rglob("*")]):
        data = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
        for secret in (DATABASE, PROXY):
            assert secret.encode() not in data, file
    engine = create_engine(server.set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        names = connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
        assert "crawls" in names
        for name in names:
            rows = connection.execute(text(f'SELECT * FROM "{name}"')).all()
            for secret in (DATABASE, PROXY):
                assert secret not in repr(rows), name
    engine.dispose()


@pytest.mark.parametrize("words", [("--help",), ("crawl", "alanews", "--help")])
def test_the_defaults_that_help_shows_have_no_password(emeroteca: Emeroteca, words: tuple[str, ...]) -> None:
    shown = emeroteca(*words, env={"EMEROTECA_DATABASE_URL": f"postgresql://a:{DATABASE}@127.0.0.1/a"})
    assert shown.returncode == 0
    assert DATABASE not in shown.stdout + shown.stderr
