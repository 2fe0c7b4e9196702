"""Writing a small file so that readers, and a kill, see the old one or the new one whole."""

import os
from collections.abc import Iterable
from pathlib import Path

from storage.exceptions import WriteFailed
from storage.warc.open_file import sync_folder


def replace_file(path: Path, parts: Iterable[bytes]) -> None:
    """Write the parts as a file, durably, in place of the one that is there. Its folder is made. Raises WriteFailed."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with unfinished.open("wb") as file:
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
        sync_folder(path.parent)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise WriteFailed(error.errno, f"cannot write: {error.strerror}", str(path)) from error
