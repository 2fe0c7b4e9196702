"""Caption and credit of a figure, by the template's classes for them, else by their usual signs ("©", " | ")."""

import re
from collections.abc import Collection
from itertools import islice

from lxml.html import HtmlElement

from crawler.extraction.html.images import caption_and_credit, credit_of
from crawler.extraction.html.rules import Role, Rules, kind_of
from crawler.extraction.html.text import fold

_SILENT = frozenset({"script", "style", "noscript", "template", "svg", "button", "form"})
_BREAKS = frozenset({"br", "p", "div", "li", "figcaption", "ul", "ol", "h2", "h3", "h4", "td"})
#: Levels above a text in which its class is looked for.
_LEVELS = 100
#: A gallery's "3/19".
_COUNTER = re.compile(r"\d{1,3}\s*/\s*\d{1,3}")


class FigureWords:
    """Caption and credit of one figure; `unknown`: the kinds of elements with text and without a known class."""

    def __init__(self, figure: HtmlElement, rules: Rules) -> None:
        self._figure = figure
        self._rules = rules
        self.unknown: list[str] = []
        elements = [e for e in figure.iter() if isinstance(e.tag, str)]
        credits = _innermost([e for e in elements if rules.role_of(e) is Role.CREDIT])
        captions = _outermost(
            figure, {e for e in elements if e.tag == "figcaption" or rules.role_of(e) is Role.CAPTION}
        )
        shown, shown_credit = caption_and_credit(self._joined(captions, credits))
        rest, rest_credit = caption_and_credit(self._text(figure, {*credits, *captions}, counts=True))
        self.caption = shown or rest
        self.credit = credit_of(self._joined(credits, ())) or shown_credit or rest_credit

    def _joined(self, elements: Collection[HtmlElement], without: Collection[HtmlElement]) -> str:
        """Their texts, each once: a gallery shows its captions twice."""
        texts = [self._text(element, without) for element in elements]
        return " ".join(dict.fromkeys(text for text in texts if text))

    def _text(self, top: HtmlElement, without: Collection[HtmlElement], *, counts: bool = False) -> str:
        pieces: list[str] = []
        stack: list[HtmlElement | str] = [top]
        while stack:
            node = stack.pop()
            if isinstance(node, str):
                pieces.append(node)
            elif node is top or self._is_read(node, without):
                if counts and fold(node.text):
                    self._count(node)
                pieces += [" " if node.tag in _BREAKS else "", node.text or ""]
                for child in reversed(node):
                    stack += [(" " if child.tag in _BREAKS else "") + (child.tail or ""), child]
        text = fold("".join(pieces))
        return "" if _COUNTER.fullmatch(text) else text

    def _is_read(self, element: HtmlElement, without: Collection[HtmlElement]) -> bool:
        if not isinstance(element.tag, str) or element.tag in _SILENT or element in without:
            return False
        return self._rules.role_of(element) not in (Role.DROP, Role.RELATED)

    def _count(self, element: HtmlElement) -> None:
        """Counts the class nearest around the text, if that class has no role."""
        near = (element, *islice(element.iterancestors(), _LEVELS))
        around = (e for e in near if e is self._figure or (e.get("class") or "").split())
        named = next(around, self._figure)
        if named is not self._figure and self._rules.role_of(named) is None:
            self.unknown.append(kind_of(named.get("class").split()))


def _outermost(top: HtmlElement, wanted: Collection[HtmlElement]) -> list[HtmlElement]:
    """Those of the wanted elements in `top` that stand in no other, in document order."""
    found: list[HtmlElement] = []
    stack = [top]
    while stack:
        element = stack.pop()
        if element in wanted:
            found.append(element)
        else:
            stack.extend(reversed(element))
    return found


def _innermost(elements: list[HtmlElement]) -> list[HtmlElement]:
    around: set[HtmlElement] = set()
    for element in elements:
        for above in element.iterancestors():
            if above in around:
                break  # and so are those above it
            around.add(above)
    return [element for element in elements if element not in around]
