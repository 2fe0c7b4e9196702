"""Shows the progress of a rebuild on standard error; used by crawler.cli.rebuild."""

from datetime import timedelta

from crawler.ingest.report import IngestReport
from crawler.progress_bar import ProgressBar


class RebuildProgress(ProgressBar):
    """Captures, their rate, and the time left, by the bytes read."""

    def __init__(self) -> None:
        super().__init__("rebuild")
        self._total = 0

    def begin(self, total: int) -> None:
        """total: bytes to read."""
        self._total = total
        self.start(total or None)

    def show(self, report: IngestReport) -> None:
        text = f"{report.captures} captures, {report.taken['article']} articles, {report.captures / self.seconds:.0f}/s"
        if report.bytes and self._total:
            left = max(0.0, self.seconds * (self._total - report.bytes) / report.bytes)
            text += f", {report.bytes / self._total:.0%}, {timedelta(seconds=round(left))} left"
        self.update(text, report.bytes)
