"""What a number of mails takes besides runners."""

from __future__ import annotations

import pytest

from benchmarks.cluster.needs import GOOGLE_SENT, busiest, needs, price


def test_a_million_mails() -> None:
    found = needs(1_000_000)
    assert found.peak_mails == pytest.approx(27.8, abs=0.1)
    assert (found.bots, found.balancers) == (1, 1)
    assert found.google_mailboxes >= 1_000_000 / GOOGLE_SENT


def test_twice_the_runners_cost_twice_as_much() -> None:
    assert price(2, 0.8, 1000) == 2 * price(1, 0.8, 1000) == 1000 * 2 * 0.8 * 24 / 1600


def test_a_sender_without_a_limit_makes_one_balancer_the_busiest() -> None:
    assert busiest(8, 5000, 5, seed=1) < busiest(8, 5000, 1e9, seed=1)
