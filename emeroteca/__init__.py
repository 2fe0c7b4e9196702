"""Emeroteca from Python: articles of pages, captures of web archives, and the corpus of a collection.

    import emeroteca

    article = emeroteca.extract(html, "https://alanews.it/cronaca/festa-in-piazza/")
    for capture in emeroteca.read_captures("archive/warc"):
        print(capture.captured_at, capture.status, capture.url)
    with emeroteca.Collection.open("archive") as collection:
        for row in collection.articles(site="alanews"):
            print(row["published_date"], row["headline"])

docs/api.md explains it with examples. A thin front: the commands call the same functions.
"""

from crawler.extraction.refusals import PageRefused
from emeroteca.captures import read_captures
from emeroteca.collection import ArticleRow, Collection
from emeroteca.pages import extract, extract_capture
from storage.article import Article, Block, DateClaim, Image
from storage.exceptions import EmerotecaError
from storage.warc.http.capture import Capture

__all__ = [
    "Article",
    "ArticleRow",
    "Block",
    "Capture",
    "Collection",
    "DateClaim",
    "EmerotecaError",
    "Image",
    "PageRefused",
    "extract",
    "extract_capture",
    "read_captures",
]
