"""Which program read an article: kept with every revision, so that an upgrade can say what it would change."""

from importlib.metadata import version

EXTRACTOR = f"emeroteca {version('emeroteca')}, trafilatura {version('trafilatura')}"
