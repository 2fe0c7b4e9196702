"""Counts by site, and one article with its history: for `emeroteca sites`, `status` and `show`."""

from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select

from storage.corpus.db.database import Database
from storage.corpus.db.tables import (
    ArticleRow,
    CaptureRow,
    CrawlRow,
    FailureRow,
    RevisionRow,
    SiteRow,
    WarcFileRow,
    WithholdingRow,
    shown_revision,
)
from storage.corpus.db.view import CORPUS, article_json
from storage.corpus.read.rights import RobotsHistory
from storage.corpus.read.stored_results import stored_results_where
from storage.corpus.write.capture_result import Outcome, RecordKey
from storage.corpus.write.identity import digest_key


def sites(database: Database) -> list[str]:
    """The names of the sites in the corpus, sorted."""
    with database.reading() as connection:
        return list(connection.scalars(select(SiteRow.name).order_by(SiteRow.name)))


def status(database: Database) -> list[dict[str, Any]]:
    """Counts of each site, sorted by name; captures of unknown sites under the name None, at the end.

    `site, captures{outcome: n}, refusals{reason: n}, failures{reason: n}, articles, withheld` (of these), `revisions,
    bytes` (of WARC records), `last_crawl` (`id, started_at, finished_at, outcome, counts`, or None),
    `extractors{version: n}` (of captures).
    """
    with database.reading() as connection:
        names = list(connection.scalars(select(SiteRow.name).order_by(SiteRow.name)))
        reports = [_status(connection, name) for name in [*names, None]]
    return [report for report in reports if report["site"] is not None or report["captures"]]


def _status(connection: Connection, site: str | None) -> dict[str, Any]:
    captured = CaptureRow.site.is_not_distinct_from(site)
    revisions = (
        select(func.count(RevisionRow.number))
        .join(ArticleRow, ArticleRow.id == RevisionRow.article)
        .where(ArticleRow.site.is_not_distinct_from(site))
    )
    articles = select(func.count()).select_from(ArticleRow).where(ArticleRow.site.is_not_distinct_from(site))
    articles = articles.where(ArticleRow.revision_count > 0)
    withheld = articles.where(ArticleRow.withheld.is_not(None))
    size = select(func.coalesce(func.sum(CaptureRow.length), 0)).where(captured)
    failed = FailureRow.site.is_not_distinct_from(site)
    refused = captured & CaptureRow.reason.is_not(None)
    extractor = func.coalesce(CaptureRow.extractor, "")
    return {
        "site": site,
        "captures": _counts(connection, select(CaptureRow.outcome, func.count()).where(captured)),
        "refusals": _counts(connection, select(CaptureRow.reason, func.count()).where(refused)),
        "failures": _counts(connection, select(FailureRow.reason, func.count()).where(failed)),
        "articles": connection.execute(articles).scalar_one(),
        "withheld": connection.execute(withheld).scalar_one(),
        "revisions": connection.execute(revisions).scalar_one(),
        "bytes": int(connection.execute(size).scalar_one()),
        "last_crawl": _last_crawl(connection, site),
        "extractors": _counts(connection, select(extractor, func.count()).where(captured)),
    }


def _counts(connection: Connection, statement: Select[*tuple[Any, ...]]) -> dict[str, int]:
    name = next(iter(statement.selected_columns))
    rows = connection.execute(statement.group_by(name)).all()
    return dict(sorted(tuple(row) for row in rows))


def _last_crawl(connection: Connection, site: str | None) -> dict[str, Any] | None:
    columns = (CrawlRow.id, CrawlRow.started_at, CrawlRow.finished_at, CrawlRow.outcome, CrawlRow.counts)
    found = connection.execute(select(*columns).where(CrawlRow.site == site).order_by(CrawlRow.id.desc()).limit(1))
    crawl = found.mappings().first()
    return dict(crawl) if crawl else None


def show(database: Database, name: str) -> dict[str, Any] | None:
    """An article by its id, its canonical URL or a requested URL; None where there is none, or where it is withheld.

    `article` (its JSON), `revisions` (in order; those without a number, known from flat text
    only, last), `captures` (in the order of their times).
    """
    with database.reading() as connection:
        found = _article_named(connection, name)
        if found is None:
            return None
        id, name = found
        captures = _with_metadata_changes(connection, id, _rows(connection, _captures_of(id)))
        return {**_with_revisions(connection, name), "captures": captures}


def with_revisions(database: Database, article_id: str) -> dict[str, Any] | None:
    """`article` and `revisions` as `show` has them; None where no article has that id, or where it is withheld."""
    with database.reading() as connection:
        return _with_revisions(connection, article_id) or None


def _with_revisions(connection: Connection, article_id: str) -> dict[str, Any]:
    chosen = {"article_id": article_id}
    article = connection.execute(_ARTICLE, chosen).mappings().one_or_none()
    if article is None:
        return {}
    revisions = [dict(row) for row in connection.execute(_REVISIONS, chosen).mappings()]
    return {"article": article_json({str(name): value for name, value in article.items()}), "revisions": revisions}


def withheld_article(database: Database, name: str) -> dict[str, Any] | None:
    """The withholding of the article of that name, as `show` has names; None where no withheld article has it."""
    with database.reading() as connection:
        found = _article_named(connection, name, withheld=True)
        if found is None:
            return None
        statement = select(WithholdingRow.__table__).join(ArticleRow, ArticleRow.withheld == WithholdingRow.id)
        return dict(connection.execute(statement.where(ArticleRow.id == found[0])).mappings().one())


def _article_named(connection: Connection, name: str, *, withheld: bool = False) -> tuple[int, str] | None:
    """The row id and article id of the article with that name; of several the one captured last. withheld: of those
    that are withheld, else of those that are not.
    """
    digest = digest_key(name)
    is_withheld = ArticleRow.withheld.is_not(None)
    columns = (ArticleRow.id, ArticleRow.article_id)
    by_id = (
        select(*columns)
        .where(ArticleRow.article_id == name, ArticleRow.revision_count > 0)
        .where(is_withheld if withheld else ~is_withheld)
    )
    by_canonical = (
        select(*columns)
        .join(RevisionRow, RevisionRow.article == ArticleRow.id)
        .where(RevisionRow.canonical_key == digest)
        .where(is_withheld if withheld else ~is_withheld)
        .order_by(RevisionRow.last_captured_at.desc(), ArticleRow.article_id)
    )
    by_asked = (
        select(*columns)
        .join(CaptureRow, CaptureRow.article == ArticleRow.id)
        .where(CaptureRow.asked_key == digest)
        .where(is_withheld if withheld else ~is_withheld)
        .order_by(CaptureRow.captured_at.desc(), ArticleRow.article_id)
    )
    tried = (connection.execute(statement).first() for statement in (by_id, by_canonical, by_asked))
    found = next(filter(None, tried), None)
    return (found.id, found.article_id) if found else None


def moved_to(database: Database, url: str) -> str | None:
    """The target of the last captured redirect from this canonical URL, None where there is none."""
    last = (
        select(CaptureRow.detail)
        .where(CaptureRow.asked_key == digest_key(url), CaptureRow.outcome == Outcome.REDIRECT.value)
        .order_by(CaptureRow.captured_at.desc(), CaptureRow.id.desc())
    )
    with database.reading() as connection:
        return connection.scalars(last).first()


def _rows(connection: Connection, statement: Select[*tuple[Any, ...]]) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(statement).mappings()]


_OFFSET = (WarcFileRow.name.label("warc_file"), CaptureRow.record_offset.label("warc_offset"))
_ID = CaptureRow.record_id.label("warc_record_id")


_NUMBER = RevisionRow.number
_REVISION = (
    *("content_hash", "first_captured_at", "last_captured_at", "fidelity", "headline", "description", "body"),
    *("word_count", "warnings", "extractor", "changed", "words_added", "words_removed", "modified_at"),
)
_ARTICLE = select(CORPUS).where(CORPUS.c.article_id == bindparam("article_id"))
_REVISIONS = (
    select(_NUMBER.label("revision"), *(getattr(RevisionRow, name) for name in _REVISION))
    .add_columns(CaptureRow.length, *_OFFSET, _ID, CaptureRow.payload_digest)
    .join(ArticleRow, ArticleRow.id == RevisionRow.article)
    .join(CaptureRow, CaptureRow.id == RevisionRow.capture_id)
    .join(WarcFileRow, WarcFileRow.id == CaptureRow.warc_file_id)
    .where(ArticleRow.article_id == bindparam("article_id"))
    .order_by(_NUMBER.is_(None), _NUMBER, RevisionRow.first_captured_at, RevisionRow.content_hash)
)


def _captures_of(id: int) -> Select[*tuple[Any, ...]]:
    columns = (
        *(CaptureRow.captured_at, CaptureRow.url, CaptureRow.http_status, CaptureRow.outcome, CaptureRow.fidelity),
        *(RevisionRow.number.label("revision"), *_OFFSET, CaptureRow.length, _ID, CaptureRow.payload_digest),
        *(
            CaptureRow.extractor,
            CaptureRow.agreement,
            CaptureRow.source,
            CaptureRow.confidence,
            CaptureRow.rights,
            CaptureRow.reading,
            CaptureRow.content_hash,
        ),
    )
    return (
        select(*columns)
        .join(WarcFileRow, WarcFileRow.id == CaptureRow.warc_file_id)
        .join(RevisionRow, shown_revision)
        .where(CaptureRow.article == id)
        .order_by(CaptureRow.captured_at, WarcFileRow.name, CaptureRow.record_offset, CaptureRow.record_id)
    )


def _with_metadata_changes(
    connection: Connection, article: int, captures: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Each capture with `robots_rights`, the signals of the robots.txt then in force, and `metadata_changed`: the
    fields, apart from the text, that differ from the last capture of the same text."""
    several = len({capture["reading"] for capture in captures}) > 1
    results = stored_results_where(connection, CaptureRow.article == article) if several else {}
    articles = {key: result.article or {} for key, result in results.items()}
    last: dict[str, tuple[str, RecordKey]] = {}
    history = RobotsHistory(connection)
    for capture in captures:
        capture["rights"] = capture["rights"] or []
        capture["robots_rights"] = history.at(capture["url"], capture["captured_at"])
        hash, reading = capture["content_hash"], capture.pop("reading")
        key = (capture["warc_file"], capture["warc_offset"], capture["warc_record_id"])
        before, last_key = last.get(hash, (reading, key))
        fields = articles[key] if before != reading else {}
        capture["metadata_changed"] = [name for name in fields if articles[last_key].get(name) != fields[name]]
        last[hash] = (reading, key)
    return captures
