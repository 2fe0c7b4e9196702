"""The one failure of writing that everybody above must handle."""


class WriteFailed(OSError):
    """A capture could not be made durable: the disk is full, or does not answer. No trace of it is in the file."""
