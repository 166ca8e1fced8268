"""How skewed senders are."""

from __future__ import annotations

import random
from collections import Counter

from benchmarks.cluster.senders import Senders


def test_the_first_ranks_send_the_most_up_to_their_limit() -> None:
    senders = Senders(random.Random(1), count=1000)
    counts = Counter(senders.draw(40) for _ in range(2000))
    assert counts["1@example.org"] == 40 == max(counts.values())
