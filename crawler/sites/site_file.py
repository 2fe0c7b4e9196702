"""A site as a TOML file: parsed, checked and written. docs/sites.md explains each entry.

`parse_site_file` says of every mistake where it is and what is allowed; `crawler.sites.file_site` makes a `Site` of the
result, `crawler.spider_loader` its spider, `crawler.extraction.pages.selector_page` its page object.
"""

import json
import math
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from ipaddress import ip_network
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cssselect import HTMLTranslator, SelectorError
from lxml.etree import XPath, XPathSyntaxError

from crawler.site import Selectors
from crawler.urls import web_url
from storage.exceptions import InvalidSiteFile, InvalidUrl

ROUTE_KINDS: Final = ("sitemap", "feed", "wordpress", "listing", "day-archive")
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]*")
_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?|\[[0-9a-f:]+\]")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_DAY_PLACES = ("{day}", "{year}", "{month}", "{date}")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRoute:
    """A table `[[routes]]`. `links` and `older` are selectors; `fallback`: followed only where another route broke."""

    kind: str
    urls: tuple[str, ...]
    ignore: str | None = None
    links: str | None = None
    older: str | None = None
    fallback: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRules:
    """The table `[articles]`: regular expressions that are searched in path and query of a URL, and names of query
    parameters. Without `include` every page that is not excluded may be an article, and the page decides."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    id: str | None = None
    query: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFile:
    """What a site file says. `timezone` and `language` are None where they are not known, `delay` is in seconds."""

    name: str
    title: str
    hosts: tuple[str, ...]
    timezone: str | None = None
    language: str | None = None
    delay: float | None = None
    ports: tuple[int, ...] = ()
    networks: tuple[str, ...] = ()
    articles: ArticleRules = ArticleRules()
    routes: tuple[FileRoute, ...] = ()
    selectors: Selectors = field(default_factory=Selectors)


def parse_site_file(text: str, source: str) -> SiteFile:
    """The site that a file describes. source: the file's name, for messages. Raises InvalidSiteFile."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        end = f"at end of document, line {len(text.splitlines())}"
        message = str(problem).replace("at end of document", end)
        raise InvalidSiteFile(f"{source}: it is no valid TOML: {message}") from None
    checked = _Checked(text, source)
    known = [one.name for one in fields(SiteFile)]
    checked.names("", data, known)
    routes = data.get("routes", [])
    if not isinstance(routes, list) or not all(isinstance(route, dict) for route in routes):
        raise checked.problem("", "routes", "is a list of tables: write [[routes]]")
    articles, selectors = (checked.table(data, name) for name in ("articles", "selectors"))
    site = SiteFile(
        name=checked.pattern("", data, "name", _NAME, "lower-case letters, digits, dots and hyphens", needed=True)
        or "",
        title=checked.text("", data, "title") or str(data.get("name")),
        hosts=checked.texts("", data, "hosts", needed=True),
        timezone=checked.text("", data, "timezone", _is_zone, "a time zone like Europe/Rome"),
        language=checked.pattern("", data, "language", _LANGUAGE, "a code like it"),
        delay=checked.number("", data, "delay"),
        ports=checked.ports("", data, "ports"),
        networks=checked.texts("", data, "networks", _is_network, "a network like 10.0.0.0/8"),
        articles=_article_rules(checked, articles),
        routes=tuple(_route(checked, number, route) for number, route in enumerate(routes)),
        selectors=_selectors(checked, selectors),
    )
    for host in site.hosts:
        if not _HOST.fullmatch(host):
            raise checked.problem("", "hosts", f"has {host!r}: write host names alone, in lower case")
    return site


def _article_rules(checked: "_Checked", data: Mapping[str, Any]) -> ArticleRules:
    checked.names("articles", data, [one.name for one in fields(ArticleRules)])
    regex = (_is_regex, "a regular expression")
    rules = ArticleRules(
        include=checked.texts("articles", data, "include", *regex),
        exclude=checked.texts("articles", data, "exclude", *regex),
        id=checked.text("articles", data, "id", *regex),
        query=checked.texts("articles", data, "query"),
    )
    if rules.id is not None and re.compile(rules.id).groups != 1:
        raise checked.problem("articles", "id", "needs one group, which is the site's number: -(\\d+)\\.html$")
    return rules


def _route(checked: "_Checked", number: int, data: Mapping[str, Any]) -> FileRoute:
    table = f"routes.{number}"
    checked.names(table, data, [one.name for one in fields(FileRoute)])
    route = FileRoute(
        kind=checked.text(table, data, "kind", ROUTE_KINDS.__contains__, f"one of {', '.join(ROUTE_KINDS)}") or "",
        urls=checked.texts(table, data, "urls", _is_url, "an http(s) URL", needed=True),
        ignore=checked.text(table, data, "ignore", _is_regex, "a regular expression"),
        links=checked.selector(table, data, "links"),
        older=checked.selector(table, data, "older"),
        fallback=checked.boolean(table, data, "fallback"),
    )
    if not route.kind:
        raise checked.problem(table, "kind", f"is missing: one of {', '.join(ROUTE_KINDS)}")
    if route.kind == "day-archive" and not all(any(mark in url for mark in _DAY_PLACES) for url in route.urls):
        raise checked.problem(table, "urls", "of a day archive need {day}, or {year}, {month} and {date}")
    return route


def _selectors(checked: "_Checked", data: Mapping[str, Any]) -> Selectors:
    names = [one.name for one in fields(Selectors)]
    checked.names("selectors", data, names)
    found = {name: checked.selector("selectors", data, name) for name in names if name != "drop"}
    return Selectors(drop=checked.texts("selectors", data, "drop", _is_selector, _SELECTOR), **found)


class _Checked:
    """Values of a table by their types, with a message that names file and line for each that is wrong."""

    def __init__(self, text: str, source: str) -> None:
        self._lines = text.splitlines()
        self._source = source

    def problem(self, table: str, key: str, what: str) -> InvalidSiteFile:
        line = self._line(table, key)
        where = f", line {line}" if line else ""
        name = f"{table.partition('.')[0]}.{key}" if table else key
        return InvalidSiteFile(f"{self._source}{where}: {name} {what}")

    def names(self, table: str, data: Mapping[str, Any], known: Sequence[str]) -> None:
        for name in data:
            if name not in known:
                raise self.problem(table, name, f"is unknown: there are {', '.join(known)}")

    def table(self, data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
        value = data.get(name, {})
        if not isinstance(value, dict):
            raise self.problem("", name, f"is a table: write [{name}]")
        return value

    def text(
        self,
        table: str,
        data: Mapping[str, Any],
        key: str,
        fits: Callable[[str], bool] = bool,
        what: str = "a text",
        *,
        needed: bool = False,
    ) -> str | None:
        value = data.get(key)
        if value is None and not needed:
            return None
        if not isinstance(value, str) or not fits(value):
            raise self.problem(table, key, f"is {value!r}: it must be {what}" if key in data else f"is missing: {what}")
        return value

    def pattern(
        self, table: str, data: Mapping[str, Any], key: str, form: re.Pattern[str], what: str, *, needed: bool = False
    ) -> str | None:
        return self.text(table, data, key, lambda text: bool(form.fullmatch(text)), what, needed=needed)

    def texts(
        self,
        table: str,
        data: Mapping[str, Any],
        key: str,
        fits: Callable[[str], bool] = bool,
        what: str = "a text",
        *,
        needed: bool = False,
    ) -> tuple[str, ...]:
        value = data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.problem(table, key, f'is a list of texts: ["..."], not {value!r}')
        if needed and not value:
            raise self.problem(table, key, f"is missing: at least one, {what}")
        for one in value:
            if not fits(one):
                raise self.problem(table, key, f"has {one!r}: it must be {what}")
        return tuple(value)

    def selector(self, table: str, data: Mapping[str, Any], key: str) -> str | None:
        return self.text(table, data, key, _is_selector, _SELECTOR)

    def boolean(self, table: str, data: Mapping[str, Any], key: str) -> bool:
        value = data.get(key, False)
        if not isinstance(value, bool):
            raise self.problem(table, key, f"is true or false, not {value!r}")
        return value

    def number(self, table: str, data: Mapping[str, Any], key: str) -> float | None:
        value = data.get(key)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if value is not None and not (is_number and 0 <= value < math.inf):
            raise self.problem(table, key, f"is a number of seconds, not {value!r}")
        return None if value is None else float(value)

    def ports(self, table: str, data: Mapping[str, Any], key: str) -> tuple[int, ...]:
        value = data.get(key, [])
        if not isinstance(value, list) or not all(type(one) is int and 0 < one < 65536 for one in value):
            raise self.problem(table, key, f"is a list of ports from 1 to 65535, not {value!r}")
        return tuple(value)

    def _line(self, table: str, key: str) -> int | None:
        """The line of a key in its table, else that of the table; None where there is neither."""
        name, _, number = table.partition(".")
        is_key = re.compile(rf'\s*"?{re.escape(key)}"?\s*=')
        opens_key = re.compile(rf"\s*\[+\s*{re.escape(key)}\b")
        current, seen, opened = "", -1, None
        for at, line in enumerate(self._lines, 1):
            if found := re.match(r"\s*\[+\s*([\w.-]+)\s*\]+", line):
                current = found[1]
                seen += current == name
                opened = at if current == name and seen == int(number or 0) else opened
            is_here = current == name and (not name or seen == int(number or 0))
            if (is_here and is_key.match(line)) or (not name and opens_key.match(line)):
                return at
        return opened


_SELECTOR = "a CSS selector, or an XPath that begins with / or ."


def xpath_of(selector: str, attribute: str | None = None) -> str:
    """The XPath of a selector, which is one or is CSS; of CSS with the attribute. Raises ValueError."""
    if selector.startswith(("/", "(", "./", ".//")):
        try:
            XPath(selector)
        except XPathSyntaxError as problem:
            raise ValueError(str(problem)) from None
        return selector
    try:
        found = HTMLTranslator().css_to_xpath(selector)
    except SelectorError as problem:
        raise ValueError(str(problem)) from None
    return " | ".join(f"{part}/@{attribute}" for part in found.split(" | ")) if attribute else found


def _is_selector(text: str) -> bool:
    try:
        return bool(xpath_of(text))
    except ValueError:
        return False


def _is_regex(text: str) -> bool:
    try:
        return bool(re.compile(text))
    except re.error:
        return False


def _is_zone(text: str) -> bool:
    try:
        return bool(ZoneInfo(text))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


def _is_network(text: str) -> bool:
    try:
        return bool(ip_network(text))
    except ValueError:
        return False


def _is_url(text: str) -> bool:
    for mark in _DAY_PLACES:
        text = text.replace(mark, "1")
    try:
        return bool(web_url(text))
    except InvalidUrl:
        return False


def format_site_file(site: SiteFile, comments: Sequence[str] = ()) -> str:
    """The file of a site, of which `parse_site_file` makes the same site again. comments: lines behind its facts."""
    lines = ["# A site of Emeroteca: docs/sites.md explains each entry; `emeroteca site check` tries it.", ""]
    for name in ("name", "title", "hosts", "timezone", "language", "delay", "ports", "networks"):
        _add(lines, name, getattr(site, name))
    lines += [f"# {comment}" for comment in comments]
    if site.articles != ArticleRules():
        lines += ["", "# Regular expressions, searched in path and query: which URLs are articles.", "[articles]"]
        _add_fields(lines, site.articles)
    for route in site.routes:
        lines += ["", "[[routes]]"]
        _add_fields(lines, route)
    if site.selectors != Selectors():
        lines += ["", "[selectors]"]
        _add_fields(lines, site.selectors)
    return "\n".join(lines) + "\n"


def _add_fields(lines: list[str], table: Any) -> None:
    for one in fields(table):
        _add(lines, one.name, getattr(table, one.name))


def _add(lines: list[str], name: str, value: object) -> None:
    if value is not None and value is not False and value != ():
        lines.append(f"{name} = {_toml(value)}")


def _toml(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, str):
        is_literal = "\\" in value and "'" not in value and value.isprintable()
        return f"'{value}'" if is_literal else json.dumps(value, ensure_ascii=False)
    return str(value).lower() if isinstance(value, bool) else str(value)
