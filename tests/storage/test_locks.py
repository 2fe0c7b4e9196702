"""Locks of sites."""

from pathlib import Path

import pytest

from storage.corpus.db.database import connect
from storage.exceptions import CorpusUnreachable
from storage.locks import SiteLock


def test_a_server_that_does_not_answer_is_told(tmp_path: Path) -> None:
    database = connect("postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(CorpusUnreachable, match="does not answer"):
        SiteLock(database, tmp_path, "alanews").acquire()
