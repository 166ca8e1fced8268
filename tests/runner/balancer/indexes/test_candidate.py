"""What a runner would cost a photo."""

from __future__ import annotations

import pytest

from runner.balancer.batch_in_flight import Batch
from runner.balancer.batching import QueuedJob
from runner.balancer.indexes.candidate import LATE, Candidate
from runner.fleet.fleet import RunnerState
from tests.fakes.runner.queued import photo

STATE = RunnerState(name="r0", device="cpu", state="ready", credits=2)


def a_batch(job: QueuedJob, seconds: float) -> Batch[QueuedJob]:
    none: frozenset[str] = frozenset()
    return Batch(
        photos=[job], runner=STATE, began=0.0, digests=none, missing=none, network=False, seconds=seconds
    )


def test_a_late_batch_may_take_as_long_again_as_it_is_late() -> None:
    candidate: Candidate[QueuedJob] = Candidate(state=STATE, held=[a_batch(photo(), 1.0)], ends=1.0, rest=0.5)
    assert [candidate.wait(now) for now in (0.25, 1.0, 1.25)] == pytest.approx([1.25, 0.5, 0.75])


def test_credit_ends_with_a_second_batch_a_suspect_and_a_hang() -> None:
    candidate: Candidate[QueuedJob] = Candidate(state=STATE)
    assert candidate.has_credit(0.0)
    candidate.held = [a_batch(photo(), 1.0)]
    assert candidate.has_credit(1.0 + LATE)
    assert not candidate.has_credit(1.1 + LATE)
    candidate.held = [a_batch(photo(alone=True), 1.0)]
    assert not candidate.has_credit(0.0)
    candidate.held = [a_batch(photo(), 1.0)] * 2
    assert not candidate.has_credit(0.0)
