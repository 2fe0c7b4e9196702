"""What is withheld is shown nowhere, also when it is captured later, and all is there again when that is lifted."""

import io
import json
from datetime import UTC, date, datetime, timedelta

import pytest

from storage.article import Article, Block, BlockType, Fidelity
from storage.corpus.db.database import Database
from storage.corpus.export.export import ExportFilter, export
from storage.corpus.read import queries
from storage.corpus.read.captures import CaptureSelection, selected_articles, withheld_captures
from storage.corpus.read.fingerprint import fingerprint
from storage.corpus.search.search import search
from storage.corpus.write import withholding
from storage.corpus.write.capture_result import CaptureResult, Outcome
from storage.corpus.write.change_feed import Cursor
from storage.corpus.write.store import Store
from storage.corpus.write.targets import Target, TargetKind, TargetMatcher

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TODAY = datetime.now(UTC).date()


def captured(number: int, *, url: str | None = None, authors: tuple[str, ...] = ("Ada Bruni",)) -> CaptureResult:
    url = url or f"https://gazzetta.example/porto/regata-{number}/"
    article = Article(
        url=url,
        canonical_url=url,
        site="gazzetta",
        native_id=str(number),
        headline=f"Regata numero {number}",
        authors=authors,
        blocks=(Block(type=BlockType.PARAGRAPH, text=f"La barca {number} vince la regata."),),
        fidelity=Fidelity.HTML,
    )
    return CaptureResult(
        file="gazzetta.warc.gz",
        offset=number * 100,
        length=100,
        record_id=f"<urn:uuid:00000000-0000-4000-8000-{number:012d}>",
        url=url,
        asked_url=url,
        captured_at=NOON + timedelta(minutes=number),
        outcome=Outcome.ARTICLE,
        http_status=200,
        site="gazzetta",
        article=article,
        extractor="emeroteca 0",
    )


@pytest.fixture
def filled(database: Database) -> Database:
    """A corpus of three articles; the third has another author."""
    Store(database).save([captured(1), captured(2), captured(3, authors=("Ugo Nervi", "Lia Monti"))])
    return database


def shown(database: Database) -> set[str]:
    """The headlines that an export, a search, the packages and `show` give, which must be the same."""
    lines, _ = fed(database, Cursor(0))
    exported = {str(line["headline"]) for line in lines if "headline" in line}
    assert {hit["headline"] for hit in search(database, "regata")} == exported
    assert {article.headline for article in selected_articles(database, CaptureSelection())} == exported
    urls = [f"https://gazzetta.example/porto/regata-{number}/" for number in range(1, 6)]
    articles = [found["article"] for url in urls if (found := queries.show(database, url))]
    assert {article["headline"] for article in articles} == exported
    return exported


def fed(database: Database, after: Cursor) -> tuple[list[dict[str, object]], Cursor]:
    out = io.BytesIO()
    cursor = export(database, out, "jsonl", ExportFilter(after=after)).cursor
    return [json.loads(line) for line in out.getvalue().splitlines()], cursor


ALL = {"Regata numero 1", "Regata numero 2", "Regata numero 3"}


@pytest.mark.parametrize(
    ("kind", "value", "left"),
    [
        (TargetKind.URL, "http://www.gazzetta.example/porto/regata-1/", ALL - {"Regata numero 1"}),
        (TargetKind.PATTERN, "*gazzetta.example/porto/*-[12]/", ALL),
        (TargetKind.PATTERN, "https://gazzetta.example/porto/*", set()),
        (TargetKind.PATTERN, "https://gazzetta.example/porto/regata-1", ALL),
        (TargetKind.AUTHOR, "lia  MONTI", ALL - {"Regata numero 3"}),
        (TargetKind.AUTHOR, "Lia", ALL),
    ],
)
def test_what_a_target_names_is_shown_nowhere(filled: Database, kind: TargetKind, value: str, left: set[str]) -> None:
    before = fingerprint(filled)
    _, cursor = fed(filled, Cursor(0))
    number, count = withholding.withhold(filled, Target(kind, value), reason="request", by_right="GDPR 17")
    assert count == len(ALL - left)
    assert shown(filled) == left
    gone, cursor = fed(filled, cursor)
    assert [line.get("gone") for line in gone] == [True] * count
    assert len(list(withheld_captures(filled))) == count
    [site] = queries.status(filled)
    assert (site["articles"], site["withheld"]) == (3, count)
    assert withholding.lift(filled, number) == count
    assert shown(filled) == ALL
    again, _ = fed(filled, cursor)
    assert {str(line["headline"]) for line in again} == ALL - left
    assert fingerprint(filled) == before
    assert withholding.lift(filled, number) is None


def test_an_article_is_named_by_its_id(filled: Database) -> None:
    found = queries.show(filled, "https://gazzetta.example/porto/regata-2/")
    assert found is not None
    id = found["article"]["article_id"]
    withholding.withhold(filled, Target(TargetKind.ARTICLE, id), reason="request")
    assert shown(filled) == ALL - {"Regata numero 2"}
    withheld = queries.withheld_article(filled, "https://gazzetta.example/porto/regata-2/")
    assert withheld is not None
    assert withheld["reason"] == "request"
    assert queries.withheld_article(filled, "https://gazzetta.example/porto/regata-1/") is None


def test_what_is_captured_later_is_withheld_too(filled: Database) -> None:
    withholding.withhold(filled, Target(TargetKind.AUTHOR, "Ada Bruni"), reason="contract")
    Store(filled).save([captured(4), captured(5, authors=("Lia Monti",))])
    assert shown(filled) == {"Regata numero 3", "Regata numero 5"}
    Store(filled).save([captured(5, authors=("Ada Bruni",))])  # read anew
    assert shown(filled) == {"Regata numero 3"}


def test_an_article_stays_withheld_while_any_withholding_is_in_force(filled: Database) -> None:
    target = Target(TargetKind.URL, "https://gazzetta.example/porto/regata-1/")
    first, _ = withholding.withhold(filled, target, reason="request")
    second, count = withholding.withhold(filled, Target(TargetKind.AUTHOR, "ada bruni"), reason="contract")
    assert count == 1  # the other article of the author is withheld already
    assert withholding.lift(filled, first) == 0
    assert [row["articles"] for row in withholding.withholdings(filled)] == [2]
    assert [row["id"] for row in withholding.withholdings(filled, lifted=True)] == [first, second]
    assert withholding.lift(filled, second) == 2


@pytest.mark.parametrize(("until", "is_over"), [(TODAY, False), (TODAY - timedelta(days=1), True)])
def test_an_embargo_ends_after_its_last_day(filled: Database, until: date, is_over: bool) -> None:
    target = Target(TargetKind.PATTERN, "*regata-1/")
    withholding.withhold(filled, target, reason="embargo", until=until)
    assert withholding.end_embargoes(filled) == int(is_over)
    assert shown(filled) == (ALL if is_over else ALL - {"Regata numero 1"})
    assert withholding.end_embargoes(filled) == 0


def test_the_feed_tells_of_the_end_of_an_embargo(filled: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    withholding.withhold(filled, Target(TargetKind.PATTERN, "*regata-1/"), reason="embargo", until=TODAY)
    _, cursor = fed(filled, Cursor(0))
    monkeypatch.setattr(withholding, "_today", lambda: TODAY + timedelta(days=1))
    assert withholding.end_embargoes(filled) == 1
    assert [line["headline"] for line in fed(filled, cursor)[0]] == ["Regata numero 1"]


def test_an_item_is_withheld_before_it_has_a_row() -> None:
    matcher = TargetMatcher({1: Target(TargetKind.AUTHOR, "Lia Monti"), 2: Target(TargetKind.PATTERN, "*-9/")})
    assert withholding.is_withheld(captured(1, authors=("Lia Monti",)), matcher)
    assert withholding.is_withheld(captured(9), matcher)
    assert not withholding.is_withheld(captured(1), matcher)
    assert not withholding.is_withheld(captured(9), None)
