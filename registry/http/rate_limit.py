"""How often a wrong token may be shown: token buckets in memory, for each address and over all.

A token has 256 random bits, so nobody guesses one; what is held off is the noise of trying. Each address
has `BURST` wrong attempts and regains one every `REGAIN_SECONDS`. Over all addresses there is a larger
bucket of the same kind; while it is empty, an address is heard only if it has not failed of late, so that
whoever holds a good token gets in, however many others fail.
"""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

#: Wrong attempts in a row from one address: a person who pastes the wrong thing needs two or three.
BURST = 10
#: After which one more is allowed, seconds.
REGAIN_SECONDS = 6.0
#: The same over all addresses.
BURST_OF_ALL = 200
REGAIN_SECONDS_OF_ALL = 0.5
#: Addresses that are remembered; the one that failed longest ago goes first. Some 200 bytes each.
ADDRESSES = 10_000
#: What one IPv6 customer has for himself, bits: he could fail from a new address every time.
IPV6_PREFIX = 64


@dataclass(slots=True)
class Bucket:
    """So many attempts, and one more every `regain` seconds."""

    size: int
    regain: float
    left: float
    at: float  #: when `left` was right, seconds of the clock

    def wait(self, now: float) -> float:
        """Seconds until there is an attempt; 0 if there is one."""
        self.left = min(self.size, self.left + (now - self.at) / self.regain)
        self.at = now
        return max(0.0, (1 - self.left) * self.regain)

    def spend(self, now: float) -> None:
        """One attempt less."""
        self.wait(now)
        self.left = max(0.0, self.left - 1)


class RateLimiter:
    """The failures that are remembered."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._all = Bucket(BURST_OF_ALL, REGAIN_SECONDS_OF_ALL, BURST_OF_ALL, clock())
        self._by_address: OrderedDict[str, Bucket] = OrderedDict()

    def wait(self, address: str) -> int:
        """Whole seconds until an attempt from `address` is heard; 0 for now."""
        bucket = self._by_address.get(_whole(address))
        if bucket is None:
            return 0
        now = self._clock()
        own, of_all = bucket.wait(now), self._all.wait(now)
        if bucket.left >= bucket.size:  # so long ago that it is a stranger again
            del self._by_address[_whole(address)]
            return 0
        return math.ceil(max(own, of_all))

    def failed(self, address: str) -> None:
        """An attempt from `address` was wrong."""
        now, whole = self._clock(), _whole(address)
        bucket = self._by_address.setdefault(whole, Bucket(BURST, REGAIN_SECONDS, BURST, now))
        self._by_address.move_to_end(whole)
        bucket.spend(now)
        self._all.spend(now)
        if len(self._by_address) > ADDRESSES:
            self._by_address.popitem(last=False)


def _whole(address: str) -> str:
    """The address, or the network of an IPv6 one."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if parsed.version == 4:
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed.packed, IPV6_PREFIX), strict=False))
