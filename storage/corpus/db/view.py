"""The view `corpus`: one row an article, its newest revision, under the names of the article's JSON."""

from sqlalchemy import JSON, Column, Date, Integer, MetaData, Table, Text

from storage.corpus.db.types import Ordered, UtcDateTime

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

#: What the columns mean, in their order.
MEANING: dict[str, str] = {
    "url": "where the capture shown was fetched, as the site spells it",
    "canonical_url": "the article's own address, as its best capture says",
    "site": "the site's name",
    "native_id": "the site's own id of the article",
    "language": "as the page says",
    "headline": "headline",
    "alternative_headline": "a second headline: for search engines or lists",
    "description": "the lede",
    "section": "the section, as printed",
    "authors": "names as printed, in order",
    "keywords": "keywords as printed, in order",
    "published_at": "instant of publication, ISO 8601 with the source's offset; null where only the day is known",
    "modified_at": "instant of the last change that the page claims, likewise",
    "published_date": "day of publication in the site's zone",
    "dates": "what each place of the page says of each date: field, raw, value, source, precision",
    "body": "the text, blocks joined by a blank line, without captions and embeds",
    "blocks": "the text in order: type, text; level of a heading, cite of a quote, items of a list, url of an embed",
    "images": "url, caption, credit",
    "links": "absolute URLs of the body's links, each once",
    "word_count": "words of the body, split at white space",
    "fidelity": "html, or text for a flattened dump",
    "warnings": "short names of what was lost or doubtful in reading",
    "article_id": "digest of (site, native id, else canonical URL): the same in every corpus",
    "revision": "number of the revision shown, from 1: the newest",
    "revisions": "how many revisions there are",
    "content_hash": "SHA-256 of the normalised text",
    "first_captured_at": "first capture of this text, UTC",
    "last_captured_at": "last capture of this text, UTC",
    "warc_file": "bare name of the WARC file with the capture shown",
    "warc_offset": "bytes from the start of that file to the record",
    "warc_record_id": "WARC-Record-ID of the record",
    "payload_digest": "sha1: and base32, as Wayback and Common Crawl index it",
    "extractor": "program and version that read the capture",
}

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
