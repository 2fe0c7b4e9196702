"""Compares revisit policies by changes captured per request, on a simulated newsroom.

    python -m bench.newsroom

Articles are published around the clock; each is edited after a time from a heavy-tailed distribution (half of the edits
within three hours, some after weeks, most articles never), as in studies of news revisions. A crawl runs every half
hour and fetches the articles due under a policy; a visit captures all changes since the previous one as one revision.
Prints, for each policy, the requests, the share of changes captured at all and as separate revisions, the delay, and
changes per 100 requests; JSON with --json. Deterministic by a seed.
"""

import argparse
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median

from crawler.discovery.revisit_policy import REVISIT_POLICY, RevisitPolicy

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
RHYTHM = timedelta(minutes=30)
LIMIT = timedelta(days=30)

#: published, last seen, now -> due
Policy = Callable[[datetime, datetime, datetime], bool]


@dataclass(frozen=True)
class Score:
    """The result of a policy."""

    policy: str
    requests: int
    caught: float
    median_hours_late: float
    per_100_requests: float


def every(interval: timedelta) -> Policy:
    """Revisit at a fixed interval, up to the same limit."""
    return lambda published, seen, now: now - seen >= interval and now - published <= LIMIT


def articles(count: int, draw: random.Random) -> list[tuple[datetime, list[datetime]]]:
    """(published, changes in order); 45 % of the articles change, one to five times."""
    made = []
    for _ in range(count):
        published = EPOCH + timedelta(minutes=draw.randrange(14 * 24 * 60))
        edits = min(5, 1 + int(draw.expovariate(1.1))) if draw.random() < 0.45 else 0
        hours = sorted(min(draw.lognormvariate(1.1, 1.7), 24 * 45) for _ in range(edits))
        made.append((published, [published + timedelta(hours=hour) for hour in hours]))
    return made


def score(name: str, policy: Policy, made: list[tuple[datetime, list[datetime]]]) -> Score:
    """Applies the policy to all articles, one at a time, since they are independent."""
    requests = caught = 0
    late: list[float] = []
    changes = sum(len(edits) for _, edits in made)
    for published, edits in made:
        first = EPOCH + RHYTHM * -(-(published - EPOCH) // RHYTHM)
        seen, now = first, first
        while now - published <= LIMIT + RHYTHM:
            now += RHYTHM
            if not policy(published, seen, now):
                continue
            requests += 1
            new = [edit for edit in edits if seen < edit <= now]
            caught += bool(new)
            late += [(now - new[-1]) / timedelta(hours=1)] if new else []
            seen = now
    per = 100 * caught / requests if requests else 0.0
    return Score(name, requests, caught / changes, median(late) if late else 0.0, per)


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--articles", type=int, default=400)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    made = articles(arguments.articles, random.Random(arguments.seed))
    policies: dict[str, Policy] = {"by age (ours)": REVISIT_POLICY.is_due}
    for growth in (1.5, 3.0):
        policies[f"by age, growth {growth:g}"] = RevisitPolicy(growth=growth).is_due
    for hours in (1, 3, 6, 12, 24, 72):
        policies[f"every {hours} h"] = every(timedelta(hours=hours))
    scores = [score(name, policy, made) for name, policy in policies.items()]
    if arguments.json:
        print(json.dumps([one.__dict__ for one in scores]))
        return
    print(f"{'policy':22}{'requests':>10}{'caught':>9}{'hours late':>12}{'per 100 requests':>18}")
    for one in scores:
        print(
            f"{one.policy:22}{one.requests:>10}{one.caught:>9.0%}{one.median_hours_late:>12.1f}"
            f"{one.per_100_requests:>18.1f}"
        )


if __name__ == "__main__":
    main()
