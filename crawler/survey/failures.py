"""Sentences for addresses at which there is no news site to crawl: what happened, where, and what to do. Pure."""

import re

from crawler.capture.network_errors import NetworkReason
from crawler.discovery.route import ListPage
from crawler.exceptions import RequestSkipped
from crawler.survey.page_links import PageLinks
from crawler.urls import host_of

#: Letters of text below which a page with scripts is an empty shell.
SHELL = 300
_REFUSING = frozenset({401, 403, 407, 429, 451, 503})
_PARKED = re.compile(
    r"domain (?:name )?(?:is|may be) for sale|buy this domain|this domain (?:is|has been) (?:parked|registered)"
    r"|parked (?:free|domain)|dominio (?:è )?in vendita|domain steht zum verkauf|domaine est à vendre"
    r"|hugedomains|sedoparking",
    re.I,
)
_CHALLENGE = re.compile(
    r"checking your browser|just a moment\.\.\.|verify(?:ing)? (?:that )?you are (?:a )?human|cf-chl|captcha", re.I
)
_CONSENT = re.compile(r"cookies?|consent|consenso|einwilligung|zustimm|consentement|consentimiento|gdpr|dsgvo", re.I)


def of_skipped(url: str, skipped: RequestSkipped) -> str:
    """Of a request that was not sent, or not answered."""
    if skipped.reason in set(NetworkReason):
        return f"{host_of(url)} does not answer ({skipped}): check the address, the network and the proxy"
    if skipped.reason.startswith("robots"):
        return f"robots.txt of {host_of(url)} does not allow the crawler on {url} ({skipped}): it is obeyed"
    if skipped.reason == "offsite-redirect":
        return f"{skipped}, which is another site: crawl that one if it is meant"
    return f"{url} is not requested ({skipped.reason}): {skipped}"


def of_network(url: str, problem: Exception) -> str:
    """Of an error in the words of the network's libraries."""
    reason = str(problem).strip().rstrip(".") or type(problem).__name__
    return f"{host_of(url)} does not answer ({reason}): check the address, the network and the proxy"


def of_status(url: str, status: int) -> str:
    """Of an answer with another status than 200."""
    if status in _REFUSING:
        return (
            f"{host_of(url)} refuses the crawler (status {status}): no way round is tried. Ask the site's owner, or "
            "try again later"
        )
    return f"{url} answered with status {status}: check the address"


def of_nothing_found(first: ListPage, home: PageLinks | None) -> str:
    """Of a site on which nothing looks like an article. first: the answer for the address."""
    host = host_of(first.url)
    letters = home.text_letters if home else 0
    text = first.body[:200_000].decode("utf-8", "replace")
    if _PARKED.search(text):
        return f"{host} is a parked domain: there is no site to crawl"
    if _CHALLENGE.search(text) and letters < 3 * SHELL:
        return f"{host} shows a challenge for browsers instead of its pages: no way round is tried"
    if home is not None and home.asks_password:
        return f"{host} asks for a password: Emeroteca crawls what is public"
    if letters < SHELL and "<script" in text:
        return f"{host} is built by JavaScript in the browser (needs-javascript): its pages hold no text to read"
    if home is not None and not home.links and len(_CONSENT.findall(text)) >= 2:
        return f"{host} shows a consent wall instead of its pages (consent-wall): no consent is given for you"
    return f"nothing on {host} looks like articles: neither sitemaps nor feeds nor sections name any"
