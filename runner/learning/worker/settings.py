"""Define the command line of a learning process. It is read before the sandbox is closed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerSettings:
    """Hold the command line of a learning process."""

    socket: int  #: descriptor of the connection to the balancer
    parent: int  #: pid of the process that started it
    device: str
    threads: int
    features: int  #: descriptor of the loss network's file; -1: none is needed
