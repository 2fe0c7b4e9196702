"""The view `corpus`: one row an article, its newest revision, under the names of the article's JSON."""

from sqlalchemy import JSON, Column, Date, Integer, MetaData, Table, Text

from storage.corpus.types import Ordered, UtcDateTime

#: The view as a table to select from; in a MetaData of its own, since it is not to be created as a table.
CORPUS = Table(
    "corpus",
    MetaData(),
    *(Column(name, Text) for name in ("url", "canonical_url", "site", "native_id", "language")),
    *(Column(name, Text) for name in ("headline", "alternative_headline", "description", "section")),
    *(Column(name, JSON) for name in ("authors", "keywords")),
    *(Column(name, Text) for name in ("published_at", "modified_at")),
    Column("published_date", Date),
    Column("dates", JSON),
    Column("body", Text),
    *(Column(name, JSON) for name in ("blocks", "images", "links")),
    Column("word_count", Integer),
    Column("fidelity", Text),
    Column("warnings", JSON),
    Column("article_id", Ordered),
    *(Column(name, Integer) for name in ("revision", "revisions")),
    Column("content_hash", Text),
    *(Column(name, UtcDateTime) for name in ("first_captured_at", "last_captured_at")),
    Column("warc_file", Text),
    Column("warc_offset", Integer),
    *(Column(name, Text) for name in ("warc_record_id", "payload_digest", "extractor")),
)

_SQL = """
CREATE VIEW corpus AS
SELECT
    r.url, a.canonical_url, a.site, a.native_id, r.language,
    r.headline, r.alternative_headline, r.description, r.section,
    (SELECT {array}n.name{end} FROM (
        SELECT t.name FROM revision_authors l JOIN authors t ON t.id = l.author_id
        WHERE l.revision_id = r.id ORDER BY l.position) n) AS authors,
    (SELECT {array}n.name{end} FROM (
        SELECT t.name FROM revision_keywords l JOIN keywords t ON t.id = l.keyword_id
        WHERE l.revision_id = r.id ORDER BY l.position) n) AS keywords,
    r.published_at, r.modified_at, r.published_date, r.dates, r.body, r.blocks,
    (SELECT {array}{object}('url', i.url, 'caption', i.caption, 'credit', i.credit){end} FROM (
        SELECT m.url, m.caption, m.credit FROM images m
        WHERE m.revision_id = r.id ORDER BY m.position) i) AS images,
    r.links, r.word_count, r.fidelity, r.warnings,
    a.article_id, r.number AS revision, a.revision_count AS revisions, r.content_hash,
    r.first_captured_at, r.last_captured_at,
    f.name AS warc_file, c.record_offset AS warc_offset, c.record_id AS warc_record_id,
    c.payload_digest, r.extractor
FROM articles a
JOIN revisions r ON r.article = a.id AND r.number = a.revision_count
JOIN captures c ON c.id = r.capture_id
JOIN warc_files f ON f.id = c.warc_file_id
"""


def create_view(dialect: str) -> str:
    """The statement that creates the view on `sqlite` or `postgresql`."""
    if dialect == "sqlite":
        words = {"array": "json_group_array(", "end": ")", "object": "json_object"}
    else:
        words = {
            "array": "coalesce(json_agg(",
            "end": "), CAST('[]' AS json))",
            "object": "json_build_object",
        }
    return _SQL.format(**words).strip()
