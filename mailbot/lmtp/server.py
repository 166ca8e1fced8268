"""Listen for the mail server of one's own domain, on a socket of this machine or on a port of it.

LMTP has no login. A port of this machine is open to all its users. Of a socket, the folder decides: who may
enter it may hand over mail.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from pathlib import Path

from mailbot.lmtp.delivery import AcceptMail, LmtpConnection, LmtpDelivery, connection
from mailbot.settings.lmtp import Lmtp
from styles.service.config import ConfigError

log = logging.getLogger(__name__)

#: Seconds at a stop for mails that are being put into the ledger.
STOP_SECONDS = 5.0


@asynccontextmanager
async def listening(
    settings: Lmtp, own: Collection[str], most_bytes: int, accept: AcceptMail
) -> AsyncIterator[None]:
    """Take mails for the addresses `own` while entered. Raises `ConfigError` where it cannot listen."""
    delivery = LmtpDelivery(own, accept)

    def new_connection() -> LmtpConnection:
        return connection(delivery, most_bytes, loop=asyncio.get_running_loop())

    try:
        server = await _listen(settings, new_connection)
    except OSError as error:
        raise ConfigError(
            f"[mail.lmtp] cannot listen at {settings.listen}: {error.strerror or error}."
        ) from error
    log.info("taking mail at %s", settings.listen)
    try:
        yield
    finally:
        server.close()
        await delivery.stop(STOP_SECONDS)
        if settings.path:
            settings.path.unlink(missing_ok=True)


async def _listen(settings: Lmtp, new_connection: Callable[[], LmtpConnection]) -> asyncio.Server:
    """Listen at the configured place. Raises `ConfigError` and OSError."""
    loop = asyncio.get_running_loop()
    if settings.path is None:
        return await loop.create_server(new_connection, *settings.host_and_port)
    if await _is_left(settings.path):
        settings.path.unlink()
    server = await loop.create_unix_server(new_connection, settings.path)
    settings.path.chmod(0o666)  # the folder says who may connect
    return server


async def _is_left(path: Path) -> bool:
    """Tell whether a killed bot left its socket there. Raises `ConfigError` where the place is not free."""
    try:
        _, writer = await asyncio.open_unix_connection(path)
    except FileNotFoundError as error:
        if not await asyncio.to_thread(path.parent.is_dir):
            raise ConfigError(f"[mail.lmtp] listen: make the folder {path.parent} first.") from error
        return False
    except ConnectionRefusedError as error:
        if not await asyncio.to_thread(path.is_socket):
            raise ConfigError(f"[mail.lmtp] listen: {path} is a file, and no socket.") from error
        return True
    writer.close()
    raise ConfigError(f"[mail.lmtp] listen: another program takes mail at {path}.")
