"""Start the processes of one slot: here, or on another machine (`runner/cluster/`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from runner.fleet.child_process import LocalProcess
from runner.fleet.runner_connection import RunnerConnection
from runner.fleet.style_file_pulls import Pull
from styles.service.cgroup import free_memory


class Launcher(Protocol):
    """Start runner processes on one device, one after the other or two at once."""

    @property
    def node(self) -> str:
        """Name of the machine, "" for this one."""

    @property
    def waiting(self) -> bool:
        """Whether there is no device yet."""

    async def start(self, seconds: float | None = None) -> RunnerConnection:
        """Start a process, when there is a device. Raises `RunnerDied` or OSError.

        `seconds` is the most to wait for the device.
        """

    def free_memory(self) -> int:
        """Return the bytes that another process may take on the machine."""

    async def close(self) -> None:
        """Give the device back, when all processes have ended."""


class LocalLauncher:
    """Start a command on this machine."""

    node = ""
    waiting = False

    def __init__(self, command: Sequence[str], pull: Pull) -> None:
        """`pull` finds the style files that the processes ask for."""
        self._command = command
        self._pull = pull

    async def start(self, seconds: float | None = None) -> RunnerConnection:
        """Start a process on this machine, which has nothing to wait for. Raises OSError."""
        return RunnerConnection(await LocalProcess.start(self._command), self._pull)

    def free_memory(self) -> int:
        """Return the bytes that another process may take."""
        return free_memory()

    async def close(self) -> None:
        """Do nothing, since the device is this machine's."""
