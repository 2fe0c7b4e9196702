"""A site renames a class: the article is the same, or says what it lost; it is never refused, empty or doubled."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.extraction.extract import extract
from crawler.extraction.pages.page import Page
from crawler.extraction.refusals import PageRefused

FIXTURES = Path(__file__).parents[2] / "fixtures"
CASES = [
    case.parent
    for site in ("sputniknews", "alanews")
    for case in sorted((FIXTURES / site).glob("*/meta.json"))
    if "refused" not in case.read_text("utf-8")
    and "template-unknown" not in (case.parent / "article.json").read_text("utf-8")
]
CLASS = re.compile(r'class="([^"]*)"')
HEADLINE = re.compile(r"<h1[^>]*>([^<]+)</h1>")
#: What must be equal, or a warning must say that something is amiss.
FIELDS = (
    "headline",
    "alternative_headline",
    "description",
    "section",
    "authors",
    "keywords",
    "published_date",
    "blocks",
)
FIELDS = (*FIELDS, "published_at", "modified_at", "images", "links", "native_id", "language", "canonical_url")


def _renamed(html: str, token: str) -> str:
    pattern = re.compile(rf"(?<![\w-]){re.escape(token)}(?![\w-])")
    return CLASS.sub(lambda found: f'class="{pattern.sub("changed-" + token[::-1], found[1])}"', html)


def _page(case: Path, html: str) -> Page:
    meta = json.loads((case / "meta.json").read_text("utf-8"))
    return Page(url=meta["url"], html=html, captured_at=datetime.fromisoformat(meta["captured_at"]))


def _texts(article: dict[str, Any], *kinds: str) -> list[str]:
    return [block["text"] for block in article["blocks"] if not kinds or block["type"] in kinds]


def _faults(whole: dict[str, Any], found: dict[str, Any]) -> Iterator[str]:
    if found["headline"] != whole["headline"]:
        yield "another headline"
    if found["published_date"] is None and "date-unknown" not in found["warnings"]:
        yield "no date, and no word of it"
    texts = [text for text in _texts(found) if len(text) > 20]
    if len(texts) != len(set(texts)):
        yield "a text twice"
    shown = " ".join(_texts(found)).replace("\n", " ").replace("\t", " ") + " " + (found["description"] or "")
    lost = [text for text in _texts(whole, "paragraph", "heading") if " ".join(text.split()) not in shown]
    if lost:
        yield f"lost: {lost[0][:60]}"
    if found["word_count"] > 1.3 * whole["word_count"] + 30:
        yield "text of something else"
    changed = [name for name in FIELDS if found[name] != whole[name]]
    if changed and not {*found["warnings"]} - {*whole["warnings"]}:
        yield f"changed without a word: {', '.join(changed)}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_renamed_classes(case: Path) -> None:
    html = (case / "page.html").read_text("utf-8")
    whole = json.loads((case / "article.json").read_text("utf-8"))
    failed = []
    for token in sorted({token for found in CLASS.findall(html) for token in found.split()}):
        try:
            found = extract(_page(case, _renamed(html, token))).as_json()
        except PageRefused as refusal:
            failed.append(f"{token}: refused, {refusal}")
        else:
            failed += [f"{token}: {fault}" for fault in _faults(whole, found)]
    assert not failed, "\n".join(failed)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_all_classes_renamed(case: Path) -> None:
    """Nothing of the template is left: what text there is stays, without the hidden list of properties."""
    html = (case / "page.html").read_text("utf-8")
    whole = json.loads((case / "article.json").read_text("utf-8"))
    renamed = CLASS.sub(lambda found: f'class="{" ".join("x" + token[::-1] for token in found[1].split())}"', html)
    found = extract(_page(case, renamed)).as_json()
    assert found["blocks"]
    assert found["headline"] in (whole["headline"], *HEADLINE.findall(html))
    assert found["published_date"] == whole["published_date"] or "date-unknown" in found["warnings"]
    assert "posta@example.org" not in found["body"], "a value of the hidden microdata"
    if found["site"] == case.parent.name:
        assert {*found["warnings"]} - {*whole["warnings"]}
