"""Limit wrong tokens by token buckets: one for each address, and one over all.

Nobody guesses a token of 256 random bits; the limit holds off the load of trying. Each address has `BURST`
wrong attempts and regains one every `REGAIN_SECONDS`. A larger bucket of the same kind counts all addresses.
While it is empty, only addresses without recent failures are told that theirs is wrong. A valid token never
waits (registry/http/auth.py). registry/store/access/rate_limit_buckets.py remembers the buckets.
"""

from __future__ import annotations

import ipaddress
import math

from registry.store.access.rate_limit_buckets import RateLimitBuckets

#: Wrong attempts in a row from one address: a person who pastes the wrong text needs two or three.
BURST = 10
#: Seconds after which an address regains one attempt.
REGAIN_SECONDS = 6.0
#: The same over all addresses.
BURST_OF_ALL = 200
REGAIN_SECONDS_OF_ALL = 0.5
#: Key of the bucket over all addresses.
ALL = "*"
#: Bits of the network that one IPv6 customer has, who could fail from a new address every time.
IPV6_PREFIX = 64


class RateLimiter:
    """Count failures by address. The calls block, and raise what `RateLimitBuckets` raises."""

    def __init__(self, buckets: RateLimitBuckets) -> None:
        self._buckets = buckets

    def wait(self, address: str) -> int:
        """Return the whole seconds until an attempt from `address` is allowed; 0 for now."""
        own = self._buckets.left(_network(address))
        if not own:  # without failures, or they are long ago
            return 0
        of_all = self._buckets.left(ALL) - (BURST_OF_ALL - 1) * REGAIN_SECONDS_OF_ALL
        return max(0, math.ceil(max(own - (BURST - 1) * REGAIN_SECONDS, of_all)))

    def failed(self, address: str) -> None:
        """Count a wrong attempt from `address`."""
        self._buckets.charge(_network(address), REGAIN_SECONDS, BURST * REGAIN_SECONDS)
        self._buckets.charge(ALL, REGAIN_SECONDS_OF_ALL, BURST_OF_ALL * REGAIN_SECONDS_OF_ALL)


def _network(address: str) -> str:
    """Return the address; for IPv6, its network."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if parsed.version == 4:
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed.packed, IPV6_PREFIX), strict=False))
