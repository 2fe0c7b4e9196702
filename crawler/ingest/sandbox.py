"""Extracts the article of one capture in a process of its own: `python -m crawler.ingest.sandbox SECONDS`.

SECONDS limits its CPU time. The pickled extractor and capture come on standard input, the pickled result goes to
standard output. Exit status 1: nothing can be said of the page (no memory ...). Started by `crawler.ingest.crash_log`.
"""

import os
import pickle
import resource
import sys
from contextlib import suppress
from pathlib import Path

from crawler.ingest.classify import MACHINE_ERRORS, Extract, Extracted, extracted_from, extractor_failure
from crawler.registry import all_sites
from storage.warc.http.capture import Capture


def main() -> None:
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a page object prints is no result
    _, hard_limit = resource.getrlimit(resource.RLIMIT_CPU)
    seconds = int(sys.argv[1])
    soft_limit = seconds if hard_limit == resource.RLIM_INFINITY else min(seconds, hard_limit)
    resource.setrlimit(resource.RLIMIT_CPU, (soft_limit, hard_limit))
    with suppress(OSError):  # where memory is short, Linux kills this process and no other
        Path("/proc/self/oom_score_adj").write_text("1000")
    all_sites()
    with output:
        pickle.dump(_extracted(*pickle.load(sys.stdin.buffer)), output)


def _extracted(extractor: Extract, capture: Capture) -> Extracted:
    try:
        return extracted_from(capture, extractor)
    except MACHINE_ERRORS:
        raise
    except Exception as problem:
        refused = extractor_failure(problem)
        return refused.reason, refused.detail


if __name__ == "__main__":
    main()
