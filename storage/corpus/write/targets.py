"""What a takedown names: a URL, an article, a pattern of URLs, or an author's name; and the articles that it means.

Used by `storage.corpus.write.withholding`, by erasures and by packages. Matching is done here and not in SQL, so that
it is the same on both databases.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Select, select

from storage.corpus.db.bulk import in_keys
from storage.corpus.db.tables import ArticleRow, AuthorRow, CaptureRow, ReadingRow, RevisionAuthorRow, RevisionRow
from storage.corpus.write.identity import normalise
from storage.warc.index.surt import surt


class TargetKind(StrEnum):
    """The kinds of targets, as options and the column `kind` have them."""

    URL = "url"
    ARTICLE = "article"
    PATTERN = "pattern"
    AUTHOR = "author"


@dataclass(frozen=True, slots=True)
class Target:
    """value: a URL in any spelling; an article_id; a URL in which each `*` stands for any characters; an author's name
    as printed, in any case.
    """

    kind: TargetKind
    value: str


class TargetMatcher:
    """Matches URLs, articles and authors with targets, each of which has a number. Of several that match, the one with
    the lowest number counts.
    """

    def __init__(self, targets: Mapping[int, Target]) -> None:
        by_kind: dict[TargetKind, dict[str, int]] = {kind: {} for kind in TargetKind}
        for number, target in sorted(targets.items(), reverse=True):
            by_kind[target.kind][_KEYS[target.kind](target.value)] = number
        self._urls, self._articles = by_kind[TargetKind.URL], by_kind[TargetKind.ARTICLE]
        self._authors = by_kind[TargetKind.AUTHOR]
        self._patterns = sorted((number, _expression(value)) for value, number in by_kind[TargetKind.PATTERN].items())

    @property
    def has_urls(self) -> bool:
        """Whether any target is a URL or a pattern."""
        return bool(self._urls or self._patterns)

    @property
    def has_authors(self) -> bool:
        return bool(self._authors)

    def of_url(self, url: str | None) -> int | None:
        """The number of the target that names this URL; None where there is none."""
        if not url or not self.has_urls:
            return None
        by_pattern = (number for number, pattern in self._patterns if pattern.fullmatch(url))
        numbers = [self._urls.get(surt(url)) if self._urls else None, next(by_pattern, None)]
        return min((number for number in numbers if number is not None), default=None)

    def of_article(self, article_id: str) -> int | None:
        return self._articles.get(article_id)

    def of_author(self, name: str) -> int | None:
        return self._authors.get(_folded(name))


def _folded(name: str) -> str:
    return normalise(name).casefold()


_KEYS: Mapping[TargetKind, Callable[[str], str]] = {
    TargetKind.URL: surt,
    TargetKind.ARTICLE: str,
    TargetKind.PATTERN: str,
    TargetKind.AUTHOR: _folded,
}


def _expression(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, pattern.split("*"))), re.DOTALL)


def matching_articles(
    connection: Connection, matcher: TargetMatcher, within: Collection[int] | None = None
) -> dict[int, int]:
    """The articles that targets mean, by row id, each with the number of its target.

    An article is meant by its id, by any URL under which it was requested, captured or read, and by any author that
    was ever read from it. within: only articles with these row ids; None for all.
    """
    found: dict[int, int] = {}
    for article, number in _matches(connection, matcher, within):
        if number is not None:
            found[article] = min(found.get(article, number), number)
    return found


def _matches(
    connection: Connection, matcher: TargetMatcher, within: Collection[int] | None
) -> Iterator[tuple[int, int | None]]:
    for id, name in _rows(connection, select(ArticleRow.id, ArticleRow.article_id), ArticleRow.id, within):
        yield id, matcher.of_article(name)
    captured = select(CaptureRow.article, CaptureRow.url, CaptureRow.asked_url).where(CaptureRow.article.is_not(None))
    read = select(RevisionRow.article, RevisionRow.url, RevisionRow.canonical_url)
    if matcher.has_urls:
        for statement, column in ((captured, CaptureRow.article), (read, RevisionRow.article)):
            for article, *urls in _rows(connection, statement, column, within):
                yield from ((article, matcher.of_url(url)) for url in urls)
    if matcher.has_authors:
        yield from _authors(connection, matcher, within)


def _authors(
    connection: Connection, matcher: TargetMatcher, within: Collection[int] | None
) -> Iterator[tuple[int, int | None]]:
    named = select(RevisionRow.article, AuthorRow.name).select_from(RevisionAuthorRow)
    named = named.join(RevisionRow, RevisionRow.id == RevisionAuthorRow.revision_id).join(AuthorRow)
    for article, name in _rows(connection, named, RevisionRow.article, within):
        yield article, matcher.of_author(name)
    hidden = select(ReadingRow.article, ReadingRow.data)
    for article, data in _rows(connection, hidden, ReadingRow.article, within):
        yield from ((article, matcher.of_author(name)) for name in data["article"]["authors"])


def _rows(
    connection: Connection, statement: Select[*tuple[Any, ...]], column: Any, within: Collection[int] | None
) -> Iterator[Any]:
    if within is not None:
        statement = statement.where(in_keys(connection, column, within))
    with connection.execute(statement, execution_options={"yield_per": 1000}) as rows:
        yield from rows
