"""Citations of an article as it was captured: BibTeX, CSL-JSON, RIS, plain text, PWID."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

#: What BibTeX and TeX would read as commands.
_TEX: Final = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip

Article = Mapping[str, Any]


def pwid(article: Article, archive: str) -> str:
    """A persistent web identifier (urn:pwid, registered with IANA): archive, time of capture, `page`, URL."""
    captured = datetime.fromisoformat(article["last_captured_at"]).astimezone(UTC)
    return f"urn:pwid:{archive}:{captured:%Y-%m-%dT%H:%M:%SZ}:page:{_url(article)}"


def plain(article: Article, archive: str) -> str:
    """Authors, headline, paper, day, address, capture, and the record's digest."""
    authors = "; ".join(article["authors"])
    parts = (
        *((authors,) if authors else ()),
        f"«{_line(article['headline'])}»",
        article["site"] or "",
        article["published_date"] or "",
        _url(article),
        f"captured {article['last_captured_at'][:19]}Z",
        f"{article['warc_record_id']} ({article['payload_digest']})",
    )
    return _line(", ".join(filter(None, parts))) + ".\n"


def bibtex(article: Article, archive: str) -> str:
    """An entry `@online` (BibLaTeX)."""
    fields = {
        "author": " and ".join(f"{{{_tex(author)}}}" for author in article["authors"]),
        "title": f"{{{_tex(article['headline'])}}}",
        "organization": _tex(article["site"] or ""),
        "date": article["published_date"] or "",
        "url": re.sub(r"[{}\\\s]", "", _url(article)),
        "urldate": article["last_captured_at"][:10],
        "langid": _tex(article["language"] or ""),
        "note": _tex(pwid(article, archive)),
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@online{{emeroteca-{article['article_id'][:12]}-{article['revision']},\n{lines}}}\n"


def csl_json(article: Article, archive: str) -> str:
    """An item of the Citation Style Language, in a list as reference managers import it."""
    item: dict[str, Any] = {
        "id": f"emeroteca-{article['article_id']}-{article['revision']}",
        "type": "article-newspaper",
        "title": article["headline"],
        "author": [{"literal": author} for author in article["authors"]],
        "container-title": article["site"],
        "URL": _url(article),
        "archive": archive,
        "archive_location": article["warc_record_id"],
        "language": article["language"],
        "accessed": {"date-parts": [_parts(article["last_captured_at"][:10])]},
        "note": pwid(article, archive),
    }
    if article["published_date"]:
        item["issued"] = {"date-parts": [_parts(article["published_date"])]}
    known = {name: value for name, value in item.items() if value not in (None, "", [])}
    return json.dumps([known], ensure_ascii=False, indent=2) + "\n"


def ris(article: Article, archive: str) -> str:
    """A reference of type NEWS, lines ended by CR LF."""
    lines = [
        ("TY", "NEWS"),
        *(("AU", author) for author in article["authors"]),
        ("TI", article["headline"]),
        ("T2", article["site"]),
        ("DA", (article["published_date"] or "").replace("-", "/")),
        ("UR", _url(article)),
        ("Y2", article["last_captured_at"][:10].replace("-", "/")),
        ("LA", article["language"]),
        ("N1", pwid(article, archive)),
        ("ER", ""),
    ]
    return "".join(f"{tag}  - {_line(value or '')}\r\n" for tag, value in lines if value or tag == "ER")


#: The forms by name: function, media type, suffix of the file.
FORMS: Final[Mapping[str, tuple[Callable[[Article, str], str], str, str]]] = {
    "txt": (plain, "text/plain", "txt"),
    "bibtex": (bibtex, "application/x-bibtex", "bib"),
    "csl": (csl_json, "application/vnd.citationstyles.csl+json", "json"),
    "ris": (ris, "application/x-research-info-systems", "ris"),
    "pwid": (lambda article, archive: f"{pwid(article, archive)}\n", "text/plain", "txt"),
}


def _url(article: Article) -> str:
    return _line(str(article["url"] or article["canonical_url"] or ""))


def _line(text: str) -> str:
    return " ".join(text.split())


def _tex(text: str) -> str:
    return "".join(_TEX.get(character, character) for character in _line(text))


def _parts(day: str) -> list[int]:
    return [int(part) for part in day.split("-")]
