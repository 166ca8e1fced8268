"""What the checks of both mail servers share: the name, the secret, and why a server is not reached."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import time
from collections.abc import Callable, Iterator

from mailbot.doctor.check import CheckFailed, Warn
from mailbot.transport.credentials import Credentials, NoToken, OAuthToken
from mailbot.transport.tls import advice
from styles.service.config import ConfigError

#: Patience with a server, seconds: a doctor is waited for.
PATIENCE = 10.0


async def resolve(host: str, table: str) -> str:
    """The addresses of `host`. Raises `CheckFailed`."""
    try:
        return f"{ipaddress.ip_address(host)} is an address already"
    except ValueError:
        loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        remedy = f"mend [{table}] host, or this machine's name service"
        raise CheckFailed(f"{host} does not resolve to an address", remedy) from error
    return f"{host} is {', '.join(sorted({str(address[0]) for *_, address in found}))}"


async def ask_secret(of: Callable[[], Credentials], kept: list[Credentials]) -> str:
    """Puts what `of` gives into `kept`. Raises `CheckFailed`."""
    try:
        credentials = of()
        if not isinstance(credentials, OAuthToken):
            kept.append(credentials)
            return "there is a password"
        began = time.monotonic()
        await credentials.get()
    except ConfigError as error:
        raise CheckFailed(
            str(error).rstrip("."), "put it into the environment that the bot is started with"
        ) from error
    except NoToken as error:
        raise CheckFailed(str(error), "see token_command and token_file in the config") from error
    kept.append(credentials)
    return f"there is a token, after {time.monotonic() - began:.1f} s"


def unreached(error: Exception, table: str, place: str, *, local: bool) -> CheckFailed:
    """Why there is no connection with `place`; `local` is the embedded server."""
    if said := advice(error, table):
        words, _, remedy = said.rpartition(": ")
        return CheckFailed(words or said, remedy if words else "")
    remedy = "start it: make up" if local else f"mend host and port in [{table}], or start that server"
    if any(isinstance(cause, ConnectionRefusedError) for cause in _causes(error)):
        return CheckFailed(f"nobody listens at {place}", remedy)
    if any(isinstance(cause, TimeoutError) for cause in _causes(error)) or "no answer" in str(error):
        return CheckFailed(f"{place} does not answer within {PATIENCE:.0f} s", remedy)
    return CheckFailed(f"no connection with {place}: {error}", remedy)


def encryption(version: str | None, host: str, table: str, place: str) -> str | Warn:
    """What to say of a connection by its TLS version, None if it has none."""
    if version:
        return f"{place} speaks {version.replace('v', ' ')}, and its certificate is in order"
    if host == "localhost" or _is_loopback(host):
        return f"{place} answers; not encrypted, but on this machine"
    words = f"{place} answers, but nothing is encrypted: passwords and photos can be read on their way"
    return Warn(words, f'set tls in [{table}] to anything but "none"')


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__
