"""Describe a batch that a runner has, with its estimate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic

from runner.balancer.batching import W
from runner.balancer.cost_model import BatchKind
from runner.fleet.fleet import RunnerState


@dataclass(slots=True, kw_only=True, eq=False)
class Batch(Generic[W]):
    """Hold the photos of a batch that a runner has."""

    photos: Sequence[W]
    runner: RunnerState  #: its state when it got the batch
    began: float  #: when it became the first batch of its runner
    digests: frozenset[str]  #: of its styles
    missing: frozenset[str]  #: those that the runner had to load
    network: bool  #: whether it had to load their base too
    seconds: float = 0.0  #: estimate, from `began`
    #: Fingerprints already counted at its runner's death; batches of one death share the set.
    counted: set[str] = field(default_factory=set)
    #: Whether its runner died of another batch.
    innocent: bool = False

    @property
    def large(self) -> bool:
        """Whether it is a large photo, beside the batches."""
        return self.photos[0].large

    @property
    def pictures(self) -> int:
        """Pictures to paint."""
        return sum(photo.plan.pictures for photo in self.photos)

    @property
    def pixels(self) -> int:
        """Pixels to paint, at most."""
        return sum(photo.pixels for photo in self.photos)

    @property
    def kind(self) -> BatchKind:
        """Device and key; in batches of one kind, time is proportional to pixels."""
        return self.runner.device, self.photos[0].key

    def left(self, now: float) -> float:
        """Return the seconds until it is painted, if it is the first of its runner, or large.

        One that is overdue is expected to take as long again as it is late: a machine that was slow stays so.
        """
        return abs(self.began + self.seconds - now)
