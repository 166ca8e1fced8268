"""When a runner process is worn out."""

from __future__ import annotations

import pytest

from runner.fleet.recycling import MAX_BATCHES, REPORTS, YOUNG_BATCHES, RecyclingPolicy
from runner.protocol.messages import Report

OLD = YOUNG_BATCHES
LIMIT = 100 << 20


def told(policy: RecyclingPolicy, *reports: tuple[int, int]) -> list[str]:
    """What comes of reports of (MiB, batches)."""
    return [policy.due(Report(memory=mib << 20, batches=batches)) for mib, batches in reports]


@pytest.mark.parametrize(
    ("reports", "due"),
    [
        ([(99, OLD)] * 50, False),
        ([(101, OLD)] * (REPORTS - 1), False),
        ([(101, OLD)] * REPORTS, True),
        ([*[(2000, OLD)] * (REPORTS - 1), (90, OLD)] * 9, False),  # large photos that are being painted
        ([(101, OLD - 1)] * 50, False),  # it needs that
        ([*[(101, 1)] * REPORTS, *[(150, OLD)] * REPORTS], False),
        ([*[(101, 1)] * REPORTS, *[(152, OLD)] * REPORTS], True),  # and then it grows
        ([(1, MAX_BATCHES - 1)], False),
        ([(1, MAX_BATCHES)], True),
    ],
)
def test_when(reports: list[tuple[int, int]], due: bool) -> None:
    assert any(told(RecyclingPolicy(LIMIT), *reports)) == due


def test_it_is_said_once_with_the_reason() -> None:
    said = told(RecyclingPolicy(LIMIT), *[(101, OLD)] * (REPORTS + 50))
    assert [why for why in said if why] == ["it weighs 101 MiB, over 100"]


def test_who_is_heavy_at_once_is_warned_about_once(caplog: pytest.LogCaptureFixture) -> None:
    assert not any(told(RecyclingPolicy(LIMIT), *[(140, 1)] * 50))
    assert [record.getMessage() for record in caplog.records] == [
        "a runner weighs 140 MiB after 1 batches, over recycle_bytes (100 MiB): it needs that, and stays"
    ]


def test_without_a_limit_never() -> None:
    assert not any(told(RecyclingPolicy(0), *[(9999, OLD)] * 50, (1, MAX_BATCHES)))
