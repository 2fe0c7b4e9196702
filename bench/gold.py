"""Truths of a set that the page itself contradicts: `python -m bench.gold [--set NAME] [--half learned|unseen]`.

Of the pages whose day, authors or headline are read otherwise than their truth says, those are named whose truth cannot
be had from the page as it is: a day that the page declares as that of its last change, while it declares the one found
as that of publication, or another one than it declares; a day, authors or a headline that stand nowhere in the page;
authors with their titles and roles in one name; a headline that is no `h1` while the one found is. Prints a line for
each and the shares of the right ones with and without them. Decision 095 has the reasons. Of the unseen half the pages
are named and not shown.
"""

import argparse
import html
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final

from bench.eval import decoded, metadata, ours
from bench.open_sets import UNSEEN, WORDS, Case, load
from crawler.extraction.generic.text_blocks import text_key
from storage.article import Article

_DECLARED: Final = ("json-ld:", "meta:", "microdata:")
_TAG: Final = re.compile(r"<[^>]+>")
_H1: Final = re.compile(r"<h1\b[^>]*>(.*?)</h1>", re.S | re.I)
_NAMES: Final = re.compile(r"\s*(?:;|,|&| and )\s*")
_NO_LETTERS: Final = re.compile(r"[\W_]+")


def contradicted(case: Case, article: Article) -> Iterator[tuple[str, str]]:
    """The fields whose truth the page contradicts, each with the reason."""
    page = html.unescape(decoded(case))
    wrong = {name for name, share in metadata([case], {case.key: article}).items() if not share}
    checks = {"day": _day, "headline": _headline, "authors": _authors}
    for name, check in checks.items():
        if name in wrong and (reason := check(case, article, page)):
            yield name, reason


def _day(case: Case, article: Article, page: str) -> str | None:
    found = article.published_date.isoformat() if article.published_date else None
    published, modified = (
        {
            claim.value[:10]
            for claim in article.dates
            if claim.field == field and claim.value and _is_declared(claim.source)
        }
        for field in ("published_at", "modified_at")
    )
    if not _stands_in(case.day or "", page + case.url):
        return "the truth stands nowhere in the page"
    if found not in published or case.day in published:
        return None
    return (
        "the truth is the declared day of the last change" if case.day in modified else "the page declares another day"
    )


def _stands_in(day: str, page: str) -> bool:
    """Whether a page has this day (YYYY-MM-DD, or a part of it), or the one before or behind it, which another time
    zone has: with its month as a number or in letters of any language, in any order, or as seconds since 1970.
    """
    try:
        true = date.fromisoformat(day)
    except ValueError:
        return True  # no whole day: it is not looked for
    return any(_has_day(true + timedelta(days=shift), page) for shift in (-1, 0, 1))


def _has_day(day: date, page: str) -> bool:
    letters = r"[^\W\d_]{3,12}\.?"
    year, month, number = str(day.year), f"0?{day.month}", f"0?{day.day}"
    short, ordinal, between = f"(?:{year[:2]})?{year[2:]}", r"(?:\.|st|nd|rd|th|º|er)?", r"[\s,./-]*(?:(?:de|of)\s+)?"
    seconds = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) // 86_400
    orders = (
        rf"{year}\W?{month}\W?{number}",
        rf"{number}\W\s?{month}\W\s?{short}",
        rf"{month}\W\s?{number}\W\s?{short}",
        rf"{number}{ordinal}{between}{letters}{between}{year}",
        rf"{letters}\s+{number}{ordinal}{between}{year}",
        rf"{year}\s?[年년]\s?{month}\s?[月월]\s?{number}",
    )
    if any(re.search(rf"(?<!\d){order}(?!\d)", page) for order in orders):
        return True
    return any(int(found) // 86_400 == seconds for found in re.findall(r"(?<!\d)(1\d{9})(?:\d{3})?(?!\d)", page))


def _is_declared(source: str) -> bool:
    return source.startswith(_DECLARED)


def _headline(case: Case, article: Article, page: str) -> str | None:
    true, found = text_key(case.title or ""), text_key(article.headline)
    headings = [text_key(_TAG.sub("", heading)) for heading in _H1.findall(page)]
    if not any(true in text_key(text) for text in (page, _TAG.sub(" ", page))):
        return "the truth stands nowhere in the page"
    return "the truth is no h1, the one found is" if found in headings and true not in headings else None


def _authors(case: Case, article: Article, page: str) -> str | None:
    names = [_letters(name) for name in _NAMES.split(case.author or "")]
    texts = [_letters(text) for text in (page, _TAG.sub(" ", page))]
    if not all(any(name in text for text in texts) for name in names):
        return "the truth stands nowhere in the page"
    whole = _letters(case.author or "")
    if article.authors and all(_letters(name) in whole for name in article.authors):
        return "the truth has titles, roles or the team beside the names"
    return None


def _letters(text: str) -> str:
    return _NO_LETTERS.sub("", text.casefold())


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--set", default=WORDS)
    asked.add_argument("--half", default=UNSEEN)
    options = asked.parse_args()
    pages = [case for case in load() if case.set == options.set and case.half == options.half]
    articles = {case.key: article for case in pages if (article := ours(case)) is not None}
    wrong: dict[str, set[str]] = {}
    reasons: Counter[tuple[str, str]] = Counter()
    for case in pages:
        if case.key in articles:
            for name, reason in contradicted(case, articles[case.key]):
                wrong.setdefault(name, set()).add(case.name)
                reasons[name, reason] += 1
                print(f"{name:9} {case.name}: {reason}")
    for (name, reason), count in sorted(reasons.items()):
        print(f"{count:4} {name}: {reason}")
    for name, share in metadata(pages, articles).items():
        others = [case for case in pages if case.name not in wrong.get(name, set())]
        print(f"{name:9} {share:.4f}, without these {metadata(others, articles)[name]:.4f}")


if __name__ == "__main__":
    main()
