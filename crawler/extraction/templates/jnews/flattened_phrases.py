"""The words of the JNews theme in a flattened dump: its boilerplate, and the end of an article.

The theme's own words stay English on most sites; the plug-ins and translations seen on real pages are here too.
"""

import re

from crawler.extraction.flattened.dates import is_weekday_date
from crawler.extraction.flattened.lines import URL
from crawler.extraction.templates.jnews.page import DISCLAIMER

_MENU = re.compile(
    r"no result|view all result|login|log in|menu|search|latest|load more|home|popular|trending|facebook|twitter|"
    r"subscribe|newsletter|chi siamo|redazione|skip to content|advertisement|no products in the cart\.",
    re.I,
)
_BOILERPLATE = re.compile(
    r"share|tweet|send|pin|donate|\+ posts|\d+(?:\.\d+)?k|shares?|views?|visto|condividi(?: su .*)?|stampa|print|"
    r"a a|aa|reset|"
    r"(?:share\d*|tweet\d*|send|pin\d*|share on \w+|condividi su \w+|facebook|twitter|whatsapp|telegram|linkedin|email)"
    r"(?:\s*(?:share\d*|tweet\d*|send|pin\d*|\d+|share on \w+|facebook|twitter|whatsapp|telegram|linkedin|email))*|"
    r"reading time: .*|tempo di lettura:? .*|\d+ min(?:uti)?(?: read| di lettura)?|\d+ mins? read|"
    r"advertisement|pubblicità|síguenos|seguici(?: su.*)?|follow us|— .*\(@\w+\).*|pic\.twitter\.com/\S+|\d+ ?/ ?\d+",
    re.I,
)
_TAGS = re.compile(r"(?:tags?|etiquetas|etichette|argomenti)(?:\s*:\s*|$)", re.I)
#: Forms, comments, footer.
_PAGE_END = re.compile(
    r"discussion about this post|leave a (?:reply|comment)|lascia un commento|(?:\d+ )?comment[is]\b(?: \(?\d+\)?)?:?$|"
    r"commenti:?$|welcome back!|login to your account|please login to join|retrieve your password|"
    r"please enter your username|forgotten password|add new playlist|no result$|view all result$|"
    r"(?:©|copyright)(?: ?(?:copyright )?\d{4}|.*(?:diritti|rights|reserved|derechos))",
    re.I,
)
#: Headings of boxes, mostly behind the article, and disclaimers.
_BOX = re.compile(
    r"(?:related ?posts?|articoli (?:correlati|recenti)|recommended|recomendadas|(?:next|previous) post|"
    r"articolo (?:successivo|precedente)|popular posts|share this|(?:ti )?potrebbe interessart?[ie](?: anche)?|"
    r"ultime notizie|(?:i )?più letti|about the author|informazioni sull.autore)"
    r"(?:\W*\d*\W*$|(?-i:[A-ZÀ-Þ]))|se non sei abbonato e vuoi|"
    r"(?:i punti di vista e )?le opinioni espress[ei]\b.*(?:autor|articol|redazion)|the views and opinions expressed",
    re.I,
)
_DISCLAIMER_LENGTH = 300
_COOKIES = re.compile(r"(?:il nostro|questo) sito (?:utilizza|usa|fa uso)|.{0,60}\bcookies?\b", re.I)
#: A box about the author: name, occupation, employer.
_AUTHOR_BOX = re.compile(
    r"(?:[A-ZÀ-Þ][\w'’.-]+ ){2,4}(?:scrive|si occupa|collabora|lavora|è|ha|writes|is|escribe|es)\b.*?"
    r"\b(?:giornalist[ae]|testata|redazione|giornale|redattore|redattrice|reporter|editor|journalist|"
    r"periodista|per [A-Z])"
)
_CRUMB = re.compile(r"(?:Home|HOME)(?:\s*[>»/›|-]\s*|\s+|(?=[A-ZÀ-Þ]))(?P<trail>[^\s>].{1,60})")


def is_menu(text: str, bullet: bool) -> bool:
    """Whether a line above the headline belongs to the menu, the search box or the top bar."""
    return bullet or _MENU.fullmatch(text) is not None or is_weekday_date(text)


def is_about_cookies(text: str) -> bool:
    """Whether the line belongs to a banner about cookies."""
    return _COOKIES.match(text) is not None


def is_author_box(text: str) -> bool:
    """Whether the line presents its author to the readers."""
    return len(text) < 300 and _AUTHOR_BOX.match(text) is not None


def is_boilerplate(text: str) -> bool:
    """Whether a line inside the article's region is the theme's and not the article's."""
    disclaimed = len(text) < _DISCLAIMER_LENGTH and DISCLAIMER.search(text)
    return bool(disclaimed) or any(words.fullmatch(text) for words in (_BOILERPLATE, _MENU, URL))


def behind_tags(text: str) -> str | None:
    """The text behind "Tags:"; None where the line is none of tags."""
    found = _TAGS.match(text)
    return text[found.end() :] if found else None


def ends_page(text: str) -> bool:
    """Whether the line belongs to the comments, the forms or the footer."""
    return _PAGE_END.match(text) is not None


def is_end(text: str) -> bool:
    """Whether the article mostly ends before this line: tags, related posts, disclaimer, comments, footer."""
    return ends_page(text) or _TAGS.match(text) is not None or _BOX.match(text) is not None


def breadcrumb_trail(text: str) -> str | None:
    """The text behind "Home" in a breadcrumb line."""
    found = _CRUMB.fullmatch(text)
    if found is None or len(found["trail"].split()) > 5:
        return None
    return found["trail"].strip()
