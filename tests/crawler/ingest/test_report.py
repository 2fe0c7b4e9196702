"""A report counts the parts of results, as text and as JSON."""

import json
from collections import Counter

from crawler.ingest.messages import Problem, TaskResult
from crawler.ingest.report import IngestReport


def test_parts_are_counted_as_text_and_as_json() -> None:
    report = IngestReport(files=1)
    assert report.needs_a_look
    problem = Problem("a.warc.gz", 7, "damaged", "no member")
    for _ in range(2):
        assert report.add(TaskResult(skipped=Counter({"request record": 2}), problems=[problem], bytes=10)) == [problem]
    assert json.loads(json.dumps(report.as_json())) == {
        "files": 1,
        "bytes": 20,
        "confidence": {},
        "taken": {},
        "refused": {},
        "passed": {"request record": 4},
        "problems": {"damaged": 2},
    }
    assert report.lines() == [
        "1 files, 0 captures: none",
        "not taken: 4 request record",
        "problems: 2 damaged",
    ]
    assert not report.is_incomplete
    report.add(TaskResult(problems=[Problem("a.warc.gz", None, "worker died")]))
    assert report.is_incomplete
