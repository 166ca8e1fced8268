"""Draw the senders of mails, of which some send far more than others."""

from __future__ import annotations

import itertools
import random
from bisect import bisect
from collections import Counter

#: Senders in a day, and the exponent of their skew: the one of rank n sends 1 / n as much as the first.
SENDERS, SKEW = 200_000, 1.0
#: Photos that the first ranks may send in an hour: the bot answers `replies_per_hour` mails of a sender.
PER_HOUR = 60


class Senders:
    """Draw senders by Zipf's law."""

    def __init__(self, dice: random.Random, count: int = SENDERS, skew: float = SKEW) -> None:
        self._dice = dice
        self._shares = list(itertools.accumulate(rank**-skew for rank in range(1, count + 1)))
        self._sent: Counter[int] = Counter()

    def draw(self, most: float) -> str:
        """Return the sender of the next mail. Each sends `most` mails at most."""
        while True:
            rank = bisect(self._shares, self._dice.random() * self._shares[-1])
            if self._sent[rank] < most:
                self._sent[rank] += 1
                return f"{rank}@example.org"
