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
from dataclasses import dataclass
from functools import partial

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


@dataclass(slots=True)
class Bucket:
    """Hold `size` attempts, of which one comes back every `regain` seconds."""

    size: int
    regain: float
    left: float
    at: float  #: time of `left`, seconds of the clock

    def wait(self, now: float) -> float:
        """Return the seconds until an attempt is allowed; 0 for now."""
        self.left = min(self.size, self.left + (now - self.at) / self.regain)
        self.at = now
        return max(0.0, (1 - self.left) * self.regain)

    def spend(self, now: float) -> None:
        """Take one attempt."""
        self.wait(now)
        self.left = max(0.0, self.left - 1)


class RateLimiter:
    """Remember failures by address."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._all = Bucket(BURST_OF_ALL, REGAIN_SECONDS_OF_ALL, BURST_OF_ALL, clock())
        self._by_address: BoundedDict[str, Bucket] = BoundedDict(ADDRESSES)

    def wait(self, address: str) -> int:
        """Return the whole seconds until an attempt from `address` is allowed; 0 for now."""
        bucket = self._by_address.get(_network(address))
        if bucket is None:
            return 0
        now = self._clock()
        own, of_all = bucket.wait(now), self._all.wait(now)
        if bucket.left >= bucket.size:  # its failures are long ago
            del self._by_address[_network(address)]
            return 0
        return math.ceil(max(own, of_all))

    def failed(self, address: str) -> None:
        """Count a wrong attempt from `address`."""
        now = self._clock()
        new = partial(Bucket, BURST, REGAIN_SECONDS, BURST, now)
        self._by_address.get_or_add(_network(address), new).spend(now)
        self._all.spend(now)


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
