"""The captures of web archives."""

import os
from collections.abc import Iterator

from storage.warc.http.capture import Capture
from storage.warc.read.reader import captures_of
from storage.warc.read.source import find_sources


def read_captures(path: str | os.PathLike[str]) -> Iterator[Capture]:
    """The response, revisit and resource records of archives, in order, at flat memory.

    path: a WARC or ARC file (plain, gzip, zstd), a WACZ, a folder or a glob of them, or a URL (extra `remote`). A
    record that cannot be read is left out: `emeroteca verify` names it. Raises SourceNotFound.
    """
    for source in find_sources([os.fspath(path)]):
        yield from captures_of(source)
