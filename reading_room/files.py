"""Pages as files of their own, for mailing and publishing: the templates of the application, the style sheet inside,
no script, no link to anything else. Called by `emeroteca status --html`, `coverage --html` and `import report --html`.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup

from crawler.operations.coverage import SiteCoverage
from reading_room.pages.sites import shown_coverage
from reading_room.rendering import filled
from reading_room.wording import Wording

_STYLE: Final = Path(__file__).parent / "static" / "style.css"


def status_file(sites: Sequence[Mapping[str, Any]], fingerprint: str, language: str = "en") -> str:
    """What the collection holds of each site, as `crawler.operations.site_status` has it, and the fingerprint of its
    corpus. language: `en` or `it`."""
    return _file("sites.html", Wording(language), sites=sites, fingerprint=fingerprint)


def coverage_file(coverage: Mapping[str, SiteCoverage], language: str = "en") -> str:
    """The calendars of sites, by name, of all routes and by route. language: `en` or `it`."""
    wording = Wording(language)
    sites = {name: shown_coverage(found, wording, found.routes) for name, found in coverage.items()}
    return _file("coverage.html", wording, sites=sites)


def _file(template: str, wording: Wording, **values: Any) -> str:
    style = _STYLE.read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    around = {"style": Markup(style), "style_digest": digest, "made_at": datetime.now(UTC)}  # our own file, no text
    return filled(template, wording, layout="file.html", link=lambda path, **_: "", **around, **values)
