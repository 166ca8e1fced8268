"""Notice that the other end of a TCP connection is gone, although nothing says so.

A machine without power and a cut link close no connection. Without these options a connection that only
waits would wait for hours.
"""

from __future__ import annotations

import socket
from typing import Any

#: Seconds of silence until the kernel asks the other end, and between two questions; and unanswered
#: questions after which the connection counts as lost. Together they are six seconds.
IDLE_SECONDS, EVERY_SECONDS, QUESTIONS = 3, 1, 3
#: Milliseconds that sent bytes may stay unconfirmed, for the same six seconds. The kernel also ends a
#: connection whose other end reads nothing for that time while its buffers are full.
UNCONFIRMED_MS = 6000


def keep_alive(connection: socket.socket) -> None:
    """Have the kernel end a TCP connection within seconds after its other end is gone."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in (
        ("TCP_KEEPIDLE", IDLE_SECONDS),
        ("TCP_KEEPINTVL", EVERY_SECONDS),
        ("TCP_KEEPCNT", QUESTIONS),
        ("TCP_USER_TIMEOUT", UNCONFIRMED_MS),
    ):
        if hasattr(socket, option):  # not on every system
            connection.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)


def watched_socket(address: tuple[Any, ...]) -> socket.socket:
    """Return a socket to connect to an address of `getaddrinfo`, with `keep_alive`."""
    family, kind, protocol, *_ = address
    connection = socket.socket(family, kind, protocol)
    keep_alive(connection)
    return connection
