"""What a capture said about reuse: signals, each with its source; made by `crawler.extraction.rights`.

The names of signals are those of their specifications: `noarchive`, `nosnippet`, `noindex`, `noai`, `noimageai` (robots
meta and X-Robots-Tag), `tdm-reservation` and `tdm-policy` (TDM Reservation Protocol), `search`, `ai-input` and
`ai-train` (Content Signals; the `train-ai` of IETF's AI preferences counts as `ai-train`), `licence` (links,
schema.org, Really Simple Licensing) and `disallowed-agent` (robots.txt, of known AI crawlers).
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

#: Signals that reserve something by being there.
_DIRECTIVES: Final = ("noarchive", "noai", "noimageai", "nosnippet", "noindex")
#: Signals that reserve something by their value.
_RESERVING_VALUES: Final = {"tdm-reservation": "1", "ai-train": "no", "ai-input": "no", "search": "no"}
#: What an export or a crawl can be told to respect.
RESERVATIONS: Final = (*_DIRECTIVES, *_RESERVING_VALUES)


@dataclass(frozen=True, slots=True, order=True)
class RightsSignal:
    """One statement. value: None for a directive. source: the place that made it, such as `X-Robots-Tag`, `meta robots`
    or `robots.txt`; of a statement to certain crawlers with their name behind a colon.
    """

    signal: str
    value: str | None
    source: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def reservations(signals: Iterable[Mapping[str, Any]] | None) -> set[str]:
    """The names, of RESERVATIONS, that signals in their JSON form reserve. Those to other crawlers do not count."""
    return {
        one["signal"]
        for one in signals or ()
        if ":" not in one["source"]
        and (one["signal"] in _DIRECTIVES or _RESERVING_VALUES.get(one["signal"], one) == one["value"])
    }
