"""The log as JSON: with `--log-format json` every line on standard error is one event.

Log records, messages of commands, progress, warnings and uncaught errors become objects with `time` (UTC), `level`,
`event` and `message`. Further fields have the names of the metrics and labels of crawler.operations.metrics.
"""

import io
import json
import logging
import os
import sys
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from types import TracebackType
from typing import Any, Final, TextIO

from storage.display import displayed

#: Child processes log in the format of their parent.
VARIABLE: Final = "EMEROTECA_LOG_FORMAT"


class JsonLog(io.TextIOBase):
    """Standard error: a line of text that is written to it becomes an event."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._unfinished = ""

    def event(self, event: str, message: str, level: str = "info", **fields: Any) -> None:
        time = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = json.dumps(
            {"time": time, "level": level, "event": event, "message": message.strip(), **fields}, default=str
        )
        self._stream.write(f"{line}\n")
        self._stream.flush()

    def write(self, text: str) -> int:
        *lines, self._unfinished = (self._unfinished + text).split("\n")
        for line in filter(None, map(str.strip, lines)):
            self.event("message", line)
        return len(text)

    def flush(self) -> None:
        self._stream.flush()

    def fileno(self) -> int:
        return self._stream.fileno()


class _DisplayedRecord(logging.LogRecord):
    """A record whose message, which may be a server's, neither commands a terminal nor passes for another record."""

    def getMessage(self) -> str:  # noqa: N802  logging's name
        return displayed(super().getMessage()).replace("\n", "\n  ")


def display_records() -> None:
    """Has all log records of this process from now on written as they may be shown."""
    logging.setLogRecordFactory(_DisplayedRecord)


class _JsonHandler(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        fields = {"logger": record.name}
        if record.exc_info:
            fields["exception"] = "".join(traceback.format_exception(*record.exc_info))
        report("log", record.getMessage(), record.levelname.lower(), **fields)


def start_json_log(arguments: Sequence[str] = ()) -> None:
    """Turns standard error into a JsonLog where the arguments of the command line, or the environment, say so."""
    words = ("--log-format", "json")
    if words not in pairwise(arguments) and "=".join(words) not in arguments and os.environ.get(VARIABLE) != "json":
        return
    os.environ[VARIABLE] = "json"
    sys.stderr = JsonLog(sys.stderr)
    sys.excepthook = _report_uncaught
    logging.basicConfig(handlers=[_JsonHandler()], force=True)
    logging.captureWarnings(True)


def print_line(line: object, *, is_data: bool = True) -> None:
    """Print a line for people as it may be shown, on standard output, or where it is no data on standard error."""
    print(displayed(line), file=sys.stdout if is_data else sys.stderr)


def is_json() -> bool:
    return isinstance(sys.stderr, JsonLog)


def report(event: str, message: str, level: str = "info", **fields: Any) -> None:
    """A line on standard error: the message, or in a JsonLog the event with its fields."""
    if isinstance(sys.stderr, JsonLog):
        sys.stderr.event(event, message, level, **fields)
    else:
        print(displayed(message), file=sys.stderr, flush=True)


def _report_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    lines = traceback.format_exception(kind, error, trace)
    report("error", lines[-1].strip(), "critical", exception="".join(lines))
