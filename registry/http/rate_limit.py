"""Limit wrong tokens by token buckets in memory: one for each address, and one over all.

Nobody guesses a token of 256 random bits; the limit holds off the load of trying. Each address has `BURST`
wrong attempts and regains one every `REGAIN_SECONDS`. A larger bucket of the same kind counts all addresses.
While it is empty, only addresses without recent failures are heard. So a valid token gets in, however many
other addresses fail.
"""

from __future__ import annotations

import ipaddress
import math
import time
from collections.abc import Callable

from styles.service.bounded_dict import BoundedDict

#: Wrong attempts in a row from one address: a person who pastes the wrong text needs two or three.
BURST = 10
#: Seconds after which an address regains one attempt.
REGAIN_SECONDS = 6.0
#: The same over all addresses.
BURST_OF_ALL = 200
REGAIN_SECONDS_OF_ALL = 0.5
#: Addresses that are remembered, of some 200 bytes each. The one that failed longest ago is dropped first.
ADDRESSES = 10_000
#: Bits of the network that one IPv6 customer has, who could fail from a new address every time.
IPV6_PREFIX = 64


class RateLimiter:
    """Remember failures by address: the moment at which all attempts are back, in seconds of the clock."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._all = 0.0
        self._by_address: BoundedDict[str, float] = BoundedDict(ADDRESSES)

    def wait(self, address: str) -> int:
        """Return the whole seconds until an attempt from `address` is allowed; 0 for now."""
        now = self._clock()
        own = self._by_address.get(_network(address), 0.0) - now
        if own <= 0:  # without failures, or they are long ago
            return 0
        of_all = self._all - now - (BURST_OF_ALL - 1) * REGAIN_SECONDS_OF_ALL
        return max(0, math.ceil(max(own - (BURST - 1) * REGAIN_SECONDS, of_all)))

    def failed(self, address: str) -> None:
        """Count a wrong attempt from `address`."""
        now, network = self._clock(), _network(address)
        own = max(self._by_address.get(network, 0.0), now) + REGAIN_SECONDS
        self._by_address[network] = min(own, now + BURST * REGAIN_SECONDS)
        of_all = max(self._all, now) + REGAIN_SECONDS_OF_ALL
        self._all = min(of_all, now + BURST_OF_ALL * REGAIN_SECONDS_OF_ALL)


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
