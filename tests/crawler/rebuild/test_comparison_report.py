"""The report of a comparison shows counts by site, and both values from shortly before they differ."""

import pytest

from crawler.ingest.comparison import ResultChange, ResultComparison, SiteCounts
from crawler.rebuild.comparison_report import show_changes
from storage.corpus.db.database import Database


def test_values_are_shown_from_shortly_before_their_first_difference(
    database: Database, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    comparison = ResultComparison(database)
    show_changes(comparison)
    assert "would change" in capsys.readouterr().out
    begin = "uguale " * 40
    fields = {"headline": (begin + "prima", begin + "dopo"), "keywords": ([], ["[porto]"])}
    change = ResultChange("a.warc.gz", 7, "https://alanews.it/cronaca/nebbia/", "alanews", fields)
    comparison.sites["alanews"] = SiteCounts(captures=3, changed=1)
    comparison._largest.append((change.size, 0, change))
    show_changes(comparison)
    shown = capsys.readouterr().out
    assert "https://alanews.it/cronaca/nebbia/" in shown
    assert "…" in shown
    assert "prima" in shown
    assert "dopo" in shown
    assert begin not in shown
    assert '"[porto]"' in shown
