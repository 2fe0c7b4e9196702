"""All that a page reads is of one state of the corpus; the next page reads the newest."""

from storage.corpus.db.database import Database, open_read_only
from storage.corpus.search.search import search
from storage.corpus.write.store import Store
from tests.storage.corpus.search.test_search import capture


def headlines(database: Database, query: str) -> set[str]:
    return {one["headline"] for one in search(database, query)}


def test_what_is_written_meanwhile_is_seen_afterwards(database: Database) -> None:
    Store(database).save([capture(1, "Faro", "", "Un faro")])
    url = database.engine.url.render_as_string(hide_password=False)
    with open_read_only(url, seconds=10) as reader:
        with reader.one_snapshot():
            assert headlines(reader, "faro") == {"Faro"}
            english = capture(2, "Light", "", "The lighthouses", language="en", published_date=None)
            Store(database).save([capture(3, "Faro nuovo", "", "Un faro"), english])
            assert headlines(reader, "faro") == {"Faro"}
            assert headlines(reader, "lighthouse") == set()
        assert headlines(reader, "faro") == {"Faro", "Faro nuovo"}
        assert headlines(reader, "lighthouse") == {"Light"}
