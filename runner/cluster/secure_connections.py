"""Protect and watch the TCP connections between the balancer and the launchers.

Either both ends show a certificate, by TLS. Or both prove that they know the same secret, on a network that
the config declares private: then photos are not encrypted on it. A connection without traffic is probed, so a
cut is noticed within 8 s.

    balancer -> launcher   32 random bytes
    launcher -> balancer   32 random bytes, then the launcher's proof over both
    balancer -> launcher   the balancer's proof over both
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
import ssl
from collections.abc import Mapping
from ipaddress import ip_address, ip_network

from styles.service.config import ConfigError
from styles.service.keepalive import keep_alive

#: Variable that holds the shared secret, on the balancer's machine and on each node.
SECRET = "RUNNER_RELAY_SECRET"  # noqa: S105 - its name
#: Fewest characters of the secret, so that it cannot be guessed from a recorded proof.
LEAST_SECRET = 32
#: Variables that name the files of certificate, key and authority. Ray's own TLS reads the same.
TLS_FILES = ("RAY_TLS_SERVER_CERT", "RAY_TLS_SERVER_KEY", "RAY_TLS_CA_CERT")
#: Seconds for a connection to be made and for each end to prove itself.
CONNECT_SECONDS = 5.0
NONCE = PROOF = 32  # bytes


class NotAuthenticated(ConnectionError):
    """Report another end that does not know the secret, or is outside of the private network."""


def shared_secret(environment: Mapping[str, str]) -> bytes:
    """Return the secret. Raises `ConfigError`."""
    secret = environment.get(SECRET, "")
    if len(secret) < LEAST_SECRET:
        raise ConfigError(
            f"{SECRET} must be set in the environment, the same here and on each node, to at least "
            f"{LEAST_SECRET} characters: `openssl rand -hex 32` makes one."
        )
    return secret.encode()


def tls_context(environment: Mapping[str, str], purpose: ssl.Purpose) -> ssl.SSLContext:
    """Return the settings of a TLS end that shows a certificate and demands one. Raises `ConfigError`.

    `purpose`: CLIENT_AUTH for the balancer's end, SERVER_AUTH for a launcher's.
    """
    certificate, key, authority = (environment.get(name, "") for name in TLS_FILES)
    try:
        if not authority:  # ssl would trust the system's authorities instead
            raise FileNotFoundError(f"{TLS_FILES[2]} is not set")
        context = ssl.create_default_context(purpose, cafile=authority)
        context.load_cert_chain(certificate, key)
    except OSError as error:  # of ssl as well
        names = ", ".join(TLS_FILES)
        raise ConfigError(f"{names} must name the files of TLS, here and on each node: {error}") from error
    context.verify_mode = ssl.CERT_REQUIRED
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    return context


def watch(writer: asyncio.StreamWriter) -> None:
    """Have the kernel end a connection whose other end has been out of reach for some seconds."""
    keep_alive(writer.get_extra_info("socket"))


def require_inside(network: str, writer: asyncio.StreamWriter) -> None:
    """Raise `NotAuthenticated` unless the other end has an address in `network`."""
    peer = writer.get_extra_info("peername")
    if peer is None:
        raise NotAuthenticated("the other end has closed the connection")
    address = peer[0].partition("%")[0]
    if ip_address(address) not in ip_network(network):
        raise NotAuthenticated(f"{address} is not in the private network {network}")


async def challenge(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, secret: bytes) -> None:
    """Prove the secret to a launcher after it has. Raises `NotAuthenticated`, EOFError or OSError."""
    ours = secrets.token_bytes(NONCE)
    writer.write(ours)
    theirs = await reader.readexactly(NONCE)
    if not hmac.compare_digest(await reader.readexactly(PROOF), _proof(secret, b"launcher", ours, theirs)):
        raise NotAuthenticated("the other end does not know the secret")
    writer.write(_proof(secret, b"balancer", ours, theirs))


async def respond(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, secret: bytes) -> None:
    """Prove the secret to the balancer, and have it do so. Raises `NotAuthenticated`, EOFError or OSError."""
    ours = secrets.token_bytes(NONCE)
    theirs = await reader.readexactly(NONCE)
    writer.write(ours + _proof(secret, b"launcher", theirs, ours))
    if not hmac.compare_digest(await reader.readexactly(PROOF), _proof(secret, b"balancer", theirs, ours)):
        raise NotAuthenticated("the other end does not know the secret")


def _proof(secret: bytes, role: bytes, balancers: bytes, launchers: bytes) -> bytes:
    return hmac.digest(secret, role + balancers + launchers, hashlib.sha256)
