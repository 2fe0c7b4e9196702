"""What would change, for people: counts by site and field, then the most telling articles side by side."""

import json
from typing import Any

from rich.console import Console
from rich.table import Table

from crawler.rebuild.diff import ResultComparison

#: Characters of a value that are shown.
SHOWN = 300


def show_changes(comparing: ResultComparison) -> None:
    """Prints it on standard output."""
    console = Console()
    counts = Table("site", "captures", "would change", "in")
    for name, site in sorted(comparing.sites.items()):
        fields = ", ".join(f"{field} {count}" for field, count in site.fields.most_common())
        counts.add_row(name, str(site.captures), str(site.changed), fields)
    console.print(counts)
    for change in comparing.most_telling:
        table = Table("field", "before", "now", title=change.url, title_justify="left")
        for field, (before, now) in change.fields.items():
            table.add_row(field, *_shown(before, now))
        console.print(table)


def _shown(before: Any, now: Any) -> tuple[str, str]:
    """Both values from shortly before they part."""
    texts = [value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) for value in (before, now)]
    pairs = enumerate(zip(*texts, strict=False))
    same = next((at for at, (one, other) in pairs if one != other), min(map(len, texts)))
    start = max(0, same - 60)
    shown = [("…" if start else "") + text[start : start + SHOWN] for text in texts]
    return shown[0].replace("[", "\\["), shown[1].replace("[", "\\[")
