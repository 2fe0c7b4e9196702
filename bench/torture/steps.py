"""What happens before, after and in the end of each command under torture: preparation, completion, checks."""

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from signal import SIGTERM
from typing import Any

from bench.torture.arena import LONGEST, Arena, Run
from bench.torture.checker import files, promises, rows

SITE, LOST = "alanews", "sputniknews"
Facts = dict[str, Any]


def crawl(arena: Arena, facts: Facts) -> Sequence[str]:
    return ("crawl", SITE, "--delay", "0")


def go_on(arena: Arena) -> Facts:
    """Some steps later, articles were edited, added and removed."""
    arena.stand.clock(arena.draw.randint(1, 4))
    return {}


def truth_holds(arena: Arena, facts: Facts) -> Iterator[str]:
    truth = arena.stand.truth(SITE)
    # a capture has the time of the clock, and with a clock set back the newest text is not the one captured last
    yield from promises.truth_faults(arena.database, SITE, truth, whole=not arena.shifts_clock)
    yield from requested_once(arena, facts)


def begin_count(arena: Arena, facts: Facts, records: set[str]) -> None:
    """From now on an article is requested once. records: ids of those that are there."""
    log = arena.stand.log()
    facts.update(log=log[-1]["number"] + 1 if log else 0, records=records, first_run=len(arena.runs))


def requested_once(arena: Arena, facts: Facts) -> Iterator[str]:
    """Requests and captures since the count began, against each other."""
    urls = {url for article in arena.stand.truth(SITE) for url in article["urls"]}
    records = [one for one in promises.all_records(arena.home / "warc")[0] if one.id not in facts["records"]]
    strikes = sum(run.struck for run in arena.runs[facts["first_run"] :])
    yield from promises.request_faults(arena.stand.log(facts["log"]), records, urls, strikes)


def still_later(arena: Arena, facts: Facts) -> None:
    """A step later: what was edited is rightly requested again."""
    arena.problems += requested_once(arena, facts)
    begin_count(arena, facts, {one.id for one in promises.all_records(arena.home / "warc")[0]})
    arena.stand.clock(min(arena.stand.state()["clock"] + 1, 20))


def drop_rows(arena: Arena, facts: Facts) -> None:
    without_rows(arena)
    facts["kept"].texts.clear()


def start_anew(arena: Arena, facts: Facts) -> None:
    """Of a completed import nothing is left."""
    shutil.rmtree(arena.home, ignore_errors=True)
    arena.drop_rows()
    begin_count(arena, facts, set())
    facts["kept"].records.clear()
    facts["kept"].texts.clear()


def upgrade(arena: Arena, facts: Facts) -> None:
    arena.run("db", "upgrade")


def downgrade(arena: Arena, facts: Facts) -> None:
    arena.run("db", "downgrade", facts["version"])


def crawl_more(arena: Arena, facts: Facts) -> None:
    still_later(arena, facts)
    arena.run(*crawl(arena, facts))


def without_rows(arena: Arena) -> Facts:
    texts = promises.newest_texts(arena.database)
    arena.drop_rows()
    return {"texts": texts}


def same_texts(arena: Arena, facts: Facts) -> Iterator[str]:
    if (texts := promises.newest_texts(arena.database)) != facts["texts"]:
        yield f"the rows have other texts than before: {len(texts)} articles, {len(facts['texts'])} before"


def archives_elsewhere(arena: Arena) -> Facts:
    facts = without_rows(arena)
    elsewhere = arena.folder / "elsewhere"
    arena.home.rename(elsewhere)
    return {**facts, "elsewhere": sorted((elsewhere / "warc").glob("*.warc.gz")), "folder": str(elsewhere / "warc")}


def held_is_there(archive: str) -> Callable[[Arena, Facts], Iterator[str]]:
    """Articles of which the archive has a page that can be read must be there. archive: `wayback`, `commoncrawl` or
    `ccnews`."""

    def check(arena: Arena, facts: Facts) -> Iterator[str]:
        served = arena.stand.truth("wayback" if archive == "wayback" else "commoncrawl")
        held = [one for one in served if one["site"] == LOST and one["article"] and not one["is_error"]]
        if archive == "wayback":
            wanted = {one["article"] for one in held if one["status"] == 200}
        else:
            is_news = archive == "ccnews"
            wanted = {one["article"] for one in held if one["is_whole"] and (one["archive"] == "cc-news") == is_news}
        truth = [one for one in arena.stand.truth(LOST) if one["canonical_url"] in wanted]
        yield from promises.truth_faults(arena.database, LOST, truth, whole=False)

    return check


def texts(arena: Arena) -> Facts:
    path = arena.folder / "texts.jsonl"
    truth = arena.stand.truth(SITE)
    lines = [
        {
            "url": article["canonical_url"],
            "date": "2024-05-01T10:00:00Z",
            "text": "\n".join([article["headline"], *(block["text"] for block in article["blocks"])]),
        }
        for article in truth
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return {"path": str(path), "urls": [article["canonical_url"] for article in truth]}


def texts_are_there(arena: Arena, facts: Facts) -> Iterator[str]:
    records = promises.all_records(arena.home / "warc")[0]
    urls = sorted(record.url for record in records if record.kind == "conversion")
    if urls != sorted(facts["urls"]):
        yield f"{len(urls)} texts are kept, of {len(set(urls))} URLs; {len(facts['urls'])} were imported"


def an_export(arena: Arena) -> Facts:
    form, ending = arena.draw.choice([("jsonl", ".jsonl"), ("jsonl", ".jsonl.gz"), ("csv", ".csv")])
    return {"form": form, "path": arena.out / f"corpus{ending}", "count": len(promises.newest_texts(arena.database))}


def export_words(arena: Arena, facts: Facts) -> Sequence[str]:
    return ("export", "--format", facts["form"], "--output", str(facts["path"]))


def export_whole(arena: Arena, facts: Facts) -> Iterator[str]:
    yield from files.export_faults(facts["path"])
    if (count := len(files.read_export(facts["path"]))) != facts["count"]:
        yield f"{count} articles are exported, of {facts['count']}"
    if not files.is_described(facts["path"]):
        yield "datapackage.json does not have the digest of the export"


def feed_words(arena: Arena, facts: Facts) -> Sequence[str]:
    cursor, pieces = str(arena.out / "feed.cursor"), str(arena.out / "changes-{cursor}.jsonl")
    return ("export", "--after", "0", "--cursor-file", cursor, "--output", pieces)


def a_feed(arena: Arena) -> Facts:
    """A first piece is there already, and something is new."""
    arena.run(*feed_words(arena, {}))
    go_on(arena)
    arena.run(*crawl(arena, {}))
    return {}


def feed_whole(arena: Arena, facts: Facts) -> Iterator[str]:
    yield from files.feed_faults(arena.out, promises.newest_texts(arena.database))


def package_words(arena: Arena, facts: Facts) -> Sequence[str]:
    return ("package", "--output", str(arena.out / "all.wacz"))


def package_whole(arena: Arena, facts: Facts) -> Iterator[str]:
    path = arena.out / "all.wacz"
    if not path.exists():
        yield "there is no package"
    yield from files.package_faults(path)


def to_migrate(arena: Arena) -> Facts:
    return {"texts": promises.newest_texts(arena.database), "version": arena.draw.choice(["0018", "0017", "0016"])}


def migrated(arena: Arena, facts: Facts, words: Sequence[str]) -> None:
    arena.run(*words, accepted=(0, 3))  # nothing to undo
    arena.run("db", "upgrade")
    arena.run("db", "current", "--json")
    arena.run("rebuild", "--again")


def schema_lost(arena: Arena) -> Facts:
    facts = {"texts": promises.newest_texts(arena.database), "version": arena.draw.choice(["0018", "0017"])}
    downgrade(arena, facts)
    return facts


def upgraded(arena: Arena, facts: Facts, words: Sequence[str]) -> None:
    arena.run(*words)
    arena.run("rebuild", "--again")


def to_erase(arena: Arena) -> Facts:
    article = arena.draw.choice(arena.stand.truth(SITE))
    records = promises.all_records(arena.home / "warc")[0]
    with rows.corpus(arena.database) as corpus:
        others = {row[0] for row in corpus(rows.ARTICLES)} - {article["canonical_url"]}
    return {"article": article, "records": {one.id for one in records if one.url in others}}


def erase_words(arena: Arena, facts: Facts) -> Sequence[str]:
    return ("erase", "--url", facts["article"]["canonical_url"], "--reason", "a request", "--yes")


def erased(arena: Arena, facts: Facts, words: Sequence[str]) -> None:
    if (arena.home / "erasure").exists():
        arena.run("erase", "--resume", accepted=(0, 1))
    arena.run(*words, accepted=(0, 1, 3))


def nothing_left(arena: Arena, facts: Facts) -> Iterator[str]:
    records = promises.all_records(arena.home / "warc")[0]
    urls = set(facts["article"]["urls"])
    yield from (f"{record.id} of the erased {record.url} is there" for record in records if record.url in urls)
    if lost := facts["records"] - {record.id for record in records}:
        yield f"{len(lost)} records of other articles went with it"
    headline = facts["article"]["headline"].encode()
    for path in arena.home.rglob("*"):
        if path.is_file() and headline in path.read_bytes():
            yield f"the erased headline is in {path.relative_to(arena.home)}"
    with rows.corpus(arena.database) as corpus:
        if any(row[0] in urls for row in corpus(rows.ARTICLES)):
            yield "the erased article has a row"
        if not corpus("SELECT id FROM erasures"):
            yield "there is no tombstone"


def scheduled(arena: Arena) -> Facts:
    facts = go_on(arena)
    make_due(arena)
    return facts


def make_due(arena: Arena) -> None:
    arena.run("schedule", "add", SITE, "--every", "1d", "--delay", "0")


def due_again(arena: Arena, facts: Facts) -> None:
    still_later(arena, facts)
    make_due(arena)


def crawled_after_all(arena: Arena, facts: Facts, words: Sequence[str]) -> None:
    if words[0] != "worker":
        arena.run(*words, accepted=(0, 1))
    arena.run(*crawl(arena, facts))


def worker_ends(arena: Arena, facts: Facts, words: Sequence[str]) -> None:
    """A last worker takes over what the others left, and ends in order."""
    command, err = arena.start(words)
    until, done = time.monotonic() + LONGEST, False
    while not done and time.monotonic() < until and not command.ended.done():
        time.sleep(0.2)
        with rows.corpus(arena.database) as corpus:  # an earlier one, under a fault, may have done it
            done = corpus("SELECT finished_at IS NOT NULL AND exit_status = 0 FROM schedules") == [(True,)]
    if not done:
        arena.problems.append("the last worker does not crawl what the timetable says")
    if not command.ended.done():
        os.kill(command.pid, SIGTERM)
    status = arena.wait(command, words, 60)
    run = Run(words, "", "", status, stderr=err.read_text())
    arena.runs.append(run)
    arena.check_messages(run)
    crawled_after_all(arena, facts, words)


def withheld(arena: Arena) -> Facts:
    return {"article": arena.draw.choice(arena.stand.truth(SITE))}


def withhold_words(arena: Arena, facts: Facts) -> Sequence[str]:
    return ("withhold", "add", "--url", facts["article"]["canonical_url"], "--reason", "embargo")


def is_withheld(arena: Arena, facts: Facts) -> Iterator[str]:
    with rows.corpus(arena.database) as corpus:
        hidden = corpus("SELECT canonical_url FROM articles WHERE withheld IS NOT NULL")
        shown = [row[0] for row in corpus("SELECT canonical_url FROM corpus")]
    if hidden != [(facts["article"]["canonical_url"],)]:
        yield f"withheld is {hidden}"
    if facts["article"]["canonical_url"] in shown:
        yield "the view corpus shows what is withheld"


def a_collection(arena: Arena) -> Facts:
    return {"texts": promises.newest_texts(arena.database)}


def look(arena: Arena) -> Facts:
    article = arena.draw.choice(arena.stand.truth(SITE))
    words = arena.draw.choice(
        [
            ("status",),
            ("verify",),
            ("coverage",),
            ("search", article["headline"].split()[0]),
            ("show", article["canonical_url"]),
        ]
    )
    return {**a_collection(arena), "words": words}
