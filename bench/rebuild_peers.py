"""Cost of the WARC readers of other programs for a file; `bench.rebuild` runs it with a Python that has them.

    python bench/rebuild_peers.py fundus|news-please FILE

Prints a line of JSON: captures, articles, seconds of CPU without imports. Imports nothing of this project.
"""

import json
import logging
import sys
import threading
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format, *args):
        pass


def fundus(path):
    """Fundus' CC-NEWS source accepts URLs only, and selects the pages of its own publishers."""
    from fundus import PublisherCollection
    from fundus.scraping.html import CCNewsSource
    from fundus.scraping.scraper import CCNewsScraper

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=Path(path).parent))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/{Path(path).name}"
    publishers = list(PublisherCollection)

    def read():
        scraper = CCNewsScraper(CCNewsSource(*publishers, warc_path=url))
        return sum(1 for _ in scraper.scrape("suppress"))

    return read


def news_please(path):
    from newsplease import NewsPlease
    from warcio.archiveiterator import ArchiveIterator

    def read():
        articles = 0
        with Path(path).open("rb") as stream:
            for record in ArchiveIterator(stream):
                if record.rec_type == "response":
                    article = NewsPlease.from_warc(record, fetch_images=False)
                    articles += bool(article is not None and article.maintext)
        return articles

    return read


def main():
    logging.disable(logging.CRITICAL)
    read = {"fundus": fundus, "news-please": news_please}[sys.argv[1]](sys.argv[2])
    began = time.process_time()
    articles = read()
    print(json.dumps({"articles": articles, "cpu": time.process_time() - began}))


if __name__ == "__main__":
    main()
