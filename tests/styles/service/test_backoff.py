"""Pauses between attempts."""

from __future__ import annotations

from styles.service.backoff import RestartPauses, backoff, jittered


def test_it_doubles_up_to_the_last() -> None:
    assert [backoff(failures, 0.5, 3.0) for failures in range(5)] == [0.5, 1.0, 2.0, 3.0, 3.0]
    assert backoff(100_000, 0.5, 3.0) == 3.0


def test_jitter_takes_off_half_at_most() -> None:
    pauses = [jittered(2, 1.0, 60.0) for _ in range(1000)]
    assert 2.0 <= min(pauses) < 2.2 < 3.8 < max(pauses) <= 4.0


def test_the_first_restart_is_immediate() -> None:
    pauses = RestartPauses(0.5, 15.0, 60.0)
    assert [pauses.after(1) for _ in range(8)] == [0, 0.5, 1, 2, 4, 8, 15, 15]


def test_a_long_life_begins_the_pauses_anew() -> None:
    pauses = RestartPauses(0.5, 15.0, 60.0)
    assert [pauses.after(lived) for lived in (1, 1, 60, 61, 1)] == [0, 0.5, 1, 0, 0.5]
    assert pauses.deaths == 2
