"""Addresses that no message is sent to, whatever a name resolves to.

Link-local addresses are where clouds answer for the machine itself: who got a message of ours to post there could have
its answer change what the machine is. Private addresses are where receivers are.
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

METADATA = frozenset(map(ip_address, ("fd00:ec2::254", "fd00:ec2::23", "100.100.100.200", "168.63.129.16")))
"""Where clouds answer for the machine itself beside link-local addresses: EC2, EKS Pod Identity, Alibaba, Azure."""
_TRANSLATED = ip_network("64:ff9b::/96")


def refused(address: str, scheme: str = "https") -> str | None:
    """Why nothing is sent to an address, or None; for a name, which is none, None."""
    found = _address(address)
    if found is None:
        return None
    if found.is_link_local or found in METADATA:
        return "a link-local or metadata address"
    if found.is_unspecified or found.is_multicast or found == IPv4Address("255.255.255.255"):
        return "no address of one receiver"
    if scheme == "http" and not found.is_loopback:
        return "not on this machine, and http is for this machine alone"
    return None


def is_loopback(host: str) -> bool:
    """Whether an address or a name is this machine's own."""
    found = _address(host)
    return host == "localhost" if found is None else found.is_loopback


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """The address that is meant: an IPv4 one where an IPv6 one only wraps it."""
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(found, IPv4Address):
        return found
    if isinstance(_TRANSLATED, IPv6Network) and found in _TRANSLATED:
        return IPv4Address(int(found) & 0xFFFFFFFF)
    return found.ipv4_mapped or found.sixtofour or found
