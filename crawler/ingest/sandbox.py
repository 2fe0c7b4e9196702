"""Reads one capture in a process of its own, which may die of it: `python -m crawler.ingest.sandbox SECONDS`, of CPU.

The pickled capture comes on standard input, the pickled answer goes to standard output.
"""

import os
import pickle
import resource
import sys
from contextlib import suppress
from pathlib import Path

from crawler.extraction.refusals import PageRefused, RefusalReason
from crawler.ingest.classify import extract_article, failure
from crawler.registry import all_sites
from storage.article import Article
from storage.warc.http.capture import Capture

Answer = Article | tuple[RefusalReason, str]


def main() -> None:
    to = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a page object prints is no answer
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    seconds = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds if most == resource.RLIM_INFINITY else min(seconds, most), most))
    with suppress(OSError):  # where memory ends, Linux ends this process and no other
        Path("/proc/self/oom_score_adj").write_text("1000")
    all_sites()
    answer = _answer(pickle.load(sys.stdin.buffer))
    with to:
        pickle.dump(answer, to)


def _answer(capture: Capture) -> Answer:
    try:
        return extract_article(capture)
    except PageRefused as refused:
        return refused.reason, refused.detail
    except Exception as problem:
        failed = failure(problem)
        return failed.reason, failed.detail


if __name__ == "__main__":
    main()
