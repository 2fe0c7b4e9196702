"""Options that commands share, and the collection they work on."""

from datetime import date
from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.cli.context import Settings, collection_command, known_sites
from crawler.cli.options import DayType, SiteName
from storage.corpus.db.tables import SiteRow
from storage.exceptions import CommandError


@given(st.dates(min_value=date(1900, 1, 1)))
def test_a_day_is_an_iso_date(day: date) -> None:
    assert DayType().convert(day.isoformat(), None, None) == day


@pytest.mark.parametrize("text", ["14/02/2022", "2022-02-30", "ieri", "2022-02-14T15:00"])
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(click.BadParameter, match=text):
        DayType().convert(text, None, None)


def test_a_site_has_a_spider() -> None:
    assert SiteName().convert("alanews", None, None) == "alanews"
    with pytest.raises(click.BadParameter, match="'gazzetta' is no site we know: see emeroteca sites"):
        SiteName().convert("gazzetta", None, None)
    with pytest.raises(click.BadParameter, match="there are: alanews, sputniknews"):
        SiteName("; there are: {names}").convert("gazzetta", None, None)


def test_a_collection_command_gets_the_settings_and_ends_with_a_status(tmp_path: Path) -> None:
    @collection_command("ask")
    @click.option("--status", type=int)
    def ask(settings: Settings, status: int | None) -> int | None:
        """What it is for."""
        assert settings.home == tmp_path
        return status

    settings = Settings(tmp_path, None)
    assert (ask.name, ask.help) == ("ask", "What it is for.")
    assert ask.main([], standalone_mode=False, obj=settings) == 0
    assert ask.main(["--status", "1"], standalone_mode=False, obj=settings) == 1


def test_a_collection_without_warc_files_is_none(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "archive", None)
    with pytest.raises(CommandError, match=r"there is no collection in .*archive: crawl a site first$"):
        settings.warc_collection(": crawl a site first")
    with pytest.raises(CommandError, match="--home DIR"), settings.database():
        pass
    assert not settings.has_database()


def test_a_new_database_makes_the_collection(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "archive", None)
    with settings.new_database() as database, database.writing() as connection:
        connection.execute(SiteRow.__table__.insert(), [{"name": "alanews"}, {"name": "gazzetta"}])
    assert settings.has_database()
    assert settings.warc_collection().warc.is_dir()
    with settings.database() as database:
        assert known_sites(database) == ["alanews"]
