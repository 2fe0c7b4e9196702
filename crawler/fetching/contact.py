"""Checks for a contact before a crawl sends requests beyond this machine. Called by the command and the spider."""

import ipaddress
import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

HOW: Final = (
    "say who answers for the crawl, a URL or an e-mail address that is read: "
    "export EMEROTECA_CONTACT=https://library.example/crawler"
)

_DOMAIN: Final = r"(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]+"
#: A URL or an e-mail address, fit for the comment of a user agent.
_CONTACT: Final = re.compile(
    rf"https?://{_DOMAIN}(?::\d+)?(?:[/?#][^\s()<>]*)?|(?:mailto:)?[^\s()<>@]+@{_DOMAIN}", re.IGNORECASE
)


def contact_problem(contact: str | None, hosts: Iterable[str]) -> str | None:
    """What to do before a crawl of these hosts, or None where it may begin: with a contact, or within this machine."""
    contact = (contact or "").strip()
    if contact:
        is_valid = contact.isascii() and _CONTACT.fullmatch(contact)
        return None if is_valid else f"{contact!r} is neither a URL nor an e-mail address: {HOW}"
    outside = [host for host in hosts if leaves_machine(host)]
    return f"{outside[0]} would be asked by nobody in particular: {HOW}" if outside else None


def leaves_machine(host: str) -> bool:
    """Whether a request to the host goes out: neither the host nor the proxy for it is this machine itself."""
    proxy = getproxies().get("https") if not proxy_bypass(host) else None
    name = urlsplit(proxy if "://" in proxy else f"http://{proxy}").hostname if proxy else host
    return not _is_loopback(name or "")


def _is_loopback(name: str) -> bool:
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False
