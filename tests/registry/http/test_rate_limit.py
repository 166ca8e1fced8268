from __future__ import annotations

import pytest

from registry.http.rate_limit import BURST, BURST_OF_ALL, REGAIN_SECONDS, REGAIN_SECONDS_OF_ALL, RateLimiter
from registry.store.access.rate_limit_buckets import LocalBuckets


class Clock:
    """A clock that goes on when it is told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tried(clock: Clock) -> RateLimiter:
    return RateLimiter(LocalBuckets(clock))


def fail(tried: RateLimiter, address: str, times: int = BURST) -> None:
    for _ in range(times):
        tried.failed(address)


def test_a_burst_and_then_one_after_the_other(tried: RateLimiter, clock: Clock) -> None:
    fail(tried, "1.2.3.4", BURST - 1)
    assert tried.wait("1.2.3.4") == 0
    fail(tried, "1.2.3.4", 1)
    assert tried.wait("1.2.3.4") == REGAIN_SECONDS
    clock.now += REGAIN_SECONDS
    assert tried.wait("1.2.3.4") == 0
    fail(tried, "1.2.3.4", 1)
    assert tried.wait("1.2.3.4") == REGAIN_SECONDS


def test_others_are_not_held_off(tried: RateLimiter) -> None:
    fail(tried, "1.2.3.4")
    assert tried.wait("1.2.3.5") == 0


def test_after_too_many_in_all_only_who_has_not_failed_is_heard(tried: RateLimiter, clock: Clock) -> None:
    fail(tried, "9.9.9.9", 1)
    for number in range(BURST_OF_ALL - 1):
        fail(tried, f"10.0.{number // 250}.{number % 250}", 1)
    assert tried.wait("9.9.9.9") > 0
    assert tried.wait("8.8.8.8") == 0
    clock.now += REGAIN_SECONDS_OF_ALL * 2
    assert tried.wait("9.9.9.9") == 0


def test_one_customer_of_ipv6_is_one(tried: RateLimiter) -> None:
    for number in range(BURST):
        fail(tried, f"2001:db8:1:2::{number:x}", 1)
    assert tried.wait("2001:db8:1:2:ffff::1") > 0
    assert tried.wait("2001:db8:1:3::1") == 0
    fail(tried, "::ffff:1.2.3.4")
    assert tried.wait("1.2.3.4") > 0


def test_what_is_no_address_is_one_all_the_same(tried: RateLimiter) -> None:
    fail(tried, "unix" * 100)
    assert tried.wait("unix" * 100) > 0
    assert tried.wait("") == 0
