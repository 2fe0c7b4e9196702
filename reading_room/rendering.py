"""Pages from templates. Every value is escaped; control characters that change the direction or the look of text are
shown as a sign instead of taking effect."""

import re
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from reading_room.library import Library
from reading_room.parameters import choice_value
from reading_room.wording import LANGUAGES, Wording, preferred_language
from storage.display import displayed

_FOLDER: Final = Path(__file__).parent
_FOUND = re.compile(r"\*\*(.+?)\*\*", re.S)


def visible(value: Any) -> Any:
    """A value of a template as it is shown: nothing for None, a sign for each control character."""
    if value is None:
        return ""
    return displayed(value) if type(value) is str and not value.isprintable() else value


def highlighted(snippet: str) -> Markup:
    """What stands between ** and ** in a `mark` element, all of it escaped."""
    return Markup(_FOUND.sub(r"<mark>\1</mark>", str(escape(visible(snippet)))))


def is_web_address(url: str | None) -> bool:
    """Whether an address may become a link: http and https only."""
    try:
        return url is not None and urlsplit(url).scheme in {"http", "https"}
    except ValueError:
        return False


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=visible,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["highlighted"] = highlighted
    environment.tests["web_address"] = is_web_address
    return environment


_TEMPLATES: Final = _environment()


def library_of(request: Request) -> Library:
    """The collection that the application serves."""
    found: Library = request.app.state.library
    return found


def in_one_snapshot(page: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """A page that reads one snapshot of the corpus."""

    @wraps(page)
    def answer(request: Request) -> Response:
        with library_of(request).database.one_snapshot():
            return page(request)

    return answer


def language_of(request: Request) -> str:
    """The language of `?lang=`, else the one that the browser prefers. Raises HTTPException (400)."""
    if "lang" in request.query_params:
        return choice_value(request.query_params, "lang", LANGUAGES)
    return preferred_language(request.headers.get("accept-language", ""))


def carried(request: Request) -> dict[str, str]:
    """The parameters that links carry on: the language, where the address says it."""
    return {"lang": language_of(request)} if "lang" in request.query_params else {}


def filled(template: str, wording: Wording, **values: Any) -> str:
    """A template with its values, in a language. layout: the template of what stands around its content."""
    return _TEMPLATES.get_template(template).render(
        {"_": wording.say, "counted": wording.count, "wording": wording, **values}
    )


def rendered(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page in the language of the request."""
    wording = Wording(language_of(request))
    others = carried(request)

    def link(path: str, **parameters: Any) -> str:
        return f"{path}?{urlencode({**parameters, **others})}" if parameters or others else path

    page: Mapping[str, Any] = {
        "layout": "base.html",
        "link": link,
        "others": others,
        "other_languages": [(one, _in_language(request, one)) for one in LANGUAGES if one != wording.language],
        **values,
    }
    return HTMLResponse(filled(template, wording, **page), status)


def _in_language(request: Request, language: str) -> str:
    parameters = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    return f"{request.url.path}?{urlencode([*parameters, ('lang', language)])}"
