"""An explanation as one HTML file: the page's own elements, marked as kept or left out, below the fields.

Archived markup is foreign: scripts, handlers, styles, frames, forms and pictures are removed (lxml_html_clean), and a
Content-Security-Policy forbids what would be left. The file loads nothing.
"""

import copy
from html import escape
from typing import Any

from lxml import html
from lxml_html_clean import Cleaner

from crawler.extraction.explanation import Explanation
from crawler.extraction.pages.page import Page

_MARK = "data-emeroteca"
_HEAD = """<!DOCTYPE html>
<html><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title><style>
body {{ font: 15px/1.5 sans-serif; margin: 2em auto; max-width: 60em; padding: 0 1em; }}
table {{ border-collapse: collapse; }} td, th {{ border: 1px solid #bbb; padding: .2em .6em; text-align: left;
vertical-align: top; overflow-wrap: anywhere; }}
[data-emeroteca="kept"] {{ background: #dff3df; outline: 1px solid #2a7a2a; }}
[data-emeroteca="left"] {{ background: #f7e3e3; color: #555; outline: 1px dotted #b04040; }}
main {{ border-top: 3px solid #222; margin-top: 2em; padding-top: 1em; }}
</style></head><body>
"""


def explanation_page(page: Page, explanation: Explanation) -> str:
    """The HTML. Move the pointer over an element to read why it is kept or left out."""
    title = f"Why Emeroteca reads {explanation.url or 'this page'} so"
    parts = [_HEAD.format(title=escape(title)), f"<h1>{escape(title)}</h1>", _summary(explanation)]
    parts.append(_table(("field", "value", "source", "candidates"), _rows(explanation)))
    parts.append(f"<main>{_marked(page, explanation)}</main></body></html>\n")
    return "\n".join(parts)


def _summary(explanation: Explanation) -> str:
    facts = {
        "reader": explanation.reader,
        "container": explanation.container,
        "agreement with trafilatura": explanation.agreement,
        "warnings": ", ".join(explanation.warnings),
        "refused": ": ".join(explanation.refusal) if explanation.refusal else None,
        "confidence": ", ".join(f"{one.name} {one.value:+.2f}" for one in explanation.confidence),
    }
    shown = [(name, str(value)) for name, value in facts.items() if value not in (None, "")]
    return _table(("what", "found"), [[escape(name), escape(value)] for name, value in shown])


def _rows(explanation: Explanation) -> list[list[str]]:
    return [
        [
            escape(one.name),
            escape(_plain(one.value)),
            escape(one.source or ""),
            "<br>".join(f"{escape(each.source)}: {escape(each.value[:300])}" for each in one.candidates),
        ]
        for one in explanation.fields
    ]


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)


def _table(heads: tuple[str, ...], rows: list[list[str]]) -> str:
    head = "".join(f"<th>{one}</th>" for one in heads)
    lines = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{lines}</table>"


def _marked(page: Page, explanation: Explanation) -> str:
    """The page's elements with their marks, without anything that runs or loads."""
    for block in explanation.blocks:
        block.element.set(_MARK, "kept" if block.is_kept else "left")
        block.element.set("title", "; ".join(block.reasons))
    body = copy.deepcopy(page.body if page.body is not None else page.tree)
    for block in explanation.blocks:
        del block.element.attrib[_MARK], block.element.attrib["title"]
    body.tag = "div"
    cleaner = Cleaner(
        scripts=True, javascript=True, comments=True, style=True, inline_style=True, links=True, meta=True, frames=True,
        embedded=True, forms=True, page_structure=False, remove_tags=["a", "img", "picture", "source", "base"],
        safe_attrs_only=True, safe_attrs=frozenset({"title", "dir", "lang", _MARK, "colspan", "rowspan"}),
        kill_tags=["video", "audio", "svg", "math", "template", "noscript"],
    )  # fmt: skip
    cleaner(body)
    return str(html.tostring(body, encoding="unicode"))
