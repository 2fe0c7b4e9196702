"""The log file of a site's crawls and imports."""

import logging
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path


def keep_log(path: Path) -> None:
    """Has the log's details written to the file; a log that cannot be written is no reason to end a crawl."""
    logging.raiseExceptions = False
    with suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=10_000_000, backupCount=1, encoding="utf-8", delay=True)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        handler.setLevel(logging.INFO)
        logging.getLogger().addHandler(handler)
