"""The options by which the kernel notices that the other end is gone."""

from __future__ import annotations

import socket

from styles.service.keepalive import keep_alive, watched_socket


def test_the_kernel_asks_a_silent_end_and_gives_up_after_six_seconds() -> None:
    with socket.socket() as connection:
        keep_alive(connection)
        names = ("TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT", "TCP_USER_TIMEOUT")
        found = [connection.getsockopt(socket.IPPROTO_TCP, getattr(socket, name)) for name in names]
        assert connection.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
    assert found == [3, 1, 3, 6000]


def test_a_socket_for_an_address_of_either_kind() -> None:
    for family in (socket.AF_INET, socket.AF_INET6):
        with watched_socket((family, socket.SOCK_STREAM, 0, "", ())) as connection:
            assert connection.family == family
            assert connection.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
