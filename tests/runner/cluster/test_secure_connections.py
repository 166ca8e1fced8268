"""Both ends of a connection prove themselves, or it ends."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from runner.cluster import secure_connections
from styles.service.config import ConfigError
from tests.fakes.runner.cluster.certificates import certificates
from tests.fakes.runner.cluster.ray_fleet import RELAY_SECRET
from tests.fakes.runner.streams import Streams, both_ends

SECRET = RELAY_SECRET.encode()
End = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def both(ours: End, theirs: End) -> tuple[BaseException | None, BaseException | None]:
    """What the two ends raise."""

    async def run(end: End, streams: Streams) -> None:
        try:
            await end(*streams)
        finally:
            streams[1].close()

    left, right = await both_ends()
    outcomes = await asyncio.gather(run(ours, left), run(theirs, right), return_exceptions=True)
    return outcomes[0], outcomes[1]


async def test_ends_that_know_the_secret() -> None:
    outcomes = await both(
        lambda r, w: secure_connections.challenge(r, w, SECRET),
        lambda r, w: secure_connections.respond(r, w, SECRET),
    )
    assert outcomes == (None, None)


async def test_neither_end_goes_on_with_one_that_does_not() -> None:
    ours, theirs = await both(
        lambda r, w: secure_connections.challenge(r, w, SECRET),
        lambda r, w: secure_connections.respond(r, w, b"another"),
    )
    assert isinstance(ours, secure_connections.NotAuthenticated)
    assert isinstance(theirs, EOFError)


async def test_a_launcher_believes_no_false_balancer() -> None:
    async def pretends(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(bytes(32))
        await reader.readexactly(64)
        writer.write(bytes(32))

    _, theirs = await both(pretends, lambda r, w: secure_connections.respond(r, w, SECRET))
    assert isinstance(theirs, secure_connections.NotAuthenticated)


async def test_a_proof_that_is_sent_back_proves_nothing() -> None:
    """An end that knows no secret may repeat what it hears."""

    async def repeats(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(bytes(32))
        heard = await reader.readexactly(64)
        writer.write(heard[32:])

    _, theirs = await both(repeats, lambda r, w: secure_connections.respond(r, w, SECRET))
    assert isinstance(theirs, secure_connections.NotAuthenticated)


@pytest.mark.parametrize("secret", [None, "", "short"])
def test_a_secret_that_is_missing_or_short_is_an_error_that_says_what_to_do(secret: str | None) -> None:
    with pytest.raises(ConfigError, match=r"RUNNER_RELAY_SECRET.*openssl rand"):
        secure_connections.shared_secret({} if secret is None else {secure_connections.SECRET: secret})
    assert secure_connections.shared_secret({secure_connections.SECRET: RELAY_SECRET}) == SECRET


def test_files_of_tls_that_are_missing_are_named() -> None:
    with pytest.raises(ConfigError, match="RAY_TLS_SERVER_CERT"):
        secure_connections.tls_context({}, ssl.Purpose.CLIENT_AUTH)
    with pytest.raises(ConfigError, match="RAY_TLS_CA_CERT"):
        secure_connections.tls_context(
            dict.fromkeys(secure_connections.TLS_FILES, "/no/such"), ssl.Purpose.SERVER_AUTH
        )


def test_without_an_authority_the_systems_are_not_trusted(tmp_path: Path) -> None:
    files = certificates(tmp_path) | {"RAY_TLS_CA_CERT": ""}
    for purpose in (ssl.Purpose.CLIENT_AUTH, ssl.Purpose.SERVER_AUTH):
        with pytest.raises(ConfigError, match="RAY_TLS_CA_CERT is not set"):
            secure_connections.tls_context(files, purpose)


async def test_a_connection_that_closed_at_once_is_outside() -> None:
    left, right = socket.socketpair(socket.AF_UNIX)
    with right:
        _, writer = await asyncio.open_unix_connection(sock=left)
        writer.transport._extra["peername"] = None  # type: ignore[attr-defined]  # as asyncio notes it
        with pytest.raises(secure_connections.NotAuthenticated, match="has closed"):
            secure_connections.require_inside("127.0.0.0/8", writer)
        writer.close()


async def test_tls_refuses_an_end_without_a_certificate(tmp_path: Path) -> None:
    files = certificates(tmp_path)
    met: list[str] = []

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        met.append(str(await reader.read(9)))
        writer.close()

    server = await asyncio.start_server(
        meet, "127.0.0.1", 0, ssl=secure_connections.tls_context(files, ssl.Purpose.CLIENT_AUTH)
    )
    port = server.sockets[0].getsockname()[1]
    without = ssl.create_default_context(cafile=files["RAY_TLS_CA_CERT"])
    async with server:
        with pytest.raises((ssl.SSLError, ConnectionError, EOFError)):  # noqa: PT012 - TLS 1.3 tells it at the first read
            reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=without)
            writer.write(b"hello")
            await reader.readexactly(1)
        assert met == []
        known = secure_connections.tls_context(files, ssl.Purpose.SERVER_AUTH)
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=known)
        writer.write(b"hello")
        assert await reader.read() == b""
        assert met == ["b'hello'"]
        writer.close()


async def test_the_private_network_and_the_probes() -> None:
    accepted: asyncio.Future[asyncio.StreamWriter] = asyncio.get_running_loop().create_future()
    server = await asyncio.start_server(lambda _, writer: accepted.set_result(writer), "127.0.0.1", 0)
    async with server:
        _, writer = await asyncio.open_connection("127.0.0.1", server.sockets[0].getsockname()[1])
        ours = await accepted
        secure_connections.watch(ours)
        secure_connections.require_inside("127.0.0.0/8", ours)
        with pytest.raises(
            secure_connections.NotAuthenticated, match=r"127\.0\.0\.1 is not in the private network 10"
        ):
            secure_connections.require_inside("10.0.0.0/8", ours)
        connection = ours.get_extra_info("socket")
        assert connection.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 6000
        ours.close()
        writer.close()
