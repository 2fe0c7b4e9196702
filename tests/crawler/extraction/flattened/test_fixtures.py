"""Each folder of fixtures/flat is a dump in invented words and the article that it must give, field by field."""

import json
from pathlib import Path
from typing import Any

import pytest

from crawler.extraction.extract_flattened import extract_flattened

FOLDERS = sorted((Path(__file__).parents[3] / "fixtures" / "flat").iterdir())
FIELDS = [
    *("headline", "description", "section", "authors", "keywords", "published_at", "published_date"),
    *("dates", "blocks", "images", "warnings"),
]


@pytest.fixture(params=FOLDERS, ids=lambda folder: folder.name)
def both(request: pytest.FixtureRequest) -> tuple[dict[str, Any], dict[str, Any]]:
    dump = (request.param / "dump.txt").read_text()
    return extract_flattened(dump).as_json(), json.loads((request.param / "article.json").read_text())


@pytest.mark.parametrize("field", FIELDS)
def test_field(both: tuple[dict[str, Any], dict[str, Any]], field: str) -> None:
    found, expected = both
    assert found[field] == expected[field]


def test_no_other_field_differs(both: tuple[dict[str, Any], dict[str, Any]]) -> None:
    found, expected = both
    assert found == expected
