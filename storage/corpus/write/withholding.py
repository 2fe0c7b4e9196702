"""Articles that are not shown, exported, searched or packed, until that is lifted; an embargo ends by itself.

The bytes in the WARC files and all rows stay as they are. `articles.withheld` names the withholding of an article: the
views and the search leave such articles out, and the change feed says that they are gone. Called by the command
`withhold`, and by storage.corpus.write.batch for what is captured later.
"""

from collections.abc import Collection
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Select, func, insert, or_, select, text, update

from storage.corpus.db.bulk import BulkWriter, in_keys
from storage.corpus.db.database import Database
from storage.corpus.db.sanitise import sanitise
from storage.corpus.db.tables import ArticleRow, WithholdingRow
from storage.corpus.write import change_feed
from storage.corpus.write.capture_result import CaptureResult
from storage.corpus.write.identity import article_id
from storage.corpus.write.targets import Target, TargetKind, TargetMatcher, matching_articles


def withhold(
    database: Database, target: Target, *, reason: str, by_right: str | None = None, until: date | None = None
) -> tuple[int, int]:
    """Withhold the articles of a target, those that are captured later too.

    reason, by_right: why, and by what right, as text. until: the last day of an embargo, UTC; None: until it is lifted.
    Returns the number of the withholding, and how many articles it is the first to withhold. Raises CorpusError.
    """
    row = {"kind": target.kind.value, "value": sanitise(target.value), "reason": sanitise(reason)}
    row |= {"by_right": sanitise(by_right), "until": until, "placed_at": datetime.now(UTC)}  # type: ignore[dict-item]
    with database.writing() as connection:
        exclude_writers(connection)
        number: int = connection.execute(insert(WithholdingRow).returning(WithholdingRow.id), row).scalar_one()
        apply(connection)
        count = select(func.count()).where(ArticleRow.withheld == number)
        return number, int(connection.execute(count).scalar_one())


def lift(database: Database, number: int) -> int | None:
    """Lift a withholding. Returns how many articles are shown again, None where no such withholding is in force.
    Raises CorpusError.
    """
    with database.writing() as connection:
        exclude_writers(connection)
        before = _withheld(connection)
        lifted = update(WithholdingRow).where(WithholdingRow.id == number, WithholdingRow.lifted_at.is_(None))
        if not connection.execute(lifted.values(lifted_at=datetime.now(UTC))).rowcount:
            return None
        apply(connection)
        return before - _withheld(connection)


def end_embargoes(database: Database) -> int:
    """Lift the withholdings whose last day is over; returns how many. Writes nothing where there are none. Raises
    CorpusError.
    """
    ended = WithholdingRow.lifted_at.is_(None) & (WithholdingRow.until < _today())
    with database.reading() as connection:
        if not connection.execute(select(func.count()).where(ended)).scalar_one():
            return 0
    with database.writing() as connection:
        exclude_writers(connection)
        count: int = connection.execute(
            update(WithholdingRow).where(ended).values(lifted_at=datetime.now(UTC))
        ).rowcount
        apply(connection)
        return count


def withholdings(database: Database, *, lifted: bool = False) -> list[dict[str, Any]]:
    """The withholdings in force, with the number of articles that each withholds; lifted: also those of the past, with
    none. Of an article under several the oldest counts. Raises CorpusError.
    """
    count = select(func.count()).where(ArticleRow.withheld == WithholdingRow.id).scalar_subquery()
    statement = select(WithholdingRow.__table__, count.label("articles")).order_by(WithholdingRow.id)
    if not lifted:
        statement = statement.where(_in_force())
    with database.reading() as connection:
        return [dict(row) for row in connection.execute(statement).mappings()]


def matcher_in_force(connection: Connection) -> TargetMatcher | None:
    """Matches the targets of withholdings in force; None where there are none."""
    rows = connection.execute(select(WithholdingRow.id, WithholdingRow.kind, WithholdingRow.value).where(_in_force()))
    targets = {row.id: Target(TargetKind(row.kind), row.value) for row in rows}
    return TargetMatcher(targets) if targets else None


def is_withheld(result: CaptureResult, matcher: TargetMatcher | None) -> bool:
    """Whether the article of a result is one that targets mean, before it is stored."""
    article = result.article
    if matcher is None or article is None:
        return False
    urls = (result.url, result.asked_url, article.url, article.canonical_url)
    numbers = [*map(matcher.of_url, urls), *map(matcher.of_author, article.authors)]
    numbers.append(matcher.of_article(article_id(article, result.url)))
    return any(number is not None for number in numbers)


def apply(connection: Connection, within: Collection[int] | None = None) -> None:
    """Set `articles.withheld` as the withholdings in force say, and tell the change feed.

    within: row ids of articles that have new captures; None for all articles.
    """
    matcher = matcher_in_force(connection)
    if matcher is None and within is not None:
        return
    due = matching_articles(connection, matcher, within) if matcher else {}
    statement: Select[*tuple[Any, ...]] = select(ArticleRow.id, ArticleRow.withheld)
    condition = ArticleRow.withheld.is_not(None)
    statement = statement.where(condition if within is None else in_keys(connection, ArticleRow.id, within))
    before = {row.id: row.withheld for row in connection.execute(statement)}
    changed = sorted(id for id in before.keys() | due.keys() if before.get(id) != due.get(id))
    if changed:
        position = change_feed.take_position(connection)
        rows = [{"id": id, "withheld": due.get(id), "change": position} for id in changed]
        BulkWriter(connection).update(ArticleRow, rows)


def _withheld(connection: Connection) -> int:
    return int(connection.execute(select(func.count()).where(ArticleRow.withheld.is_not(None))).scalar_one())


def _in_force() -> Any:
    is_current = or_(WithholdingRow.until.is_(None), WithholdingRow.until >= _today())
    return WithholdingRow.lifted_at.is_(None) & is_current


def _today() -> date:
    return datetime.now(UTC).date()


def exclude_writers(connection: Connection) -> None:
    """Wait for writers under way, which cannot see the withholding, and have later ones wait. On SQLite there is one
    writer at a time.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE captures IN SHARE ROW EXCLUSIVE MODE"))
