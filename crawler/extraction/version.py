"""Name and version of the extractor, stored with every revision so that `rebuild --diff` can report changes."""

from importlib.metadata import version

EXTRACTOR = f"emeroteca {version('emeroteca')}, trafilatura {version('trafilatura')}"
