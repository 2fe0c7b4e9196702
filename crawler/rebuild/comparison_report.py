"""Prints what `rebuild --diff` found: counts by site and field, then the largest changes side by side."""

import json
from typing import Any

from rich.console import Console
from rich.table import Table

from crawler.ingest.comparison import ResultComparison
from storage.display import displayed

#: Characters of a value that are shown.
SHOWN = 300


def show_changes(comparison: ResultComparison) -> None:
    """Print a comparison on standard output."""
    console = Console()
    counts = Table("site", "captures", "would change", "in")
    for name, site in sorted(comparison.sites.items()):
        fields = ", ".join(f"{field} {count}" for field, count in site.fields.most_common())
        counts.add_row(name, str(site.captures), str(site.changed), fields)
    console.print(counts)
    for change in comparison.largest:
        table = Table("field", "before", "now", title=displayed(change.url), title_justify="left")
        for field, (before, now) in change.fields.items():
            table.add_row(field, *_shown(before, now))
        console.print(table)


def _shown(before: Any, now: Any) -> tuple[str, str]:
    """Both values from shortly before their first difference."""
    texts = [value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) for value in (before, now)]
    pairs = enumerate(zip(*texts, strict=False))
    same = next((at for at, (one, other) in pairs if one != other), min(map(len, texts)))
    start = max(0, same - 60)
    shown = [("…" if start else "") + text[start : start + SHOWN] for text in texts]
    return displayed(shown[0]).replace("[", "\\["), displayed(shown[1]).replace("[", "\\[")
