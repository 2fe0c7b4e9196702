"""The commands that are tortured."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bench.torture.arena import Arena
from bench.torture.steps import (
    LOST,
    Facts,
    a_collection,
    a_feed,
    an_export,
    archives_elsewhere,
    crawl,
    crawl_more,
    crawled_after_all,
    downgrade,
    drop_rows,
    due_again,
    erase_words,
    erased,
    export_whole,
    export_words,
    feed_whole,
    feed_words,
    go_on,
    held_is_there,
    is_withheld,
    look,
    migrated,
    nothing_left,
    package_whole,
    package_words,
    same_texts,
    scheduled,
    schema_lost,
    start_anew,
    still_later,
    texts,
    texts_are_there,
    to_erase,
    to_migrate,
    truth_holds,
    upgrade,
    upgraded,
    withheld,
    withhold_words,
    without_rows,
    worker_ends,
)

REBUILD = ("rebuild", "--jobs", "2")
TEXT_FIELDS = ("--text-field", "text", "--url-field", "url", "--date-field", "date")


@dataclass(frozen=True)
class Work:
    """A command under torture.

    words: of the command, from what `prepare` returned. begin: the collection it begins with, `empty` or `crawled`.
    renew: gives it work again, where it was completed in spite of a fault and more faults are to come.
    finish: completes it undisturbed, as a user would after a fault. check: what is wrong in the end. changes, seconds:
    moments are drawn up to these. changes_again: instead, where it was completed before and makes fewer. loses: whether
    it takes records or rows away on purpose.
    """

    name: str
    words: Callable[[Arena, Facts], Sequence[str]]
    begin: str = "crawled"
    prepare: Callable[[Arena], Facts] = lambda arena: {}
    finish: Callable[[Arena, Facts, Sequence[str]], object] | None = None
    check: Callable[[Arena, Facts], Iterator[str]] = lambda arena, facts: iter(())
    renew: Callable[[Arena, Facts], object] = lambda arena, facts: None
    accepted: tuple[int, ...] = (0,)
    changes: int = 60
    changes_again: int = 0
    seconds: float = 1.5
    loses: bool = False
    reads_only: bool = False
    needs: frozenset[str] = frozenset()


WORKS = (
    Work("crawl", crawl, "empty", check=truth_holds, renew=still_later, changes=220, changes_again=135, seconds=1.5),
    Work("crawl again", crawl, prepare=go_on, check=truth_holds, renew=still_later, changes=110, seconds=2),
    Work(
        "crawl with requisites", lambda arena, facts: (*crawl(arena, facts), "--requisites"), "empty",
        check=truth_holds, renew=still_later, changes=240, changes_again=115, seconds=2,
    ),
    Work(
        "rebuild", lambda arena, facts: REBUILD, prepare=without_rows, check=same_texts, renew=drop_rows, changes=140,
    ),
    Work(
        "rebuild of archives elsewhere", lambda arena, facts: (*REBUILD, facts["folder"]),
        prepare=archives_elsewhere, check=same_texts, renew=drop_rows, changes=140, seconds=1.5,
    ),
    Work(
        "import wayback", lambda arena, facts: ("import", "wayback", LOST), "empty", check=held_is_there("wayback"),
        renew=start_anew, changes=280, seconds=2, accepted=(0, 1),
    ),
    Work(
        "import commoncrawl", lambda arena, facts: ("import", "commoncrawl", LOST, "--cdx"), "empty",
        check=held_is_there("commoncrawl"), renew=start_anew, changes=290, seconds=1.8, accepted=(0, 1),
    ),
    Work(
        "import ccnews", lambda arena, facts: ("import", "ccnews", LOST, "--since", "2019-01-01"), "empty",
        check=held_is_there("ccnews"), renew=start_anew, changes=220, seconds=2, accepted=(0, 1),
    ),
    Work(
        "import text",
        lambda arena, facts: ("import", "text", facts["path"], *TEXT_FIELDS),
        "empty", prepare=texts, check=texts_are_there, renew=start_anew, changes=190, seconds=0.6,
    ),
    Work("export", export_words, prepare=an_export, check=export_whole, changes=20, seconds=0.3),
    Work("export of the feed", feed_words, prepare=a_feed, check=feed_whole, renew=crawl_more, changes=26, seconds=0.4),
    Work("package", package_words, check=package_whole, changes=17, seconds=0.4),
    Work(
        "db downgrade", lambda arena, facts: ("db", "downgrade", facts["version"]), prepare=to_migrate, finish=migrated,
        check=same_texts, renew=upgrade, changes=38, seconds=0.4, loses=True,
    ),
    Work(
        "db upgrade", lambda arena, facts: ("db", "upgrade"), prepare=schema_lost, finish=upgraded,
        check=same_texts, renew=downgrade, changes=30, seconds=0.3, loses=True,
    ),
    Work(
        "erase", erase_words, prepare=to_erase, finish=erased, check=nothing_left, changes=140, seconds=0.5,
        loses=True,
    ),
    Work("withhold", withhold_words, prepare=withheld, check=is_withheld, changes=17, seconds=0.3),
    Work(
        "schedule run", lambda arena, facts: ("schedule", "run", "--once"), prepare=scheduled,
        finish=crawled_after_all, check=truth_holds, renew=due_again, changes=30, seconds=5,
    ),
    Work(
        "worker", lambda arena, facts: ("worker", "--jobs", "1", "--stalled-after", "1"),
        prepare=scheduled, finish=worker_ends, check=truth_holds, renew=due_again,
        changes=40, seconds=6, needs=frozenset({"postgres"}),
    ),
    Work("index", lambda arena, facts: ("index",), prepare=a_collection, check=same_texts, changes=8, seconds=0.3),
    Work(
        "a look", lambda arena, facts: facts["words"], prepare=look, check=same_texts, changes=20, seconds=0.5,
        reads_only=True, accepted=(0, 1),
    ),
)  # fmt: skip
