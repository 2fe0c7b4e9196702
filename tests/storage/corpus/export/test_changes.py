"""What changed between revisions, and what is shown when the capture shown moves away: in every order."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

from storage.article import Article, Block, BlockType
from storage.corpus.db.database import Database
from storage.corpus.export.export import ExportFilter, export
from storage.corpus.read.queries import show
from storage.corpus.read.word_diff import word_diff
from storage.corpus.write.capture_result import CaptureResult, Outcome
from storage.corpus.write.change_feed import Cursor
from storage.corpus.write.store import Store
from storage.corpus.write.text_diff import RevisionText, TextChange, change

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "https://a.example/1"


def capture(offset: int, headline: str, lede: str, body: str, **facts: object) -> CaptureResult:
    article = Article(
        url=URL,
        canonical_url=URL,
        site="prova",
        headline=headline,
        description=lede,
        blocks=(Block(type=BlockType.PARAGRAPH, text=body),),
        **facts,  # type: ignore[arg-type]
    )
    return CaptureResult(
        file="a.warc.gz",
        offset=offset,
        length=1,
        record_id=f"<urn:uuid:{offset}>",
        url=URL,
        captured_at=NOON + timedelta(hours=offset),
        outcome=Outcome.ARTICLE,
        article=article,
    )


def test_a_change_is_classed_and_measured() -> None:
    before = RevisionText.of(
        "Il faro", "Breve", [{"type": "paragraph", "text": "uno due due"}, {"type": "embed", "text": "x"}]
    )
    after = RevisionText.of(
        "Il faro", "Lunga", [{"type": "paragraph", "text": "due  uno tre"}, {"type": "caption", "text": "y"}]
    )
    assert change(before, after) == TextChange(("lede", "body"), 2, 2)
    assert change(before, before) == TextChange()
    empty = {"type": "paragraph", "text": " "}
    assert RevisionText.of("Il faro", "Breve", [empty, {"type": "paragraph", "text": "uno due due"}]) == before


def test_changes_are_the_same_in_every_order(database: Database) -> None:
    made = [
        capture(1, "Uno", "L", "corpo primo"),
        capture(2, "Due", "L", "corpo primo"),
        capture(3, "Due", "L", "corpo secondo"),
        capture(4, "Due", "L", "corpo secondo", keywords=("k",)),
    ]
    for number, order in enumerate(permutations(made)):
        if number % 5:
            continue
        url = f"https://a.example/{number}"
        for one in order:
            found = replace(one.article, url=url, canonical_url=url) if one.article else None
            Store(database).save([replace(one, file=f"{number}.warc.gz", url=url, article=found)])
        shown = show(database, url)
        assert shown is not None
        facts = [(r["changed"], r["words_added"], r["words_removed"]) for r in shown["revisions"]]
        assert facts == [([], 0, 0), (["headline"], 1, 1), (["body"], 1, 1)]
        assert [c["metadata_changed"] for c in shown["captures"]] == [[], [], [], ["keywords"]]


def test_what_is_shown_follows_when_the_capture_shown_moves_away(database: Database) -> None:
    store = Store(database)
    first = capture(1, "Uno", "L", "corpo", section="Cronaca", authors=("Ada",), keywords=("mare",))
    second = capture(2, "Uno", "L", "corpo", section="Esteri", authors=("Ugo",))
    store.save([first])
    store.save([second])
    store.save([capture(2, "Altro", "L", "tutto altro", section="Sport")])
    shown = show(database, URL)
    assert shown is not None
    article = shown["article"]
    assert (article["headline"], article["revisions"]) == ("Altro", 2)
    store.save([replace(second, outcome=Outcome.REFUSED, reason="index-page", article=None)])
    shown = show(database, URL)
    assert shown is not None
    article = shown["article"]
    assert (article["section"], article["authors"], article["keywords"]) == ("Cronaca", ["Ada"], ["mare"])
    assert (article["warc_offset"], article["revisions"]) == (1, 1)


def test_the_feed_tells_of_every_change_of_what_an_export_shows(database: Database) -> None:
    store, cursor = Store(database), Cursor(0)

    def is_told(*captures: CaptureResult) -> bool:
        nonlocal cursor
        store.save(captures)
        out = io.BytesIO()
        cursor = export(database, out, "jsonl", ExportFilter(after=cursor)).cursor
        return bool(out.getvalue())

    newest = capture(20, "Due", "L", "corpo secondo")
    assert is_told(capture(10, "Uno", "L", "corpo primo"), newest)
    assert not is_told(newest)
    assert is_told(capture(30, "Due", "L", "corpo secondo"))  # the last time, and the capture shown
    assert is_told(capture(15, "Due", "L", "corpo secondo"))  # the first time
    assert is_told(capture(30, "Due", "L", "corpo secondo", section="Cronaca"))  # the same capture read otherwise
    same = capture(30, "Due", "L", "corpo secondo", section="Cronaca")
    assert is_told(replace(same, file="b.warc.gz"))  # a copy of it, which is shown now
    assert not is_told(capture(12, "Uno", "L", "corpo primo"))  # of a revision that is not shown
    assert is_told(capture(40, "Tre", "L", "corpo terzo"))


def test_a_word_diff_reads_in_order() -> None:
    runs = list(word_diff("uno due tre\nfine", "uno quattro tre\nfine\nnuovo"))
    assert runs == [
        ("same", "uno"),
        ("removed", "due"),
        ("added", "quattro"),
        ("same", "tre"),
        ("same", "\n"),
        ("same", "fine"),
        ("same", "\n"),
        ("added", "nuovo"),
        ("same", "\n"),
    ]
