"""The disk under a collection: a small file system of its own where this process may mount one, else a folder.

As root, the torture runs in a mount namespace of its own, so nothing stays mounted whatever happens to it.
"""

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

#: Bytes of a file system that can be filled.
SIZE = 192 * 1024 * 1024
_INSIDE = "TORTURE_NAMESPACE"


def enter_namespace() -> None:
    """As root, run this program again in a mount namespace of its own; where that is refused, go on without mounts."""
    if os.geteuid() or _INSIDE in os.environ or shutil.which("unshare") is None:
        return
    words = ["unshare", "--mount", "--propagation", "private"]
    if subprocess.run([*words, "true"], capture_output=True, check=False).returncode == 0:
        environment = {**os.environ, _INSIDE: "1"}
        os.execvpe("unshare", [*words, sys.executable, "-m", "bench.torture", *sys.argv[1:]], environment)


def may_mount() -> bool:
    """Whether disks can be filled and made read-only."""
    return _INSIDE in os.environ


class Volume:
    """The file system on which a job's collections are. `folder`: where it is."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        self._filler = folder / "filler"
        if may_mount():
            _run("mount", "-t", "tmpfs", "-o", f"size={SIZE}", "torture", str(folder))

    def fill(self, left: int) -> None:
        """Leave so many bytes free, or fewer: somebody else may be writing."""
        with self._filler.open("wb") as file:
            size = 0
            while (more := shutil.disk_usage(self.folder).free - left) > 0:
                try:
                    os.posix_fallocate(file.fileno(), size, more)
                    size += more
                except OSError as problem:  # what was free a moment ago is taken
                    if problem.errno != errno.ENOSPC:
                        raise

    def free(self) -> None:
        """Take away what filled it."""
        self._filler.unlink(missing_ok=True)

    def make_read_only(self, path: Path) -> bool:
        """Nothing below the path can be opened for writing from now on; what is open stays so. False where a file was
        opened in between.
        """
        _run("mount", "--bind", str(path), str(path))
        try:
            _run("mount", "-o", "remount,bind,ro", str(path))
        except subprocess.CalledProcessError:
            self.make_writable(path)
            return False
        return True

    def make_writable(self, path: Path) -> None:
        """Take that back."""
        _run("umount", "--lazy", str(path))

    def close(self) -> None:
        if may_mount():
            _run("umount", "--lazy", str(self.folder))
        shutil.rmtree(self.folder, ignore_errors=True)


def _run(*words: str) -> None:
    subprocess.run(words, check=True, capture_output=True)
