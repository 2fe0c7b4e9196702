"""Archives whose headers, names and texts would command a terminal: reports and tables show signs in their place."""

import gzip
import json
import zipfile
from pathlib import Path

from storage.display import displayed
from tests.crawler.conftest import Emeroteca

#: As text: clears the screen, sets its title, begins a line of its own, and turns the direction of text.
COMMANDS = "\x1b[2J\x1b]0;titolo\x07\x9b31m\u202e\u2066"
PAGE = (
    "<html><head><title>La regata</title></head><body><article><h1>La regata &#27;[2J&#8238;del molo</h1><p>"
    + "La barca rossa ha vinto la regata del molo davanti a molta gente, dice il giornale di bordo. " * 20
    + "</p></article></body></html>"
)
HTTP = f"HTTP/1.1 200 {COMMANDS}\r\nContent-Type: text/html; charset=utf-8\r\nX-{COMMANDS}: x\r\n\r\n{PAGE}".encode()


def record(kind: str, number: int, block: bytes, **extra: str) -> bytes:
    headers = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:uuid:00000000-0000-4000-8000-{number:012}{COMMANDS}>",
        "WARC-Target-URI": f"http://gazzettino.example/{number}{COMMANDS}",
        "WARC-Date": "2022-02-14T14:21:00Z",
        "Content-Type": "application/http; msgtype=response",
        **{name.replace("_", "-"): value for name, value in extra.items()},
        "Content-Length": str(len(block)),
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return b"WARC/1.1\r\n" + lines.encode() + b"\r\n" + block + b"\r\n\r\n"


def told(emeroteca: Emeroteca, *words: str) -> str:
    ended = emeroteca(*words)
    assert ended.returncode in (0, 1), ended.stderr
    assert "Traceback" not in ended.stderr, ended.stderr
    for text in (ended.stdout, ended.stderr):
        assert displayed(text) == text, words
    return ended.stdout + ended.stderr


def test_what_is_told_of_a_hostile_archive_commands_no_terminal(emeroteca: Emeroteca, tmp_path: Path) -> None:
    sha1 = f"sha1:{COMMANDS}"
    records = [
        record("response", 1, HTTP),
        record("response", 2, HTTP, WARC_Target_URI="http://gazzettino.example/2", WARC_Record_ID="<urn:uuid:2>"),
        record("response", 3, HTTP, WARC_Block_Digest=sha1, WARC_Payload_Digest=sha1),
        record("revisit", 4, HTTP, WARC_Payload_Digest=sha1, WARC_Refers_To_Target_URI=f"http://a.example/{COMMANDS}"),
        record("response", 5, HTTP, WARC_Date=COMMANDS),
        record(COMMANDS, 6, HTTP),
        record("response", 7, HTTP.replace(b"Content-Type", f"Content-Encoding: {COMMANDS}\r\nX-Type".encode())),
        record("response", 8, HTTP, Content_Type=COMMANDS),
        b"WARC/1.1\r\n" + COMMANDS.encode() * 3 + b"\r\n\r\n",
    ]
    archive = tmp_path / f"molo-{COMMANDS}.warc.gz"
    archive.write_bytes(b"".join(map(gzip.compress, records)))
    package = tmp_path / "molo.wacz"
    line = json.dumps({"filename": f"a{COMMANDS}.warc", "offset": "0", "length": "1", "digest": COMMANDS})
    with zipfile.ZipFile(package, "w") as wacz:
        wacz.writestr(f"archive/{COMMANDS}.warc.gz", b"".join(map(gzip.compress, records[:3])))
        wacz.writestr("archive/a.warc.gz", b"".join(map(gzip.compress, records[:3])))
        wacz.writestr("indexes/index.cdx", f"it,a)/{COMMANDS} 20220214142100 {line}\n")
        wacz.writestr("datapackage.json", json.dumps({"resources": [{"path": COMMANDS, "hash": COMMANDS}]}))
    assert "[2J" in told(emeroteca, "verify", str(archive), str(package))
    told(emeroteca, "rebuild", str(archive), str(package), "--any", "--jobs", "1")
    articles = [json.loads(line) for line in emeroteca("export").stdout.splitlines()]
    assert {"http://gazzettino.example/2"} <= {article["canonical_url"] for article in articles}
    told(emeroteca, "search", "regata")
    for article in articles:
        told(emeroteca, "show", article["article_id"])
        told(emeroteca, "show", article["canonical_url"])
    for words in (
        ("status",),
        ("verify",),
        ("rebuild", "--again", "--diff", "--jobs", "1", "--any"),
        ("explain", "http://gazzettino.example/2"),
        ("withhold", "add", "--pattern", "http://gazzettino.example/*", "--reason", COMMANDS),
        ("withhold", "list"),
    ):
        told(emeroteca, *words)


def test_what_extract_says_of_a_hostile_file_commands_no_terminal(emeroteca: Emeroteca, tmp_path: Path) -> None:
    page = tmp_path / f"{COMMANDS}.html"
    page.write_bytes(b"")
    assert "no article" in told(emeroteca, "extract", str(page))
