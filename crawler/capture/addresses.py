"""Checks the addresses that a host name resolves to, before a connection to one of them is made.

Used by the download handler where it connects without a proxy. Twisted receives only the addresses that pass, and
connects to these very addresses. So no name, however it is resolved, leads to a host inside the crawler's own network.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from twisted.internet.interfaces import IReactorPluggableNameResolver
from zope.interface import implementer

Network = IPv4Network | IPv6Network

LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
#: IPv6 addresses that a network with IPv6 only has for IPv4 hosts (RFC 6052 2.1).
NAT64 = IPv6Network("64:ff9b::/96")
#: All other public ones (RFC 4291 2.4).
GLOBAL_UNICAST = IPv6Network("2000::/3")


def named_networks(networks: Iterable[str], hosts: Iterable[str]) -> tuple[Network, ...]:
    """The networks, and those of hosts that are addresses or `localhost`."""
    found: list[Network] = [ip_network(text.strip(), strict=False) for text in networks if text.strip()]
    for host in hosts:
        if host == "localhost" or host.endswith(".localhost"):
            found += LOOPBACK
        with suppress(ValueError):
            found.append(ip_network(host.strip("[]")))
    return tuple(found)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether it is a host's on the internet: not loopback, link-local, private, multicast, unspecified or reserved,
    and no IPv6 spelling of such an IPv4 address."""
    if isinstance(address, IPv6Address):
        if address in NAT64:
            return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
        if address not in GLOBAL_UNICAST or address.sixtofour or address.teredo:
            return False
    return address.is_global and not address.is_multicast


@implementer(IReactorPluggableNameResolver)
class AddressCheck:
    """The reactor as an endpoint sees it, with a name resolver (twisted.internet.interfaces.IHostnameResolver) that
    leaves out addresses that are neither public nor in `networks`. refused: these."""

    def __init__(self, reactor: Any, networks: tuple[Network, ...]) -> None:
        self._reactor = reactor
        self._networks = networks
        self.refused: list[str] = []
        self.nameResolver = self

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reactor, name)

    def resolveHostName(self, receiver: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N802  Twisted's name
        return self._reactor.nameResolver.resolveHostName(_Receiver(receiver, self.passes), *args, **kwargs)

    def passes(self, host: str) -> bool:
        address = ip_address(host)
        passes = is_public(address) or any(address in network for network in self._networks)
        if not passes:
            self.refused.append(host)
        return passes


class _Receiver:
    """An IResolutionReceiver that passes on the addresses that pass."""

    def __init__(self, receiver: Any, passes: Callable[[str], bool]) -> None:
        self.resolutionBegan = receiver.resolutionBegan
        self.addressResolved = lambda address: receiver.addressResolved(address) if passes(address.host) else None
        self.resolutionComplete = receiver.resolutionComplete
