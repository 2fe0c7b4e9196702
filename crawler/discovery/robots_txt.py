"""robots.txt as RFC 9309 reads it: groups by product token, the longest rule wins, Allow on a tie.

Beyond the RFC: `Crawl-delay` of the group, and the file's `Sitemap` lines.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urlsplit

#: What a crawler must at least read (RFC 9309 2.5), and all that we do.
MOST_BYTES = 500 * 1024

_TOKEN = re.compile(r"[A-Za-z_-]+")
_LINE = re.compile(r"\r\n|\r|\n")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")


@dataclass(frozen=True, slots=True)
class Rule:
    """An Allow or Disallow line; `pattern` in the spelling that paths are compared in."""

    allow: bool
    pattern: str

    def matches(self, path: str) -> bool:
        return _compiled(self.pattern).match(path) is not None


@dataclass(frozen=True, slots=True)
class RobotsTxt:
    """What a site's robots.txt says to one crawler. Without rules all is allowed."""

    rules: tuple[Rule, ...] = ()
    crawl_delay: float | None = None
    sitemaps: tuple[str, ...] = ()

    def allows(self, url: str) -> bool:
        """Whether the URL may be asked for; /robots.txt itself always may (RFC 9309 2.2.2)."""
        parts = urlsplit(url)
        path = one_spelling((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
        if path == "/robots.txt":
            return True
        matching = [rule for rule in self.rules if rule.matches(path)]
        return not matching or max(matching, key=lambda rule: (len(rule.pattern), rule.allow)).allow


#: For a robots.txt that cannot be reached: nothing may be asked for (RFC 9309 2.3.1.4).
CLOSED = RobotsTxt((Rule(False, "/"),))
#: For a site that has none (RFC 9309 2.3.1.3).
OPEN = RobotsTxt()


@dataclass(slots=True)
class _Group:
    rules: list[Rule] = field(default_factory=list)
    delay: float | None = None


def parse_robots(body: bytes, product: str) -> RobotsTxt:
    """The file's word for the crawler whose product token is `product`. Never raises: odd lines are passed over."""
    groups: dict[str, _Group] = {}
    sitemaps: list[str] = []
    agents: list[str] = []
    rules_began = False
    for name, value in _lines(body):
        match name:
            case "user-agent":
                agents = [] if rules_began else agents
                rules_began = False
                agents.append(_token(value))
            case "allow" | "disallow":
                rules_began = True
                if value:
                    _add(groups, agents, Rule(name == "allow", one_spelling(value)))
                else:
                    _add(groups, agents, None)
            case "crawl-delay":
                _set_delay(groups, agents, value)
            case "sitemap" if value:
                sitemaps.append(value)
    group = groups.get(product.lower()) or groups.get("*") or _Group()
    return RobotsTxt(tuple(group.rules), group.delay, tuple(dict.fromkeys(sitemaps)))


def one_spelling(path: str) -> str:
    """Percent-encoding as RFC 9309 2.2.2 compares it: non-ASCII encoded, unreserved characters not, hex in capitals."""
    encoded = "".join(char if char.isascii() and char > " " else _encoded(char) for char in path)
    return _ESCAPE.sub(_normal_escape, encoded)


def _encoded(char: str) -> str:
    return "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "replace"))


def _normal_escape(found: re.Match[str]) -> str:
    char = chr(int(found[1], 16))
    return char if char in _UNRESERVED else found[0].upper()


def _lines(body: bytes) -> Iterator[tuple[str, str]]:
    if len(body) > MOST_BYTES:
        body = body[:MOST_BYTES].rpartition(b"\n")[0]
    for line in _LINE.split(body.decode("utf-8-sig", "replace")):
        name, colon, value = line.partition("#")[0].partition(":")
        if colon:
            yield name.strip().lower(), value.strip()


def _token(value: str) -> str:
    """The product token: `*`, or the letters that a name like `Emeroteca/1.0` starts with, in lower case."""
    found = _TOKEN.match(value)
    return "*" if value.startswith("*") else found[0].lower() if found else ""


def _add(groups: dict[str, _Group], agents: list[str], rule: Rule | None) -> None:
    for agent in dict.fromkeys(agents):
        group = groups.setdefault(agent, _Group())
        if rule is not None:
            group.rules.append(rule)


def _set_delay(groups: dict[str, _Group], agents: list[str], value: str) -> None:
    try:
        seconds = float(value)
    except ValueError:
        return
    if 0 <= seconds < float("inf"):
        for agent in agents:
            groups.setdefault(agent, _Group()).delay = seconds


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    """`*` is any characters, `$` at the end the end of the path (RFC 9309 2.2.3)."""
    anchored = pattern.endswith("$")
    # runs of stars are one star: nested ones would take a regular expression for ever
    parts = re.split(r"\*+", pattern.removesuffix("$"))
    text = re.escape(parts[0]) + "".join(rf"(?>.*?{re.escape(part)})" for part in parts[1:-1])
    if len(parts) > 1:
        text += f".*{re.escape(parts[-1])}"
    return re.compile(text + (r"\Z" if anchored else ""), re.DOTALL)
