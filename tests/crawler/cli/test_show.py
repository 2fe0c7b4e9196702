"""emeroteca show: what changed between two revisions, and the records they come from."""

import gzip
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.cli.main import emeroteca
from storage.article import Article, Block, BlockType
from storage.corpus.db.database import open_database
from storage.corpus.write.capture_result import CaptureResult, Outcome
from storage.corpus.write.store import Store
from storage.exceptions import CommandError
from storage.warc.http.capture import CaptureRef
from storage.warc.http.exchange import Exchange
from storage.warc.write.writer import WarcWriter

URL = "https://prova.example/il-faro"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

Show = Callable[..., bytes]


@pytest.fixture
def refs(tmp_path: Path) -> list[CaptureRef]:
    """A collection with two revisions of one article; their records."""
    refs = []
    (tmp_path / "warc").mkdir()
    with (
        WarcWriter(tmp_path / "warc", prefix="prova", software="prova 1") as writer,
        open_database(f"sqlite:///{tmp_path / 'corpus.db'}") as database,
    ):
        for number, text in enumerate(("Il faro è spento da ieri.", "Il faro è acceso da ieri.")):
            moment = NOON + timedelta(hours=number)
            response = f"HTTP/1.1 200 OK\r\nContent-Length: {len(text.encode())}\r\n\r\n{text}".encode()
            ref = writer.write(Exchange(URL, "GET", b"GET / HTTP/1.1\r\n\r\n", response, moment))
            refs.append(ref)
            blocks = (Block(type=BlockType.PARAGRAPH, text=text),)
            saved = CaptureResult(
                file=ref.file,
                offset=ref.offset,
                length=ref.length,
                record_id=ref.record_id,
                url=URL,
                asked_url=URL,
                captured_at=moment,
                outcome=Outcome.ARTICLE,
                article=Article(url=URL, canonical_url=URL, site="prova", headline="Il faro", blocks=blocks),
            )
            Store(database).save([saved])
    return refs


@pytest.fixture
def show(refs: list[CaptureRef], tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> Show:
    """show(*words) -> standard output."""

    def call(*words: str) -> bytes:
        assert emeroteca.main(["--home", str(tmp_path), "show", URL, *words], standalone_mode=False) == 0
        return capfdbinary.readouterr().out

    return call


def test_a_diff_says_which_words_came_and_went(show: Show) -> None:
    assert "Il faro è [-spento-] {+acceso+} da ieri." in show("--diff", "1", "2").decode()
    assert "Il faro è [-acceso-] {+spento+} da ieri." in show("--diff", "2", "1").decode()
    assert "{+" not in show("--diff", "2", "2").decode()
    with pytest.raises(CommandError):
        show("--diff", "1", "3")


def test_a_record_is_shown_as_it_stands(show: Show, refs: list[CaptureRef], tmp_path: Path) -> None:
    for words, ref in (((), refs[1]), (("--revision", "1"), refs[0])):
        shown = show("--record", *words)
        assert shown == (tmp_path / "warc" / ref.file).read_bytes()[ref.offset : ref.offset + ref.length]
        assert ref.record_id.encode() in gzip.decompress(shown)
    (tmp_path / "warc" / refs[0].file).unlink()
    with pytest.raises(CommandError, match="--warc PATH says where it is"):
        show("--record")


def test_a_compressed_record_does_not_go_to_a_terminal(
    show: Show, refs: list[CaptureRef], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    with pytest.raises(CommandError, match="pipe it"):
        show("--record")
