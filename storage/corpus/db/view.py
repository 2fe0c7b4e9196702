"""The views: `corpus`, one row an article, its newest revision; `revisions_all`, one row a revision.

Both have the names of the article's JSON, and no article that is withheld. The migrations create them; exports and
queries select from CORPUS.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, Date, Integer, MetaData, Table, Text

from storage.corpus.db.types import Ordered, UtcDateTime

#: The view as a table to select from; in a MetaData of its own, since `Base.metadata` is what migrations create.
CORPUS = Table(
    "corpus",
    MetaData(),
    Column("url", Text, doc="where the capture shown was fetched, as the site spells it"),
    Column("canonical_url", Text, doc="the article's own address, as its best capture says"),
    Column("site", Text, doc="the site's name"),
    Column("native_id", Text, doc="the site's own id of the article"),
    Column("language", Text, doc="as the page says"),
    Column("headline", Text, doc="headline"),
    Column("alternative_headline", Text, doc="a second headline: for search engines or lists"),
    Column("description", Text, doc="the lede"),
    Column("section", Text, doc="the section, as printed"),
    Column("authors", JSON, doc="names as printed, in order"),
    Column("keywords", JSON, doc="keywords as printed, in order"),
    Column("published_at", UtcDateTime, doc="instant of publication, UTC; null where only the day is known"),
    Column("published_at_local", Text, doc="the same as the page states it, ISO 8601 with the source's offset"),
    Column("modified_at", UtcDateTime, doc="instant of the last change that the page claims, UTC"),
    Column("modified_at_local", Text, doc="the same as the page states it, ISO 8601 with the source's offset"),
    Column("published_date", Date, doc="day of publication in the site's zone"),
    Column("dates", JSON, doc="what each place of the page says of each date: field, raw, value, source, precision"),
    Column("body", Text, doc="the text, blocks joined by a blank line, without captions and embeds"),
    Column(
        "blocks",
        JSON,
        doc="the text in order: type, text; level of a heading, cite of a quote, items of a list, url of an embed",
    ),
    Column("images", JSON, doc="url, caption, credit"),
    Column("links", JSON, doc="absolute URLs of the body's links, each once"),
    Column("word_count", Integer, doc="words of the body, split at white space"),
    Column("fidelity", Text, doc="html, or text for a flattened dump"),
    Column("warnings", JSON, doc="short names of what was lost or doubtful in reading"),
    Column("article_id", Ordered, doc="digest of (site, native id, else canonical URL): the same in every corpus"),
    Column("revision", Integer, doc="number of the revision shown, from 1: the newest"),
    Column("revisions", Integer, doc="how many revisions there are"),
    Column("content_hash", Text, doc="SHA-256 of the normalised text"),
    Column("first_captured_at", UtcDateTime, doc="first capture of this text, UTC"),
    Column("last_captured_at", UtcDateTime, doc="last capture of this text, UTC"),
    Column("warc_file", Text, doc="bare name of the WARC file with the capture shown"),
    Column("warc_offset", Integer, doc="bytes from the start of that file to the record"),
    Column("warc_record_id", Text, doc="WARC-Record-ID of the record"),
    Column("payload_digest", Text, doc="sha1: and base32, as Wayback and Common Crawl index it"),
    Column("extractor", Text, doc="program and version that read the capture"),
    Column("witnesses", Integer, doc="how many sources have this text: the site itself, web archives, kept texts"),
    Column("rights", JSON, doc="what the capture shown said about reuse: signal, value, source"),
)

#: The documentation of each column, in their order.
MEANING: dict[str, str] = {column.name: column.doc or "" for column in CORPUS.columns}

#: The views, and the revisions in each.
_REVISIONS = {"corpus": "r.article = a.id AND r.number = a.revision_count", "revisions_all": "r.article = a.id"}

_SQL = """
CREATE VIEW {view} AS
SELECT
    r.url, a.canonical_url, a.site, a.native_id, r.language,
    r.headline, r.alternative_headline, r.description, r.section,
    (SELECT {array}n.name{end} FROM (
        SELECT t.name FROM revision_authors l JOIN authors t ON t.id = l.author_id
        WHERE l.revision_id = r.id ORDER BY l.position) n) AS authors,
    (SELECT {array}n.name{end} FROM (
        SELECT t.name FROM revision_keywords l JOIN keywords t ON t.id = l.keyword_id
        WHERE l.revision_id = r.id ORDER BY l.position) n) AS keywords,
    r.published_utc AS published_at, r.published_at AS published_at_local,
    r.modified_utc AS modified_at, r.modified_at AS modified_at_local, r.published_date, r.dates, r.body, r.blocks,
    (SELECT {array}{object}('url', i.url, 'caption', i.caption, 'credit', i.credit){end} FROM (
        SELECT m.url, m.caption, m.credit FROM images m
        WHERE m.revision_id = r.id ORDER BY m.position) i) AS images,
    r.links, r.word_count, r.fidelity, r.warnings,
    a.article_id, r.number AS revision, a.revision_count AS revisions, r.content_hash,
    r.first_captured_at, r.last_captured_at,
    f.name AS warc_file, c.record_offset AS warc_offset, c.record_id AS warc_record_id,
    c.payload_digest, r.extractor,
    (SELECT count(DISTINCT coalesce(w.source, '')) FROM captures w
        WHERE w.article = a.id AND w.content_hash = r.content_hash) AS witnesses,
    coalesce(c.rights, {none}) AS rights
FROM articles a
JOIN revisions r ON {revisions}
JOIN captures c ON c.id = r.capture_id
JOIN warc_files f ON f.id = c.warc_file_id
WHERE a.withheld IS NULL
"""


def create_view(dialect: str, view: str = "corpus") -> str:
    """The statement that creates `corpus` or `revisions_all` on `sqlite` or `postgresql`."""
    if dialect == "sqlite":
        words = {"array": "json_group_array(", "end": ")", "object": "json_object", "none": "'[]'"}
    else:
        words = {
            "array": "coalesce(json_agg(",
            "end": "), CAST('[]' AS json))",
            "object": "json_build_object",
            "none": "CAST('[]' AS json)",
        }
    return _SQL.format(view=view, revisions=_REVISIONS[view], **words).strip()


def article_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as the article's JSON: days and instants as ISO 8601, `published_at` and `modified_at` as the page states
    them, with its offset.
    """
    local = {name: row[f"{name}_local"] for name in ("published_at", "modified_at")}
    shown = {name: value for name, value in row.items() if not name.endswith("_local")} | local
    return {name: value.isoformat() if isinstance(value, date | datetime) else value for name, value in shown.items()}
