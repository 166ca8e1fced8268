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

from dataclasses import dataclass, replace
from typing import Literal

import msgspec

from runner.protocol.framing import Frame, WireError
from runner.protocol.messages import reading
from styles import __version__

#: The version of this project; both ends must have the same.
VERSION = __version__


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
    json_logs: bool  #: of the launcher and its runner processes


@dataclass(frozen=True, slots=True, kw_only=True)
class Hello:
    """Introduce a connection."""

    ticket: str  #: of the slot
    launcher: str  #: of the process; it has several connections
    node: str
    free: int  #: bytes of memory
    version: str


def relay_frame(
    kind: Literal["hello", "refused", "free", "start", "started", "failed", "stop", "ended"],
    **fields: str | int,
) -> Frame:
    """Encode one of the messages above with its fields."""
    return Frame({"relay": kind, **fields})


def frame_to_hello(frame: Frame | None) -> Hello:
    """Decode a hello. Raises `WireError`."""
    with reading("a connection"):
        hello = msgspec.convert(frame.header if frame else None, Hello)
    return replace(hello, node=hello.node[:80], version=hello.version[:40])


def number_of(frame: Frame, name: str) -> int:
    """Return a number of a frame. Raises `WireError`."""
    value = frame.header.get(name)
    if not isinstance(value, int):
        raise WireError(f"a frame without the number {name}")
    return value
