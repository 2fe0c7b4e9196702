"""Whether there are file handles enough to begin: event loops that get none log tracebacks, or never end."""

import os
from contextlib import ExitStack

#: What a crawl opens in its first moments: pipes, database, index, log, WARC file, connections.
NEEDED = 24


def check_file_handles() -> None:
    """Raises OSError where fewer than NEEDED are left."""
    with ExitStack() as stack:
        for _ in range(NEEDED):
            stack.callback(os.close, os.dup(2))
