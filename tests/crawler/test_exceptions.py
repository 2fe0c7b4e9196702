"""Control flow with a named reason crosses processes: extraction workers and queues pickle it."""

import pickle

import pytest

from crawler.exceptions import CrawlEnded, RequestSkipped
from crawler.extraction.refusals import PageRefused, RefusalReason


@pytest.mark.parametrize(
    "sent",
    [
        PageRefused(RefusalReason.NO_TEXT),
        PageRefused(RefusalReason.HTTP_ERROR, "503"),
        RequestSkipped("redirect-loop", "https://alanews.it/a/ leads to itself"),
        CrawlEnded("shutdown"),
    ],
    ids=repr,
)
@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_refusals_and_skipped_requests_cross_processes(sent: Exception, protocol: int) -> None:
    received = pickle.loads(pickle.dumps(sent, protocol))
    assert type(received) is type(sent)
    assert str(received) == str(sent)
    assert vars(received) == vars(sent)
