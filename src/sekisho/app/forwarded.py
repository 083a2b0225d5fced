"""Whose a request is that proxies have handed on.

Each proxy adds the address that it was called from to the right end of X-Forwarded-For. So what
stands right of the first address that is not a trusted proxy's is true, and that address itself;
what stands left of it anybody may have written.
"""

import ipaddress
from collections.abc import Sequence

MOST_HOPS = 32
LONGEST_HOP = 64

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def caller_address(peer: str, forwarded: str, trusted: Sequence[Network]) -> str:
    """The address of who asks: of the hops from right to left the first that is not trusted.

    peer: who called us. forwarded: the values of X-Forwarded-For, joined by commas. Where a hop
    cannot be read, or all are trusted, it is the last that was read.
    """
    found = read_address(peer)
    if found is None or not is_trusted(found, trusted):
        return peer
    for hop in reversed(forwarded.rsplit(",", MOST_HOPS)[-MOST_HOPS:]):
        address = read_hop(hop.strip(" \t"))
        if address is None:
            break
        found = address
        if not is_trusted(found, trusted):
            break
    return str(found)


def read_hop(text: str) -> Address | None:
    """An address; some proxies write its port too, as in ``192.0.2.1:80`` and ``[::1]:80``."""
    if len(text) > LONGEST_HOP:
        return None
    if text.startswith("["):
        return read_address(text[1:].partition("]")[0])
    return read_address(text.partition(":")[0] if text.count(":") == 1 else text)


def read_address(text: str) -> Address | None:
    """IPv4 that is mapped into IPv6 is IPv4. None for what is no address, or names a zone."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv4Address):
        return address
    return None if address.scope_id is not None else address.ipv4_mapped or address


def is_trusted(address: Address, trusted: Sequence[Network]) -> bool:
    return any(address in network for network in trusted)
