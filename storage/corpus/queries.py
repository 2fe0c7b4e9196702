"""Looking at the corpus: how much there is, one article with its history, articles by their text."""

import re
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, func, select

from storage.corpus.database import Database
from storage.corpus.identity import key
from storage.corpus.tables import Article, Capture, Crawl, Failure, Revision, Site, WarcFile
from storage.corpus.view import CORPUS

#: Characters on either side of what a search found.
_AROUND = 60


def sites(database: Database) -> list[str]:
    """The names of the sites in the corpus, sorted."""
    with database.reading() as connection:
        return list(connection.scalars(select(Site.name).order_by(Site.name)))


def status(database: Database) -> list[dict[str, Any]]:
    """What there is of each site, sorted by name; captures of no known site under the name None, at the end.

    `site, captures{outcome: n}, refusals{reason: n}, failures{reason: n}, articles, revisions, bytes` (of WARC
    records), `last_crawl` (`id, started_at, finished_at, outcome, counts`, or None).
    """
    with database.reading() as connection:
        names = list(connection.scalars(select(Site.name).order_by(Site.name)))
        reports = [_status(connection, name) for name in [*names, None]]
    return [report for report in reports if report["site"] is not None or report["captures"]]


def _status(connection: Connection, site: str | None) -> dict[str, Any]:
    captured = Capture.site.is_not_distinct_from(site)
    revisions = (
        select(func.count(Revision.number))
        .join(Article, Article.id == Revision.article)
        .where(Article.site.is_not_distinct_from(site))
    )
    articles = select(func.count()).select_from(Article).where(Article.site.is_not_distinct_from(site))
    articles = articles.where(Article.revision_count > 0)
    size = select(func.coalesce(func.sum(Capture.length), 0)).where(captured)
    failed = Failure.site.is_not_distinct_from(site)
    refused = captured & Capture.reason.is_not(None)
    return {
        "site": site,
        "captures": _counts(connection, select(Capture.outcome, func.count()).where(captured)),
        "refusals": _counts(connection, select(Capture.reason, func.count()).where(refused)),
        "failures": _counts(connection, select(Failure.reason, func.count()).where(failed)),
        "articles": connection.execute(articles).scalar_one(),
        "revisions": connection.execute(revisions).scalar_one(),
        "bytes": int(connection.execute(size).scalar_one()),
        "last_crawl": _last_crawl(connection, site),
    }


def _counts(connection: Connection, statement: Select[*tuple[Any, ...]]) -> dict[str, int]:
    name = next(iter(statement.selected_columns))
    rows = connection.execute(statement.group_by(name)).all()
    return dict(sorted(tuple(row) for row in rows))


def _last_crawl(connection: Connection, site: str | None) -> dict[str, Any] | None:
    columns = (Crawl.id, Crawl.started_at, Crawl.finished_at, Crawl.outcome, Crawl.counts)
    found = connection.execute(select(*columns).where(Crawl.site == site).order_by(Crawl.id.desc()).limit(1))
    crawl = found.mappings().first()
    return dict(crawl) if crawl else None


def show(database: Database, name: str) -> dict[str, Any] | None:
    """An article by its id, its canonical URL or a URL that was asked for; None where there is none.

    `article` (its row of the view `corpus`), `revisions` (in order; those without a number, known from flat text
    only, last), `captures` (in the order of their times).
    """
    with database.reading() as connection:
        found = _article_named(connection, name)
        if found is None:
            return None
        id, name = found
        article = connection.execute(select(CORPUS).where(CORPUS.c.article_id == name)).mappings().one()
        return {
            "article": dict(article),
            "revisions": _rows(connection, _revisions_of(id)),
            "captures": _rows(connection, _captures_of(id)),
        }


def _article_named(connection: Connection, name: str) -> tuple[int, str] | None:
    """The newest seen of the articles that go by the name: its row, and its public id."""
    digest = key(name)
    by_canonical = (
        select(Article.id, Article.article_id)
        .join(Revision, Revision.article == Article.id)
        .where((Revision.canonical_key == digest) | (Article.article_id == name))
        .order_by(Revision.last_captured_at.desc(), Article.article_id)
    )
    by_asked = (
        select(Article.id, Article.article_id)
        .join(Capture, Capture.article == Article.id)
        .where(Capture.asked_key == digest)
        .order_by(Capture.captured_at.desc(), Article.article_id)
    )
    found = connection.execute(by_canonical).first() or connection.execute(by_asked).first()
    return (found.id, found.article_id) if found else None


def _rows(connection: Connection, statement: Select[*tuple[Any, ...]]) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(statement).mappings()]


def _revisions_of(id: int) -> Select[*tuple[Any, ...]]:
    columns = (
        Revision.number.label("revision"),
        *(Revision.content_hash, Revision.first_captured_at, Revision.last_captured_at),
        *(Revision.fidelity, Revision.headline, Revision.description, Revision.body, Revision.word_count),
        *(Revision.warnings, Revision.extractor),
        WarcFile.name.label("warc_file"),
        Capture.record_offset.label("warc_offset"),
        Capture.record_id.label("warc_record_id"),
        Capture.payload_digest,
    )
    return (
        select(*columns)
        .join(Capture, Capture.id == Revision.capture_id)
        .join(WarcFile, WarcFile.id == Capture.warc_file_id)
        .where(Revision.article == id)
        .order_by(Revision.number.is_(None), Revision.number, Revision.first_captured_at, Revision.content_hash)
    )


def _captures_of(id: int) -> Select[*tuple[Any, ...]]:
    columns = (
        *(Capture.captured_at, Capture.url, Capture.http_status, Capture.outcome, Capture.fidelity),
        Revision.number.label("revision"),
        WarcFile.name.label("warc_file"),
        Capture.record_offset.label("warc_offset"),
        *(Capture.length, Capture.record_id.label("warc_record_id"), Capture.payload_digest),
    )
    same = (Revision.article == Capture.article) & (Revision.content_hash == Capture.content_hash)
    return (
        select(*columns)
        .join(WarcFile, WarcFile.id == Capture.warc_file_id)
        .join(Revision, same)
        .where(Capture.article == id)
        .order_by(Capture.captured_at, WarcFile.name, Capture.record_offset)
    )


def search(
    database: Database,
    query: str,
    *,
    site: str | None = None,
    since: date | None = None,
    until: date | None = None,
    limit: int = 20,
) -> list[dict[str, Any]]:
    """Articles whose newest headline, lede or body has `query` in it, in whatever case; newest first.

    `since` and `until` are days of publication, inclusive. Gives `article_id, url, site, headline, published_at,
    published_date, snippet` (what was found between ** and **).
    """
    wanted = re.compile(r"\s+".join(map(re.escape, query.split())), re.IGNORECASE)
    found: list[dict[str, Any]] = []
    statement = _candidates(site, since, until)
    with (
        database.reading() as connection,
        connection.execution_options(yield_per=100).execute(statement) as rows,
    ):
        for row in map(dict, rows.mappings()):
            if len(found) >= limit:
                break
            # Here and not in SQL: SQLite folds the case of ASCII only, Postgres that of its locale.
            text = " — ".join(filter(None, (row["headline"], row.pop("description"), row.pop("body"))))
            if match := wanted.search(text):
                found.append(row | {"snippet": snippet(text, match.start(), match.end())})
    return found


def _candidates(site: str | None, since: date | None, until: date | None) -> Select[*tuple[Any, ...]]:
    """The newest revisions, newest day first."""
    columns = (
        Article.article_id,
        *(Revision.url, Article.site, Revision.headline, Revision.published_at, Revision.published_date),
        *(Revision.description, Revision.body),
    )
    newest = (Revision.article == Article.id) & (Revision.number == Article.revision_count)
    statement = select(*columns).join(Revision, newest)
    if site is not None:
        statement = statement.where(Article.site == site)
    if since is not None:
        statement = statement.where(Revision.published_date >= since)
    if until is not None:
        statement = statement.where(Revision.published_date <= until)
    undated = Revision.published_date.is_(None)
    return statement.order_by(undated, Revision.published_date.desc(), Article.article_id)


def snippet(text: str, start: int, end: int) -> str:
    """What stands around `text[start:end]`, on one line, cut at words, the find between ** and **."""
    before = text[max(0, start - _AROUND) : start]
    after = text[end : end + _AROUND]
    if start > _AROUND:
        before = "…" + before.partition(" ")[2]
    if end + _AROUND < len(text):
        after = after.rpartition(" ")[0] + "…"
    return " ".join(f"{before}**{text[start:end]}**{after}".split())
