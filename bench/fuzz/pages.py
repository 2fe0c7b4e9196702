"""The fuzzer of pages: every page gives an article that is valid JSON, or a named refusal.

Inputs are mutated pages by number (`mutations`), and constructed ones by name (`extreme_pages`).
"""

import json
from datetime import UTC, datetime

from bench.fuzz.bounds import Fuzzer, InputName
from bench.fuzz.extreme_pages import extreme_pages
from bench.fuzz.mutations import mutated, seeds
from crawler.extraction.extract import extract
from crawler.extraction.pages.page import Page
from crawler.extraction.refusals import PageRefused

#: URLs for the pages: one of a known site per template, and one of an unknown site.
_URLS = (
    "https://it.sputniknews.com/20220110/prova-14500014.html",
    "https://www.alanews.it/cronaca/prova/",
    "https://notizie.example.org/2022/01/10/prova.html",
)
_CAPTURED = datetime(2024, 1, 1, tzinfo=UTC)


def page(name: InputName) -> tuple[bytes, str]:
    """The page of this number or name, and its URL."""
    body = extreme_pages()[name]() if isinstance(name, str) else mutated(name)
    return body, _URLS[(name if isinstance(name, int) else len(name)) % len(_URLS)]


def outcome(made: tuple[bytes, str]) -> str:
    """`article`, or the reason of the refusal. Any exception is a fault of extraction."""
    body, url = made
    try:
        article = extract(Page.from_bytes(body, url, _CAPTURED))
    except PageRefused as refused:
        return refused.reason.value
    json.dumps(article.as_json(), ensure_ascii=False).encode("utf-8")
    return "article"


#: Of 600 MB the program has 100.
PAGES = Fuzzer("pages", page, outcome, 5.0, 500 * 1024, lambda made: ("page.html", made[0]), seeds)
