"""Registers sealed WARC files: adds their lines to the CDXJ index, the checksums of their records beside them, and then
their SHA-256 to the manifest.

The manifest comes last, so a file on the manifest is in the index, and any other is registered again. Called by
`crawler.ingest.file_registration` for files of crawls and recoveries, and by the commands.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from storage.warc.index.cdxj import CdxjEntry, entries_in
from storage.warc.index.cdxj_store import CdxjStore
from storage.warc.index.checksums import Checksums
from storage.warc.index.external_sort import ExternalSorter
from storage.warc.index.manifest import Manifest, exclusive_lock, sha256_of

SEALED_SUFFIXES = (".warc", ".warc.gz", ".warc.zst", ".arc", ".arc.gz")


@dataclass(frozen=True, slots=True)
class RegisteredFile:
    """A sealed file: bare name, size in bytes, SHA-256 in hexadecimal."""

    name: str
    size: int
    sha256: str


class WarcFileRegistry:
    """Index and manifest of a folder of WARC files. Every method raises WriteFailed where the disk takes no more.

    warc: the folder of the WARC files and their manifest. index: the folder of the CDXJ index.
    """

    def __init__(self, warc: Path, index: Path) -> None:
        self.warc = warc
        self.manifest = Manifest(warc)
        self.checksums = Checksums(warc)
        self.index = CdxjStore(index)

    def register(self, path: Path, lines: Iterable[bytes] | None = None) -> RegisteredFile:
        """Add a sealed file to index and manifest. lines: its sorted index lines; without them the file is read.

        A file on the manifest keeps its first SHA-256.
        """
        sha256 = sha256_of(path)
        with ExternalSorter() as sorter:
            if lines is None:
                for entry in entries_in(path):
                    sorter.add(entry.line())
                lines = sorter.sorted()
            with exclusive_lock(self.index.folder):
                self.index.add(path.name, lines)
                if self._may_list(path.name, sha256):
                    self.checksums.write(path.name)
                sealed_as = self.manifest.add(path.name, sha256)
        return RegisteredFile(path.name, path.stat().st_size, sealed_as)

    def _may_list(self, name: str, sha256: str) -> bool:
        """Whether the records of a file with this SHA-256 are those that were sealed."""
        return self.manifest.digests().get(name, sha256) == sha256

    def sealed_files(self) -> list[Path]:
        """The sealed files, by name."""
        return sorted(path for path in self.warc.glob("*") if path.name.endswith(SEALED_SUFFIXES) and path.is_file())

    def unregistered_files(self) -> list[Path]:
        """The sealed files that are not registered: all of them where the index is missing."""
        known = self.manifest.digests() if self.index.files() else {}
        return [path for path in self.sealed_files() if path.name not in known]

    def replace_files(self, digests: Mapping[str, str | None]) -> None:
        """Put the SHA-256 of rewritten files on the manifest, and their lines and checksums in place of the old ones.

        digests: by file name; None for a file that is gone. Doing it again changes nothing.
        """
        with exclusive_lock(self.index.folder), ExternalSorter() as sorter:
            for line in self.index.lines():
                entry = CdxjEntry.of_record(line)
                if entry is None or entry.file not in digests:  # a damaged line is left for `emeroteca verify`
                    sorter.add(line)
            for name, digest in digests.items():
                for entry in entries_in(self.warc / name) if digest else ():
                    sorter.add(entry.line())
                if digest:
                    self.checksums.write(name)
                else:
                    self.checksums.remove(name)
            self.index.replace(sorter.sorted())
            self.manifest.replace(digests)

    def rebuild_index(self) -> int:
        """Make the index again from the WARC files, and the checksums of those that have not changed since they were
        sealed; register those that are not on the manifest. Returns the number of entries.
        """
        count = 0
        with exclusive_lock(self.index.folder), ExternalSorter() as sorter:
            for path in self.sealed_files():
                for entry in entries_in(path):
                    sorter.add(entry.line())
                    count += 1
            self.index.replace(sorter.sorted())
            for path in self.sealed_files():
                sha256 = sha256_of(path)
                if self._may_list(path.name, sha256):
                    self.checksums.write(path.name)
                self.manifest.add(path.name, sha256)
        return count
