"""Check for `mailbot doctor` where mail is handed over: the extra, the place, and who may hand over."""

from __future__ import annotations

import asyncio
from functools import partial

from mailbot.config import Mail
from mailbot.doctor.check_runner import CheckFailed, CheckResult, CheckRunner, CheckWarning
from mailbot.doctor.mail_servers import TIMEOUT
from mailbot.settings.lmtp import Lmtp
from styles.errors import MissingExtra
from styles.service.optional_libraries import require


async def examine(mail: Mail) -> list[CheckResult]:
    """Run the checks and return their results."""
    area = CheckRunner("handed over")
    await area.check("library", _library)
    await area.check("place", partial(_place, mail.lmtp))
    await area.check("who may", partial(_who_may, mail.lmtp), ["place"])
    return area.results


async def _library() -> str:
    try:
        require("lmtp", "[mail.lmtp]")
    except MissingExtra as error:
        raise CheckFailed(error.message.rstrip("."), error.detail) from error
    return "aiosmtpd is installed"


async def _place(settings: Lmtp) -> str:
    """Check that the bot, if it is at work, takes mail at the configured place."""
    try:
        async with asyncio.timeout(TIMEOUT):
            reader, writer = await _open(settings)
            greeting = await reader.readline()
            writer.close()
    except (FileNotFoundError, ConnectionRefusedError) as error:
        if settings.path and not settings.path.parent.is_dir():
            remedy = "make it, so that the bot can write there and the mail server enter"
            raise CheckFailed(f"there is no folder {settings.path.parent}", remedy) from error
        return f"nobody listens at {settings.listen}: no bot is at work"
    except OSError as error:
        raise CheckFailed(f"{settings.listen} does not answer: {error}", "see the bot's log") from error
    if not greeting.startswith(b"220 "):
        remedy = "end it, or name another place in [mail.lmtp] listen"
        raise CheckFailed(f"another program listens at {settings.listen}", remedy)
    return f"the bot takes mail at {settings.listen}"


async def _open(settings: Lmtp) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if settings.path:
        return await asyncio.open_unix_connection(settings.path)
    return await asyncio.open_connection(*settings.host_and_port)


async def _who_may(settings: Lmtp) -> str | CheckWarning:
    """Tell who may hand over mail, since LMTP has no login."""
    words = "every user of this machine may hand over mail, in anybody's name"
    if settings.path is None:
        return CheckWarning(
            words, 'where you do not trust them all, listen at "unix:PATH" in a folder of yours'
        )
    folder = settings.path.parent
    if folder.stat().st_mode & 0o001:
        return CheckWarning(words, f"chmod o-x {folder}")
    return f"those who may enter {folder}"
