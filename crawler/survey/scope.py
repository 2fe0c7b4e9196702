"""Which hosts belong to the site of an address: its registrable domain, and the subdomains that its lists name."""

import re
from functools import cache
from ipaddress import ip_address

import tldextract

from crawler.urls import host_of, port_of


@cache
def _suffixes() -> tldextract.TLDExtract:
    """The Public Suffix List as the library ships it; nothing is fetched."""
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


def domain_of(url: str) -> str:
    """The registrable domain of a URL; of an address or a name without one, the host."""
    host = host_of(url)
    if _is_address(host) or host == "localhost" or host.endswith(".localhost"):
        return host
    found = _suffixes()(host)
    if found.suffix and found.domain:
        return f"{found.domain}.{found.suffix}"
    return ".".join(host.split(".")[-2:])


def site_name(url: str) -> str:
    """The name of the site: the registrable domain; with the port where it is not a usual one."""
    name = re.sub(r"[^a-z0-9.-]", "-", domain_of(url)).strip("-.")
    port = port_of(url)
    return name if port in (80, 443) else f"{name}-{port}"


def is_in_domain(url: str, start: str) -> bool:
    """Whether a URL is on the registrable domain of another, and on its port where that is no usual one."""
    if domain_of(url) != domain_of(start):
        return False
    usual = {80, 443}
    try:
        return port_of(url) == port_of(start) or {port_of(url), port_of(start)} <= usual
    except (KeyError, ValueError):
        return False


def hosts_of(urls: list[str]) -> tuple[str, ...]:
    """The hosts of URLs, each once, and with each the same with or without `www.`."""
    hosts: dict[str, None] = {}
    for url in urls:
        host = host_of(url)
        hosts.setdefault(host)
    for host in list(hosts):
        if not _is_address(host) and host != "localhost":
            bare = host.removeprefix("www.")
            if bare != host or host == domain_of(f"http://{host}/"):
                hosts.setdefault(bare if bare != host else f"www.{host}")
    return tuple(hosts)


def _is_address(host: str) -> bool:
    try:
        return bool(ip_address(host.strip("[]")))
    except ValueError:
        return False
