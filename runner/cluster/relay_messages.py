"""Define what balancer and launchers say to each other beside a runner's own messages.

hello     which slot and which launcher a connection belongs to   launcher -> balancer
refused   that no slot needs the launcher                          balancer -> launcher
free      bytes of memory on the node, while it waits              launcher -> balancer
start     have it start a process on this connection               balancer -> launcher
started   the id of the process; from then on it is relayed        launcher -> balancer
failed    why no process has started                               launcher -> balancer
stop      end the process by SIGTERM, and later by SIGKILL         balancer -> launcher
ended     the exit status of the process; the connection closes    launcher -> balancer
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from typing import Any

from runner.protocol.framing import Frame, WireError

START = Frame({"relay": "start"})
STOP = Frame({"relay": "stop"})


@dataclass(frozen=True, slots=True, kw_only=True)
class LauncherSettings:
    """Hold what a launcher needs; it travels as JSON."""

    host: str  #: of the balancer's relay
    port: int
    tls: bool
    private_network: str  #: where `tls` is False
    ticket: str  #: of the slot
    registry: str  #: URL of the registry, as the node reaches it
    cache: str  #: folder of style files on the node
    cache_disk_bytes: int
    cache_bytes: int  #: models in memory
    device: str  #: "auto" is the GPU that Ray has given, or else the CPU
    threads: int
    module: str  #: that a runner process runs


@dataclass(frozen=True, slots=True, kw_only=True)
class Hello:
    """Introduce a connection."""

    ticket: str  #: of the slot
    launcher: str  #: of the process; it has several connections
    node: str
    free: int  #: bytes of memory
    version: str = metadata.version("mailbot")


def hello_frame(hello: Hello) -> Frame:
    """Encode a hello."""
    return Frame({"relay": "hello", **{name: getattr(hello, name) for name in hello.__slots__}})


def frame_to_hello(frame: Frame | None) -> Hello:
    """Decode a hello. Raises `WireError`."""
    header: Mapping[str, Any] = frame.header if frame else {}
    try:
        return Hello(
            ticket=str(header["ticket"]),
            launcher=str(header["launcher"]),
            node=str(header["node"])[:80],
            free=int(header["free"]),
            version=str(header["version"])[:40],
        )
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise WireError("a connection that does not say whose it is") from error


def refused_frame(reason: str) -> Frame:
    """Encode that a launcher is not needed."""
    return Frame({"relay": "refused", "reason": reason})


def free_frame(free: int) -> Frame:
    """Encode the bytes of memory on a node."""
    return Frame({"relay": "free", "free": free})


def started_frame(pid: int) -> Frame:
    """Encode that a process has started."""
    return Frame({"relay": "started", "pid": pid})


def failed_frame(reason: str) -> Frame:
    """Encode that no process has started."""
    return Frame({"relay": "failed", "reason": reason})


def ended_frame(status: int) -> Frame:
    """Encode that a process has ended."""
    return Frame({"relay": "ended", "status": status})


def number_of(frame: Frame, name: str) -> int:
    """Return a number of a frame. Raises `WireError`."""
    value = frame.header.get(name)
    if not isinstance(value, int):
        raise WireError(f"a frame without the number {name}")
    return value
