"""Define the command line of a learning process. It is read before the sandbox is closed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Rank(StrEnum):
    """Say how far a process yields to others on the processor. Photos that are painted stop it besides."""

    USUAL = "usual"  #: corners, for which a person waits at a page
    LOW = "low"  #: one picture, for which a person waits some minutes
    IDLE = "idle"  #: a style: it runs when nothing else wants to


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerSettings:
    """Hold the command line of a learning process."""

    socket: int  #: descriptor of the connection to the balancer
    parent: int  #: pid of the process that started it
    device: str
    threads: int
    rank: Rank
    features: int  #: descriptor of the loss network's file; -1: none is needed
