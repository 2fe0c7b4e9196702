"""Checks for a contact before a crawl sends requests beyond this machine. Called by the command and the spider."""

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

HOW = (
    "say who answers for the crawl, a URL or an e-mail address that is read: "
    "export EMEROTECA_CONTACT=https://library.example/crawler"
)


def contact_problem(contact: str | None, hosts: Iterable[str]) -> str | None:
    """What to do before a crawl of these hosts, or None where it may begin: with a contact, or within this machine."""
    if contact and contact.strip():
        return None
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
